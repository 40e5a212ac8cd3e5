// How long states and a close last: `lastack bounds`.
#include <fmt/format.h>

#include <cstdio>

#include "checker/zones/stay_bounds.h"
#include "cli/checking.h"
#include "cli/duration.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "report/bounds_text.h"

namespace lastack {

namespace {

std::int64_t microseconds(const std::string& word) {
    if (word == "0") return 0;
    return std::chrono::microseconds(*duration_in(word)).count();  // the option's check has read it
}

// The system in time, with so many losses.
SystemDecl timed(const SystemDecl& declared, const BoundsArguments& arguments) {
    SystemDecl decl = declared;
    decl.network.duplicates = false;
    decl.network.loses = arguments.losses > 0;
    decl.network.loss_budget = arguments.losses;
    if (!arguments.delay.empty() || !decl.network.timed()) {
        decl.network.delay_from_us = 0;
        decl.network.delay_to_us = microseconds(arguments.delay.empty() ? "100ms" : arguments.delay);
    }
    return decl;
}

void tell_close(const Spec& spec, const SystemDecl& decl, const StayOptions& options, StayReport& report, bool runs) {
    const StayBounds close = close_bounds(spec, decl, options, report);
    fmt::print("\nA close, both ends: from the last call of either application until both are over\n"
               "  {}\n  (at most {} segments lost, none doubled; each takes {} to {})\n",
               bounds_text(close, options.horizon_us), std::max(decl.network.loss_budget, 0),
               seconds_text(decl.network.delay_from_us), seconds_text(decl.network.delay_to_us));
    if (runs && !close.worst.empty()) fmt::print("\nThe longest close\n{}", timed_steps_text(close.worst));
}

}  // namespace

int bounds_verb(const BoundsArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    if (spec.systems.empty()) throw UsageError("the spec has no system");
    const SystemDecl& declared =
        arguments.system.empty() ? spec.systems.front() : system_named(spec, arguments.spec, arguments.system);
    const SystemDecl decl = timed(declared, arguments);
    StayOptions options;
    options.state = arguments.state;
    options.horizon_us = microseconds(arguments.horizon);
    options.bounds.stop = interrupted;
    options.bounds.most_zones = arguments.most_zones;
    const Profile& profile = profile_at(spec, decl, 0);
    if (!arguments.state.empty() && profile.state(arguments.state) < 0)
        throw UsageError(fmt::format("profile {} has no state '{}'; {}", profile.name, arguments.state,
                                     did_you_mean(arguments.state, names_in(profile.states))));
    ProgressLine progress;
    progress.activity("times of " + decl.name);
    StayReport report = stay_bounds(spec, declared, options);
    progress.clear();
    fmt::print("End A of system {}, profile {}: how long it stays in a state while its peer is\n"
               "silent and its application calls nothing more, whatever happened before\n{}",
               decl.name, profile.name, stays_text(report.stays, options.horizon_us));
    if (arguments.state.empty()) {
        progress.activity("closes of " + decl.name);
        tell_close(spec, decl, options, report, arguments.runs);
    }
    for (const StayBounds& stay : report.stays) {
        if ((arguments.runs || !arguments.state.empty()) && !stay.worst.empty()) fmt::print("\n{}", worst_text(stay));
    }
    if (report.complete) return exit_ok;
    std::fputs("lastack: not all of it was explored: a limit was hit or it was interrupted\n", stderr);
    return exit_limit;
}

}  // namespace lastack
