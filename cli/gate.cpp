// The main job: check the spec, make the suite, drive a target with it, report.
#include <fmt/format.h>

#include <cstdio>
#include <optional>

#include "cli/checking.h"
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
    std::string why;
    const auto target = choose_target(arguments.drive, &spec, why);  // first: a missing target should not cost a check
    const bool text = !arguments.check.json;
    if (text && !why.empty()) say(target_text(*target, why));  // a fallback is the first thing that is said
    const CheckReport report = run_check(spec, arguments.check);
    const SuiteOptions options = suite_options(arguments.suite);
    Suite suite = make_suite(spec, report, options);
    std::optional<GoalReport> goals;
    if (arguments.suite.cover) {
        goals = run_cover(spec, arguments.check);
        add_goals(spec, *goals, options, suite);
    }
    if (!arguments.directory.empty()) write_suite(suite, arguments.directory);
    std::vector<TestRun> runs;
    try {
        runs = drive_suite(*target, suite.vectors, arguments.drive.longest);
    } catch (const TargetLost&) {
        if (text) say(check_text(spec, report));  // what is known goes before what went wrong
        throw;
    }
    const RunTally tally = tally_of(suite.vectors, runs);
    const std::string driven = target_text(*target, why);
    if (text) {
        const std::string counted = tally_text(tally) + goal_tally_text(goal_tally(suite.vectors, runs));
        say(gate_text({spec, report, suite.vectors, runs, driven, counted}));
        if (arguments.verbose)
            say(long_text(spec, report, suite, goals ? &*goals : nullptr) + driven + outcome_text(suite.vectors, runs));
        if (arguments.check.traces) say(traces_text(spec, report, true));
    } else {
        JsonTree tree = check_json(spec, report);
        tree.set("conformance", runs_json(*target, suite.vectors, runs, why));
        std::fputs(tree.text().c_str(), stdout);
    }
    const std::string explained =
        explain_refuted(arguments.explain, &spec, arguments.check.settings, "", suite.vectors, runs);
    if (text) say(explained);
    std::vector<ReportItem> items = items_of(spec, report);
    for (ReportItem& one : items_of(&spec, target->name(), suite.vectors, runs)) items.push_back(std::move(one));
    write_reports(arguments.check.reports, report.subject, target->description(), items,
                  {&spec, &report, &suite.vectors, &runs});
    if (interrupted()) return exit_limit;
    const int code = exit_code_of(report);
    return code_of_required(arguments.drive.require, tally, code != exit_ok ? code : exit_code_of(tally));
}

}  // namespace lastack
