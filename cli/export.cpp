// Writes a system of a spec in the language of another model checker, or its graph of states.
#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "generators/aldebaran.h"
#include "generators/murphi.h"
#include "generators/pins.h"
#include "generators/promela.h"
#include "generators/tchecker.h"
#include "generators/tla.h"

namespace lastack {

namespace {

int export_graph(const Spec& spec, const SystemDecl& system, const ExportArguments& arguments) {
    ProgressLine progress;
    progress.activity("system " + system.name);
    Bounds bounds;
    bounds.stop = interrupted;
    bounds.progress = [&](const Progress& so_far) { progress.states(so_far); };
    const bool dot = arguments.language == "dot";
    SystemGraph graph(spec, system, dot ? dot_limits : aldebaran_limits, bounds);
    progress.clear();
    if (!graph.coverage().complete) {
        std::fputs(fmt::format("lastack: interrupted after {} states: no graph was written\n", graph.coverage().states)
                       .c_str(),
                   stderr);
        return exit_limit;
    }
    Output output(arguments.file);
    const auto sink = [&](const std::string& text) {
        if (interrupted()) throw Interrupted("the graph was not written to its end");
        output.add(text);
    };
    dot ? graph.write_dot(sink) : graph.write_aldebaran(sink);
    output.finish();
    return exit_ok;
}

// Files whose names their readers choose: TLC looks for a module, and its configuration, under the module's name.
int export_files(const Spec& spec, const SystemDecl& system, const ExportArguments& arguments) {
    if (Output::is_standard(arguments.file))
        throw UsageError(fmt::format("--as {} writes into a directory: name it with -o", arguments.language));
    std::map<std::string, std::string> files;
    if (arguments.language == "pins") {
        files[system.name + ".cpp"] = to_pins(spec, system);
    } else {
        const TlaModule module = to_tla(spec, system);
        files[module.name + ".tla"] = module.text;
        files[module.name + ".cfg"] = module.config;
    }
    std::filesystem::create_directories(arguments.file);
    for (const auto& [name, text] : files) write_file((std::filesystem::path(arguments.file) / name).string(), text);
    return exit_ok;
}

}  // namespace

int export_verb(const ExportArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    const SystemDecl& system = system_named(spec, arguments.spec, arguments.system);
    if (arguments.language == "aut" || arguments.language == "dot") return export_graph(spec, system, arguments);
    if (arguments.language == "pins" || arguments.language == "tla") return export_files(spec, system, arguments);
    if (arguments.language == "tchecker") {
        write_file(arguments.file, to_tchecker(spec, system, 200'000, interrupted));
        return exit_ok;
    }
    write_file(arguments.file, arguments.language == "promela" ? to_promela(spec, system) : to_murphi(spec, system));
    return exit_ok;
}

}  // namespace lastack
