#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/checking.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "generators/vector_json.h"
#include "report/json.h"
#include "report/run_text.h"

namespace lastack {

namespace {

std::vector<std::string> vector_files(const std::vector<std::string>& named) {
    std::vector<std::string> files;
    for (const std::string& name : named) {
        if (!std::filesystem::is_directory(name)) {
            files.push_back(name);
            continue;
        }
        std::vector<std::string> inside;
        for (const auto& entry : std::filesystem::directory_iterator(name)) {
            const auto ending = entry.path().extension();
            if (ending == ".json" || ending == ".jsonl") inside.push_back(entry.path().string());
        }
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

}  // namespace

int run_verb(const RunArguments& arguments) {
    if (!arguments.walks.suites.empty()) return run_stream(arguments);
    if (arguments.vectors.empty()) throw UsageError("vectors is required: files or directories of them, or --suite");
    std::vector<TestVector> vectors;
    for (const std::string& file : vector_files(arguments.vectors)) {
        std::vector<TestVector> inside = read_vectors(file);
        std::move(inside.begin(), inside.end(), std::back_inserter(vectors));
    }
    if (vectors.empty())
        throw VectorFormatError(fmt::format("{}: no .json or .jsonl file there", fmt::join(arguments.vectors, ", ")));
    if (arguments.drive.target == "sim" && arguments.spec.empty())
        throw UsageError("--target sim plays a profile: name its spec with --spec");
    std::optional<Spec> spec;
    if (!arguments.spec.empty()) spec = read_and_analyse(arguments);
    if (spec) require_tcp(*spec);
    std::string why;
    const auto target = choose_target(arguments.drive, spec ? &*spec : nullptr, why);
    if (!arguments.json) std::fputs(target_text(*target, why).c_str(), stdout);
    std::fflush(stdout);
    const std::vector<TestRun> runs = drive_suite(*target, vectors, arguments.drive.longest);
    const std::string told = arguments.json ? runs_json(*target, vectors, runs).text() : outcome_text(vectors, runs);
    std::fputs(told.c_str(), stdout);
    return exit_code_of(vectors, runs);
}

}  // namespace lastack
