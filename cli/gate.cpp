// The main job: check the spec, make the suite, drive a target with it, report.
#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "cli/checking.h"
#include "cli/gate_line.h"
#include "cli/known_deviations.h"
#include "cli/provenance.h"
#include "cli/refuted.h"
#include "cli/reports.h"
#include "cli/requirement.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "report/check_text.h"
#include "report/gate_text.h"
#include "report/goal_tally.h"
#include "report/json.h"

namespace lastack {

namespace {

// What is driven; or nothing, and why: the check is made all the same.
struct Driven {
    std::unique_ptr<Target> target;
    std::string fallback, missing;
    int missing_code = exit_skipped;

    std::string name(const DriveArguments& drive) const { return target ? target->name() : drive.target; }
    std::string description() const { return target ? target->description() : "none: " + missing; }
    std::string text() const {
        return target ? target_text(*target, fallback) : wrapped("Target: " + description(), 0, 2) + "\n";
    }
};

Driven driven_by(const DriveArguments& drive, const Spec& spec) {
    Driven driven;
    try {
        driven.target = choose_target(drive, &spec, driven.fallback);
    } catch (const TargetUnavailable& error) {
        driven.missing = error.what();
    } catch (const TargetLost& error) {
        driven.missing = error.what();
        driven.missing_code = exit_limit;
    }
    return driven;
}

std::vector<TestRun> skipped(const std::vector<TestVector>& vectors, const std::string& reason) {
    std::vector<TestRun> runs;
    for (const TestVector& vector : vectors) {
        TestRun run;
        run.vector_id = vector.id;
        run.verdict = Verdict::skipped;
        run.reason = reason;
        runs.push_back(std::move(run));
    }
    return runs;
}

JsonTree conformance_json(const Driven& driven, const DriveArguments& drive, const std::vector<TestVector>& vectors,
                          const std::vector<TestRun>& runs, const Explanations& explained) {
    if (driven.target) return runs_json(*driven.target, vectors, runs, driven.fallback, explained);
    JsonTree tree = JsonTree::object();
    tree.set("target", drive.target).set("not_driven", driven.missing);
    return std::move(tree.set("runs", JsonTree::array()));
}

std::string gate_json(const Spec& spec, const CheckReport& report, JsonTree conformance,
                      std::optional<JsonTree> baseline) {
    JsonTree tree = check_json(spec, report);
    tree.set("conformance", std::move(conformance));
    if (baseline) tree.set("baseline", std::move(*baseline));
    set_provenance(tree, &spec);
    return tree.text();
}

// What --fail-fast asks for is known before anything is driven. Empty: drive.
std::string why_not_drive(const GateArguments& arguments, const Driven& driven, const Spec& spec,
                          const CheckReport& report, const std::optional<Baseline>& baseline) {
    if (!driven.target) return driven.missing;
    if (interrupted()) return why_interrupted();
    if (!arguments.check.fail_fast) return "";
    std::vector<ReportItem> items = items_of(spec, report);
    const BaselineComparison known = compare(baseline.value_or(Baseline{}), items, true);
    const int code = exit_code_beside(known, report, "", {}, {});
    return code == exit_ok ? "" : "--fail-fast: an answer of the check is not as expected";
}

// All that there is beside the first screen.
std::string long_text(const Spec& spec, const CheckReport& report, const Suite& suite, const GoalReport* goals) {
    std::string text = "\n" + check_text(spec, report) + traces_text(spec, report, false);
    if (goals != nullptr) text += "\n" + goals_text(*goals);
    return text + "\n" + suite_text(suite) + "\n";
}

}  // namespace

int gate_verb(const GateArguments& arguments) {
    const Spec spec = read(arguments.check);
    require_tcp(spec);
    const std::optional<Baseline> baseline = given_baseline(arguments.baseline, spec.subject);
    const Driven driven = driven_by(arguments.drive, spec);  // first: what is missing is the first thing that is said
    const bool text = !arguments.check.json && !arguments.quiet;
    std::string told;  // for a report of the text, also where something else is printed
    const auto tell = [&](const std::string& words) {
        told += words;
        if (text) say(words);
    };
    const std::string first = !driven.fallback.empty() || !driven.target ? driven.text() : "";
    tell(first);
    CheckArguments asked = arguments.check;
    if (baseline || !arguments.baseline.written.empty()) asked.fail_fast = false;  // what is known must not end it
    const CheckReport report = run_check(spec, asked);
    const SuiteOptions wanted = suite_options(arguments.suite);
    Suite suite = make_suite(spec, report, wanted);
    std::optional<GoalReport> goals;
    if (arguments.suite.cover) {
        goals = run_cover(spec, arguments.check);
        add_goals(spec, *goals, wanted, suite);
    }
    if (!arguments.only.empty()) keep_only(arguments.only, suite.vectors);
    if (!arguments.directory.empty()) write_suite(suite, arguments.directory);
    const std::string not_driven = why_not_drive(arguments, driven, spec, report, baseline);
    const std::vector<TestRun> runs = not_driven.empty() ? drive_suite(*driven.target, suite.vectors, arguments.drive)
                                                         : skipped(suite.vectors, not_driven);
    const RunTally tally = tally_of(suite.vectors, runs);
    tell(gate_text({spec, report, suite.vectors, runs, first.empty() ? driven.text() : "",
                    tally_text(tally) + goal_tally_text(goal_tally(suite.vectors, runs))}));
    if (!not_driven.empty())
        tell("  " + wrapped(fmt::format("{} vectors were not driven: {}", runs.size(), not_driven), 2, 4) + "\n");
    if (arguments.verbose)
        tell(long_text(spec, report, suite, goals ? &*goals : nullptr) + driven.text() +
             outcome_text(suite.vectors, runs));
    if (arguments.check.traces) tell(traces_text(spec, report, true));
    const Explanations explained =
        explain_refuted(arguments.explain, &spec, arguments.check.settings, suite.vectors, runs);
    tell(explanations_text(suite.vectors, explained));
    std::vector<ReportItem> items = items_of(spec, report);
    for (ReportItem& one : items_of(&spec, driven.name(arguments.drive), suite.vectors, runs))
        items.push_back(std::move(one));
    const Baseline now = baseline_of(report.subject, items);
    const bool part = interrupted() || !arguments.check.claims.empty() || !arguments.check.systems.empty() ||
                      !report.undecided.empty() || !arguments.suite.iut.empty();
    const BaselineComparison compared = compare(baseline.value_or(Baseline{}), items, part);
    if (baseline) tell(comparison_text(compared, arguments.baseline.known));
    tell(write_baseline(arguments.baseline, now));
    const auto json = [&] {
        return gate_json(spec, report, conformance_json(driven, arguments.drive, suite.vectors, runs, explained),
                         baseline ? std::optional(baseline_json(compared, arguments.baseline.known)) : std::nullopt);
    };
    if (arguments.check.json) std::fputs(json().c_str(), stdout);
    write_reports(arguments.check.reports, report.subject, driven.description(), items,
                  {&spec, &report, &suite.vectors, &runs, driven.name(arguments.drive)}, {[&] { return told; }, json});

    const bool recorded = !arguments.baseline.written.empty();  // then all of it is known from now on
    int code = exit_code_beside(recorded ? BaselineComparison{now.deviations, {}, {}, {}} : compared, report,
                                driven.name(arguments.drive), suite.vectors, runs);
    code = code_of_required(arguments.drive.require, tally, code);
    if (!driven.target && (code == exit_ok || code == exit_skipped)) code = driven.missing_code;
    if (arguments.quiet)
        std::fputs(gate_line(report.subject, driven.name(arguments.drive), items, code).c_str(), stdout);
    if (!driven.target)
        complain(fmt::format("lastack: {}: {}",
                             driven.missing_code == exit_skipped ? "skipped" : "the target cannot be driven",
                             driven.missing));
    return code;
}

}  // namespace lastack
