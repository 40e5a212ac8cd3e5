#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <functional>

#include "cli/checking.h"
#include "cli/provenance.h"
#include "cli/refuted.h"
#include "cli/reports.h"
#include "cli/requirement.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "generators/numbers.h"
#include "generators/vector_json.h"
#include "report/check_text.h"
#include "report/json.h"
#include "report/run_differences.h"
#include "report/run_text.h"

namespace lastack {

namespace {

using Tell = std::function<void(const std::string&)>;

// A target may stand beside itself: "sim (2)".
std::string unlike(const std::string& word, const std::vector<TargetRuns>& targets) {
    std::string name = word;
    const auto same = [&](const TargetRuns& one) { return one.target == name; };
    for (int again = 2; std::any_of(targets.begin(), targets.end(), same); ++again)
        name = fmt::format("{} ({})", word, again);
    return name;
}

// The same vectors on other targets, up to an interrupt. What each of them is comes first, then what differs.
std::vector<TargetRuns> compare_beside(const RunArguments& arguments, const Spec* spec,
                                       const std::vector<TestVector>& vectors, const TargetRuns& first,
                                       const Tell& tell) {
    if (arguments.beside.empty()) return {};
    std::vector<TargetRuns> targets{first};
    tell("\n");
    for (const std::string& word : arguments.beside) {
        DriveArguments drive = arguments.drive;
        drive.target = word;
        drive.require.clear();
        std::string why;
        const auto target = choose_target(drive, spec, why);
        const std::string name = unlike(word, targets);
        tell(wrapped(fmt::format("Beside it {}: {}", name, target->description()), 0, 2) + "\n");
        targets.push_back({name, drive_suite(*target, vectors, drive)});
        if (interrupted()) break;
    }
    if (!interrupted()) tell(differences_text(vectors, targets));
    targets.erase(targets.begin());
    return targets;
}

// Every N-th one, so that what is alike and takes long is in all shares.
void keep_shard(const Shard& shard, std::vector<TestVector>& vectors) {
    if (shard.of == 1) return;
    std::vector<TestVector> kept;
    for (std::size_t i = shard.number - 1; i < vectors.size(); i += shard.of) kept.push_back(std::move(vectors[i]));
    if (kept.empty())
        throw UsageError(
            fmt::format("--shard: {} vectors have no share {} of {}", vectors.size(), shard.number, shard.of));
    vectors = std::move(kept);
}

}  // namespace

int run_verb(const RunArguments& arguments) {
    if (!arguments.walks.suites.empty() && arguments.shard.of > 1)
        throw UsageError("--shard is of files of vectors, not of a stream");
    if (!arguments.walks.suites.empty()) return run_stream(arguments);
    if (arguments.vectors.empty()) throw UsageError("vectors is required: files or directories of them, or --suite");
    std::vector<TestVector> vectors;
    for (const std::string& file : files_of(arguments.vectors, {".json", ".jsonl"})) {
        std::vector<TestVector> inside = read_vectors(file);
        std::move(inside.begin(), inside.end(), std::back_inserter(vectors));
    }
    if (vectors.empty())
        throw VectorFormatError(fmt::format("{}: no .json or .jsonl file there", fmt::join(arguments.vectors, ", ")));
    keep_only(arguments.walks.only, vectors);
    keep_shard(arguments.shard, vectors);
    if (arguments.walks.numbers) {
        Numbers numbers(*arguments.walks.numbers);
        for (TestVector& vector : vectors) numbers.put(vector);
    }
    if (!arguments.beside.empty() && arguments.json) throw UsageError("--beside is told to people: no --json");
    if (arguments.drive.target == "sim" && arguments.spec.empty())
        throw UsageError("--target sim plays a profile: name its spec with --spec");
    if (arguments.explain.faults && arguments.spec.empty())
        throw UsageError("--faults are mistakes in a profile: name its spec with --spec");
    std::optional<Spec> spec;
    if (!arguments.spec.empty()) spec = read_and_analyse(arguments);
    if (spec) require_tcp(*spec);
    std::string why;
    const auto target = choose_target(arguments.drive, spec ? &*spec : nullptr, why);
    std::string told;  // for a report of the text, also beside --json
    const Tell tell = [&](const std::string& words) {
        told += words;
        if (!arguments.json) say(words);
    };
    tell(target_text(*target, why));
    const std::vector<TestRun> runs = drive_suite(*target, vectors, arguments.drive);
    const Explanations explained =
        explain_refuted(arguments.explain, spec ? &*spec : nullptr, arguments.settings, vectors, runs);
    const auto json = [&] {
        JsonTree tree = runs_json(*target, vectors, runs, why, explained);
        set_provenance(tree, spec ? &*spec : nullptr);
        return tree.text();
    };
    tell(outcome_text(vectors, runs));
    tell(explanations_text(vectors, explained));
    if (arguments.json) std::fputs(json().c_str(), stdout);
    const std::string name = arguments.drive.target == "auto" ? target->name() : arguments.drive.target;
    const std::vector<TargetRuns> beside =
        compare_beside(arguments, spec ? &*spec : nullptr, vectors, {name, runs}, tell);
    write_reports(arguments.reports, vectors.front().profile, target->description(),
                  items_of(spec ? &*spec : nullptr, target->name(), vectors, runs),
                  {spec ? &*spec : nullptr, nullptr, &vectors, &runs, name, &beside}, {[&] { return told; }, json});
    const RunTally tally = tally_of(vectors, runs);
    return code_of_required(arguments.drive.require, tally, exit_code_of(tally));
}

}  // namespace lastack
