#include "report/bounds_text.h"

#include <fmt/format.h>

#include "report/check_text.h"

namespace lastack {

namespace {

std::string application(const StayBounds& bounds) { return !bounds.closed ? "" : *bounds.closed ? "gone" : "there"; }

std::string shortest(const StayBounds& bounds) { return bounds.ends ? seconds_text(bounds.shortest_us) : "-"; }

std::string longest(const StayBounds& bounds, std::int64_t horizon_us) {
    if (bounds.longest_us) return seconds_text(*bounds.longest_us);
    return bounds.for_ever ? "for ever" : "more than " + seconds_text(horizon_us);
}

std::string span(const StepTime& time) {
    if (time.earliest_us == no_bound_us) return "before";
    if (time.latest_us == no_bound_us) return "from " + seconds_text(time.earliest_us);
    if (time.earliest_us == time.latest_us) return seconds_text(time.earliest_us);
    return seconds_text(time.earliest_us) + " to " + seconds_text(time.latest_us);
}

}  // namespace

std::string seconds_text(std::int64_t us) {
    std::string text = fmt::format("{}{}.{:06}", us < 0 ? "-" : "", std::abs(us) / 1'000'000, std::abs(us) % 1'000'000);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.ends_with('.')) text.pop_back();
    return text + " s";
}

std::string stays_text(const std::vector<StayBounds>& stays, std::int64_t horizon_us) {
    std::string out = fmt::format("  {:<14} {:<12} {:>16} {:>16}\n", "state", "application", "at least", "at most");
    for (const StayBounds& each : stays)
        out += fmt::format("  {:<14} {:<12} {:>16} {:>16}\n", each.state, application(each), shortest(each),
                           longest(each, horizon_us));
    return out;
}

std::string bounds_text(const StayBounds& bounds, std::int64_t horizon_us) {
    return "at least " + shortest(bounds) + ", at most " + longest(bounds, horizon_us);
}

std::string timed_steps_text(const std::vector<StayStep>& steps) {
    std::string out;
    for (const StayStep& step : steps) {
        const std::string line = fmt::format("  {:<24} ", step.before ? "before" : span(step.time));
        out += line + wrapped(step.text + "  [" + step.state + "]", line.size(), 29) + "\n";
    }
    return out;
}

namespace {

std::vector<StayStep> steps_of(const Trace& trace, const Profile& profile) {
    std::vector<StayStep> steps;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        std::string states;
        for (const int end : {0, 1}) {
            const int state = trace.steps[i].after.end[end].state;
            states += (end == 0 ? "" : " / ") + state_label(profile.states[static_cast<std::size_t>(state)].name);
        }
        steps.push_back({to_string(trace.steps[i], profile.vocabulary), states, trace.times[i], false});
    }
    return steps;
}

JsonTree steps_json(const std::vector<StayStep>& steps) {
    JsonTree list = JsonTree::array();
    for (const StayStep& step : steps) {
        JsonTree one = JsonTree::object();
        one.set("step", step.text).set("state", step.state);
        if (!step.before && step.time.earliest_us != no_bound_us) one.set("earliest_us", step.time.earliest_us);
        if (!step.before && step.time.latest_us != no_bound_us) one.set("latest_us", step.time.latest_us);
        list.add(std::move(one));
    }
    return list;
}

}  // namespace

std::string timed_trace_text(const Trace& trace, const Profile& profile) {
    return timed_steps_text(steps_of(trace, profile));
}

std::string worst_text(const StayBounds& bounds) {
    const std::string who = application(bounds);
    std::string out = "The longest stay in " + bounds.state + (who.empty() ? "" : ", application " + who) + "\n";
    return out + timed_steps_text(bounds.worst);
}

JsonTree stay_json(const StayBounds& bounds, bool runs) {
    JsonTree one = JsonTree::object();
    if (!bounds.state.empty()) one.set("state", bounds.state);
    if (bounds.closed) one.set("application", application(bounds));
    one.set("ends", bounds.ends);
    if (bounds.ends) one.set("shortest_us", bounds.shortest_us);
    if (bounds.longest_us) one.set("longest_us", *bounds.longest_us);
    one.set("for_ever", bounds.for_ever);
    if (runs) one.set("longest_run", steps_json(bounds.worst));
    return one;
}

JsonTree condition_json(const WeakestCondition& condition, const Profile& profile, bool runs) {
    JsonTree tree = JsonTree::object(), parameters = JsonTree::array();
    for (const Parameter& each : condition.parameters) {
        JsonTree one = JsonTree::object();
        one.set("name", each.name).set("least_us", each.least_us).set("most_us", each.most_us);
        parameters.add(std::move(one));
    }
    tree.set("holds_where", JsonTree::list(condition_lines(condition))).set("parameters", std::move(parameters));
    JsonTree tried = JsonTree::array();
    for (const std::vector<TriedPoint>* list : {&condition.inside, &condition.outside}) {
        for (const TriedPoint& point : *list) {
            JsonTree one = JsonTree::object(), us = JsonTree::object();
            for (std::size_t i = 0; i < point.us.size(); ++i) us.set(condition.parameters[i].name, point.us[i]);
            one.set("answer", point.violated ? "violated" : "holds").set("us", std::move(us));
            if (runs && point.trace) one.set("run", steps_json(steps_of(*point.trace, profile)));
            tried.add(std::move(one));
        }
    }
    tree.set("tried", std::move(tried)).set("complete", condition.complete);
    if (!condition.note.empty()) tree.set("note", condition.note);
    return tree;
}

}  // namespace lastack
