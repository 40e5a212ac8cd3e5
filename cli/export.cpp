// Writes a system of a spec in the language of another model checker, or its graph of states.
#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "cli/checking.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "generators/aldebaran.h"
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

// To standard output, or to a file that is there whole or not at all. A graph can be gigabytes: it is never in memory.
class Output {
public:
    explicit Output(const std::string& path) : path_(path), partial_(path + ".partial") {
        if (!path.empty()) file_.open(partial_, std::ios::binary);
    }
    Output(const Output&) = delete;
    Output& operator=(const Output&) = delete;
    ~Output() {
        if (path_.empty() || done_) return;
        std::error_code ignored;
        std::filesystem::remove(partial_, ignored);
    }

    void add(const std::string& text) {
        if (path_.empty())
            std::fwrite(text.data(), 1, text.size(), stdout);  // an error shows at the end, in `guarded`
        else if (!file_.write(text.data(), static_cast<std::streamsize>(text.size())))
            fail();
    }
    void finish() {
        if (path_.empty()) return;
        if (!file_.flush()) fail();
        file_.close();
        std::filesystem::rename(partial_, path_);
        done_ = true;
    }

private:
    [[noreturn]] void fail() const {
        throw std::filesystem::filesystem_error("cannot write", path_, std::error_code(errno, std::generic_category()));
    }

    std::string path_, partial_;
    std::ofstream file_;
    bool done_ = false;
};

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
    const auto sink = [&](const std::string& text) { output.add(text); };
    dot ? graph.write_dot(sink) : graph.write_aldebaran(sink);
    output.finish();
    return exit_ok;
}

}  // namespace

int export_verb(const ExportArguments& arguments) {
    const Spec spec = read_and_analyse(arguments.spec);
    const SystemDecl& system = system_of(spec, arguments);
    if (arguments.language == "aut" || arguments.language == "dot") return export_graph(spec, system, arguments);
    const std::string text = arguments.language == "promela" ? to_promela(spec, system) : to_murphi(spec, system);
    if (arguments.file.empty()) {
        std::fputs(text.c_str(), stdout);
    } else {
        write_file(arguments.file, text);
    }
    return exit_ok;
}

}  // namespace lastack
