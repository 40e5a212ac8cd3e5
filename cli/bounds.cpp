// How long states and a close last: `lastack bounds`.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "checker/zones/condition.h"
#include "checker/zones/stay_bounds.h"
#include "cli/checking.h"
#include "cli/duration.h"
#include "cli/provenance.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "report/bounds_text.h"
#include "report/check_text.h"

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

void tell_close(const SystemDecl& decl, const StayOptions& options, const StayBounds& close, bool runs) {
    fmt::print("\nA close, both ends: from the last call of either application until both are over\n"
               "  {}\n  (at most {} segments lost, none doubled; each takes {} to {})\n",
               bounds_text(close, options.horizon_us), std::max(decl.network.loss_budget, 0),
               seconds_text(decl.network.delay_from_us), seconds_text(decl.network.delay_to_us));
    if (runs && !close.worst.empty()) fmt::print("\nThe longest close\n{}", timed_steps_text(close.worst));
}

// "rto=200ms..2s".
Parameter parameter_in(const std::string& word) {
    const std::size_t sign = word.find('='), dots = word.find("..");
    if (sign != std::string::npos && dots != std::string::npos && sign < dots) {
        const auto time = [](const std::string& text) {
            return text == "0" || duration_in(text) ? std::optional(microseconds(text)) : std::nullopt;
        };
        const auto least = time(word.substr(sign + 1, dots - sign - 1)), most = time(word.substr(dots + 2));
        if (least && most && *least <= *most) return {word.substr(0, sign), *least, *most};
    }
    throw UsageError("a parameter is given as NAME=LOW..HIGH, such as rto=200ms..2s, not '" + word + "'");
}

std::string point_text(const WeakestCondition& condition, const TriedPoint& point) {
    std::string text;
    for (std::size_t i = 0; i < point.us.size(); ++i)
        text += (i == 0 ? "" : ", ") + condition.parameters[i].name + " = " + seconds_text(point.us[i]);
    return text;
}

void tell_condition(const Spec& spec, const SystemDecl& decl, const Claim& claim, const WeakestCondition& found,
                    bool runs) {
    fmt::print("{}: {}\nholds where\n", claim.id, claim.sentence);
    const std::vector<std::string> lines = condition_lines(found);
    for (std::size_t i = 0; i < lines.size(); ++i) fmt::print("  {}{}\n", i == 0 ? "" : "and ", lines[i]);
    if (lines.empty()) fmt::print("  all of these times are tried: {} points, none violated\n", found.inside.size());
    for (const Parameter& each : found.parameters)
        fmt::print("  ({} from {} to {})\n", each.name, seconds_text(each.least_us), seconds_text(each.most_us));
    fmt::print("tried where it says so: {} points, all hold; where it does not: {}, all violated\n",
               found.inside.size(), found.outside.size());
    for (const TriedPoint& point : found.inside) fmt::print("  holds     {}\n", point_text(found, point));
    for (const TriedPoint& point : found.outside) {
        fmt::print("  violated  {}\n", point_text(found, point));
        if (runs && point.trace) fmt::print("{}", timed_trace_text(*point.trace, profile_at(spec, decl, 0)));
    }
}

void print_document(JsonTree& tree, const Spec& spec) {
    set_provenance(tree, &spec);
    std::fputs(tree.text().c_str(), stdout);
}

int condition_of_claim(const Spec& spec, const BoundsArguments& arguments) {
    const auto claim = std::find_if(spec.claims.begin(), spec.claims.end(),
                                    [&](const Claim& each) { return each.id == arguments.condition; });
    if (claim == spec.claims.end()) throw UsageError("no claim '" + arguments.condition + "' in the spec");
    SystemDecl decl = *spec.system(claim->system);
    if (!decl.network.timed()) throw UsageError("system " + decl.name + " is not decided in time: it has no delay");
    for (const auto& [name, value] : limits_given(arguments.limits)) decl.limits[name] = value;
    ConditionOptions options;
    options.bounds = {arguments.most_zones, interrupted};
    for (const std::string& word : arguments.parameters) options.parameters.push_back(parameter_in(word));
    if (options.parameters.empty()) throw UsageError("--condition wants --parameter NAME=LOW..HIGH, once or more");
    ProgressLine progress;
    progress.activity("for which times " + claim->id + " holds");
    const WeakestCondition found = weakest_condition(spec, decl, *claim, options);
    progress.clear();
    if (arguments.json) {
        JsonTree tree = JsonTree::object();
        tree.set("claim", claim->id).set("system", decl.name);
        tree.set("condition", condition_json(found, profile_at(spec, decl, 0), arguments.runs));
        print_document(tree, spec);
    } else {
        tell_condition(spec, decl, *claim, found, arguments.runs);
    }
    if (found.complete) return exit_ok;
    complain("lastack: not complete: " + found.note);
    return exit_limit;
}

void tell_stays(const BoundsArguments& arguments, const SystemDecl& decl, const Profile& profile,
                const StayOptions& options, const StayReport& report, const std::optional<StayBounds>& close) {
    const std::string about =
        fmt::format("End A of system {}, profile {}: how long it stays in a state while its peer is silent and its "
                    "application calls nothing more, whatever happened before",
                    decl.name, profile.name);
    fmt::print("{}\n{}", wrapped(about, 0, 2), stays_text(report.stays, options.horizon_us));
    if (close) tell_close(decl, options, *close, arguments.runs);
    for (const StayBounds& stay : report.stays) {
        if ((arguments.runs || !arguments.state.empty()) && !stay.worst.empty()) fmt::print("\n{}", worst_text(stay));
    }
}

JsonTree stays_json(const BoundsArguments& arguments, const SystemDecl& decl, const Profile& profile,
                    const StayOptions& options, const StayReport& report, const std::optional<StayBounds>& close) {
    JsonTree tree = JsonTree::object(), stays = JsonTree::array();
    tree.set("system", decl.name).set("profile", profile.name).set("horizon_us", options.horizon_us);
    const bool runs = arguments.runs || !arguments.state.empty();
    for (const StayBounds& stay : report.stays) stays.add(stay_json(stay, runs));
    tree.set("stays", std::move(stays));
    if (close) {
        JsonTree one = stay_json(*close, arguments.runs);
        one.set("losses", std::max(decl.network.loss_budget, 0));
        one.set("least_delay_us", decl.network.delay_from_us).set("most_delay_us", decl.network.delay_to_us);
        tree.set("close", std::move(one));
    }
    tree.set("complete", report.complete);
    return tree;
}

}  // namespace

int bounds_verb(const BoundsArguments& arguments) {
    const Spec spec = read_and_analyse(arguments);
    if (!arguments.condition.empty()) return condition_of_claim(spec, arguments);
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
        throw UsageError(fmt::format("profile {} has no state '{}'", profile.name, arguments.state));
    ProgressLine progress;
    progress.activity("times of " + decl.name);
    StayReport report = stay_bounds(spec, declared, options);
    progress.clear();
    std::optional<StayBounds> close;
    if (arguments.state.empty()) {
        progress.activity("closes of " + decl.name);
        close = close_bounds(spec, decl, options, report);
        progress.clear();
    }
    if (arguments.json) {
        JsonTree tree = stays_json(arguments, decl, profile, options, report, close);
        print_document(tree, spec);
    } else {
        tell_stays(arguments, decl, profile, options, report, close);
    }
    if (report.complete) return exit_ok;
    complain("lastack: not all of it was explored: a limit was hit or it was interrupted");
    return exit_limit;
}

}  // namespace lastack
