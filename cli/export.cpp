// Writes a system of a spec in the language of another model checker.
#include <fmt/format.h>

#include <cstdio>

#include "cli/checking.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "generators/murphi.h"
#include "generators/promela.h"

namespace lastack {

namespace {

const SystemDecl& system_of(const Spec& spec, const ExportArguments& arguments) {
    if (const SystemDecl* system = spec.system(arguments.system)) return *system;
    std::vector<std::string> known;
    for (const SystemDecl& system : spec.systems) known.push_back(system.name);
    Where file;
    file.source = std::make_shared<const SourceText>(SourceText{arguments.spec, ""});
    throw SpecError(file, fmt::format("no system '{}'", arguments.system), did_you_mean(arguments.system, known));
}

}  // namespace

int export_verb(const ExportArguments& arguments) {
    const Spec spec = read_and_analyse(arguments.spec);
    const SystemDecl& system = system_of(spec, arguments);
    const std::string text = arguments.language == "promela" ? to_promela(spec, system) : to_murphi(spec, system);
    if (arguments.file.empty()) {
        std::fputs(text.c_str(), stdout);
    } else {
        write_file(arguments.file, text);
    }
    return exit_ok;
}

}  // namespace lastack
