// Testing at random, for as long as one likes. What is found is told and written at once: whatever ends the run, it is
// there.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <limits>

#include "cli/checking.h"
#include "cli/named_suites.h"
#include "cli/output.h"
#include "cli/requirement.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "generators/diff_vector.h"
#include "generators/suite_file.h"
#include "generators/vector_json.h"
#include "harness/walk_testing.h"
#include "report/check_text.h"
#include "report/run_text.h"

namespace lastack {

namespace {

constexpr double least_wait = 0.5, share_of_wait = 20;  // of a walk in real time: seconds; a part of the whole run
constexpr std::size_t walks_at_once = 500;

std::string one_line(const std::string& text, std::size_t indent, std::size_t further) {
    return std::string(indent, ' ') + wrapped(text, indent, further) + "\n";
}

WalkTestOptions test_options(const RandomWalkArguments& arguments, const Target& target) {
    WalkTestOptions options;
    options.walk.longest = arguments.longest_walk;
    options.walk.seed = arguments.drive.seed;
    options.walk.alike = arguments.alike;
    options.unit_bytes = arguments.walks.unit;
    options.seconds = arguments.seconds;
    options.batch = walks_at_once;
    options.most_findings = arguments.most_findings;
    if (arguments.most_walks > 0) options.most_walks = arguments.most_walks;
    options.drive.longest_us = std::numeric_limits<std::int64_t>::max() / 2;
    options.drive.company = arguments.drive.company;
    options.drive.stop = interrupted;
    if (!target.virtual_time()) {
        const double wait = std::max(arguments.seconds / share_of_wait, least_wait);
        options.drive.longest_us = static_cast<std::int64_t>(arguments.drive.longest * 1e6);
        options.walk.most_waiting_us = static_cast<std::int64_t>(std::min(wait, arguments.drive.longest) * 1e6);
        options.walk.longest_wait_us = options.walk.most_waiting_us;
    }
    if (!arguments.walks.waits) options.walk.longest_wait_us = options.walk.most_waiting_us = 0;
    return options;
}

// What drives the findings again.
std::string again_command(const RandomWalkArguments& arguments, const Target& target, const std::string& file) {
    const std::string adapter = fmt::format("'{}'", arguments.drive.target);
    std::string command = "lastack run " + file + " --target " + (target.name() == "exec" ? adapter : target.name());
    if (target.name() == "unix") command = "lastack run " + file + " --target " + adapter;
    if (target.name() != "sim") return command;
    command += " --spec " + arguments.spec;
    if (!arguments.profile.empty()) command += " --profile " + arguments.profile;
    for (const std::string& setting : arguments.settings) command += " --set " + setting;
    return command;
}

class Findings {
public:
    Findings(const RandomWalkArguments& arguments, const Target& target, const Profile& profile, ProgressLine& progress)
        : file_(arguments.file.empty() ? fmt::format("walk-{}.jsonl", arguments.drive.seed) : arguments.file),
          again_(again_command(arguments, target, file_)), progress_(progress),
          lines_(suite_head({"walk", "What a walk by lot has refuted, shrunk: no step, and no two, can be left out"},
                            profile)) {}

    void add(const WalkFinding& finding) {
        const FailingWalk& one = finding.shortest;
        progress_.clear();
        std::fputs(one_line(fmt::format("Walk {}, of {} steps, {}; the shortest that is left of it has {}:",
                                        finding.number, finding.first_steps,
                                        one.run.verdict == Verdict::fail ? "was refuted" : "could not be carried out",
                                        one.walk.steps.size()),
                            2, 4)
                       .c_str(),
                   stdout);
        std::fputs(runs_text({one.vector}, {one.run}).c_str(), stdout);
        lines_ += to_json_line(one.vector);
        write_file(file_, lines_);
        fmt::print("    saved in {}; again: {}\n", file_, again_);
        std::fflush(stdout);
    }

private:
    std::string file_, again_;
    ProgressLine& progress_;
    std::string lines_;
};

std::string report_text(const WalkReport& report) {
    const auto of = [&](Verdict verdict) { return report.count[static_cast<std::size_t>(verdict)]; };
    std::string text = one_line(
        fmt::format(
            "{} walks of {} steps in {:.1f} s: {} confirmed, {} refuted, {} inconclusive, {} skipped, {} errors",
            grouped(report.walks), grouped(report.steps), report.seconds, grouped(of(Verdict::pass)),
            grouped(of(Verdict::fail)), grouped(of(Verdict::inconclusive)), grouped(of(Verdict::skipped)),
            grouped(of(Verdict::error))),
        2, 4);
    text += one_line(fmt::format("of the {} reactions of the endpoint {} were walked; {} walks had no vector, for "
                                 "reasons of time",
                                 grouped(report.reactions), grouped(report.walked), grouped(report.not_made)),
                     2, 4);
    if (report.unsteady > 0)
        text += one_line(fmt::format("{} failed once and not when run again, the last one {}", grouped(report.unsteady),
                                     report.unsteady_reason),
                         2, 4);
    text += one_line(fmt::format("{} findings; {} more walks failed where one of them does", report.findings.size(),
                                 grouped(report.again)),
                     2, 4);
    return text;
}

int code_of(const WalkReport& report) {
    RunTally tally;
    for (std::size_t i = 0; i < tally.count.size(); ++i) tally.count[i] = report.count[i];
    // What failed once only is no finding, and a walk by lot often takes a course that the implementation does not.
    tally.count[static_cast<std::size_t>(Verdict::error)] = 0;
    if (tally.count[static_cast<std::size_t>(Verdict::pass)] > 0)
        tally.count[static_cast<std::size_t>(Verdict::inconclusive)] = 0;
    for (const WalkFinding& finding : report.findings)
        ++(finding.shortest.run.verdict == Verdict::fail ? tally.surprises
                                                         : tally.count[static_cast<std::size_t>(Verdict::error)]);
    return exit_code_of(tally);
}

}  // namespace

int random_walk_verb(const RandomWalkArguments& arguments) {
    const Spec spec = read_for_suites(arguments, {});
    const Profile& profile = *spec.profile(spec.subject);
    const WalkSuiteOptions suite = walk_options(profile, arguments.walks, {4, 6});
    std::string why;
    const auto target = choose_target(arguments.drive, &spec, why);
    std::fputs(target_text(*target, why).c_str(), stdout);
    std::fflush(stdout);
    TesterOptions tester;
    tester.calls = calls_of_a_tester(profile);
    tester.max_states = suite.max_states;
    tester.stop = interrupted;
    std::map<std::string, int> limits = suite.limits;
    for (const Limit& one : profile.limits)
        if (std::find(one.driven_in.begin(), one.driven_in.end(), walks_by_lot) != one.driven_in.end())
            limits.try_emplace(one.name, *one.driven);
    std::optional<TesterGraph> graph;
    try {
        graph.emplace(profile, limits_of(profile, limits), tester);
    } catch (const OutOfPatience&) {
        throw Interrupted("the endpoint was not explored yet");
    }
    std::fputs(one_line(fmt::format("Walks by lot, seed {}: the endpoint {} has {} states, of which a tester can tell "
                                    "{} apart, and a tester {} inputs.",
                                    arguments.drive.seed, profile.name, grouped(graph->size()),
                                    grouped(graph->blocks()), grouped(graph->alphabet().inputs.size())),
                        0, 2)
                   .c_str(),
               stdout);
    std::fflush(stdout);
    ProgressLine progress;
    Findings findings(arguments, *target, profile, progress);
    WalkTestOptions options = test_options(arguments, *target);
    options.found = [&](const WalkFinding& finding) { findings.add(finding); };
    options.progress = [&](const WalkReport& so_far) {
        progress.activity(fmt::format("{} walks in {:.0f} s, {} findings", grouped(so_far.walks), so_far.seconds,
                                      so_far.findings.size()));
    };
    const WalkReport report = test_by_walks(*target, *graph, options);
    progress.clear();
    std::fputs(report_text(report).c_str(), stdout);
    RunTally tally;
    std::copy(report.count.begin(), report.count.end(), tally.count.begin());
    return code_of_required(arguments.drive.require, tally, code_of(report));
}

}  // namespace lastack
