// The main job: check the spec, make the suite, drive a target with it, report.
#include <fmt/format.h>

#include <cstdio>

#include "cli/checking.h"
#include "cli/refuted.h"
#include "cli/reports.h"
#include "cli/requirement.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "report/check_text.h"
#include "report/json.h"
#include "report/run_text.h"

namespace lastack {

int gate_verb(const GateArguments& arguments) {
    const Spec spec = read(arguments.check);
    require_tcp(spec);
    std::string why;
    const auto target = choose_target(arguments.drive, &spec, why);  // first: a missing target should not cost a check
    const bool text = !arguments.check.json;
    if (text && !why.empty()) {  // a fallback is the first thing that is said
        std::fputs(target_text(*target, why).c_str(), stdout);
        std::fflush(stdout);
    }
    const CheckReport report = run_check(spec, arguments.check);
    if (text) {
        std::fputs(check_text(spec, report).c_str(), stdout);
        print_traces(spec, report, arguments.check.traces);
        std::fflush(stdout);
    }
    const SuiteOptions options = suite_options(arguments.suite);
    Suite suite = make_suite(spec, report, options);
    if (arguments.suite.cover) {
        const GoalReport goals = run_cover(spec, arguments.check);
        add_goals(spec, goals, options, suite);
        if (text) std::fputs(("\n" + goals_text(goals)).c_str(), stdout);
    }
    if (!arguments.only.empty()) keep_only(arguments.only, suite.vectors);
    if (!arguments.directory.empty()) write_suite(suite, arguments.directory);
    if (text) {
        std::fputs(("\n" + suite_text(suite) + "\n" + target_text(*target, why)).c_str(), stdout);
        std::fflush(stdout);
    }
    const std::vector<TestRun> runs = drive_suite(*target, suite.vectors, arguments.drive.longest);
    const Explanations explained =
        explain_refuted(arguments.explain, &spec, arguments.check.settings, suite.vectors, runs);
    if (text) {
        std::fputs((outcome_text(suite.vectors, runs) + explanations_text(suite.vectors, explained)).c_str(), stdout);
    } else {
        JsonTree tree = check_json(spec, report);
        tree.set("conformance", runs_json(*target, suite.vectors, runs, why, explained));
        std::fputs(tree.text().c_str(), stdout);
    }
    std::vector<ReportItem> items = items_of(spec, report);
    for (ReportItem& one : items_of(&spec, target->name(), suite.vectors, runs)) items.push_back(std::move(one));
    write_reports(arguments.check.reports, report.subject, target->description(), items);
    if (interrupted()) return exit_limit;
    const RunTally tally = tally_of(suite.vectors, runs);
    const int code = exit_code_of(report);
    return code_of_required(arguments.drive.require, tally, code != exit_ok ? code : exit_code_of(tally));
}

}  // namespace lastack
