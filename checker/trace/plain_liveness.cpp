// Literal readings of docs/liveness.md, one function a sentence. Conditions are evaluated by plain_claims.h, which
// tells those about states from those about steps. Cost: some plain evaluations a step of the trace.
#include "checker/trace/plain_liveness.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/trace/plain_claims.h"
#include "model/plain.h"

namespace lastack {

namespace {

// A run: the states at its positions 0, 1, ..., and the steps between them. A lasso's loop begins at position `loop`.
struct Run {
    const PlainSystem& system;
    const Trace& trace;
    int loop;  // -1: the run ends

    int last() const { return static_cast<int>(trace.steps.size()); }
    const Snapshot& state(int position) const {
        return position == 0 ? trace.initial : trace.steps[position - 1].after;
    }
    const TraceStep& step_to(int position) const { return trace.steps[position - 1]; }

    // At a position: in its state, or in the step that led to it. None led to the first.
    bool holds(const StateCondition& condition, int position) const { return condition.holds(system, state(position)); }
    bool holds(const StepCondition& condition, int position) const {
        return position > 0 && condition.holds(system, state(position - 1), step_to(position));
    }
    bool holds(const Condition& condition, int position) const {
        return std::visit([&](const auto& one) { return holds(one, position); }, condition);
    }
    template <class Test>
    bool each_loop_state(Test&& test) const {
        for (int i = loop; i < last(); ++i) {
            if (!test(state(i))) return false;
        }
        return true;
    }
    template <class Test>
    bool some_loop_step(Test&& test) const {  // test(state before, step)
        for (int i = loop + 1; i <= last(); ++i) {
            if (test(state(i - 1), step_to(i))) return true;
        }
        return false;
    }
};

// A call or expiry that the rules allow, or a segment in flight, would go on; also where the network has no room for
// it.
std::string not_ended(const Run& run) {
    const Snapshot& state = run.state(run.last());
    for (int end = 0; end < 2; ++end) {
        const Profile& profile = run.system.profile(end);
        const auto goes_on = [&](Trigger trigger, const std::string& name) {
            return !plain_react(profile, run.system.limits(end), state.end[end], Input{trigger, name, {}}).empty();
        };
        if (!state.flight[end].empty()) return "the run does not end: a segment is in flight";
        for (const std::string& call : run.system.decl().calls[end]) {
            if (goes_on(Trigger::call, call)) return "the run does not end: the call " + call + " is possible";
        }
        for (const TimerDecl& timer : profile.timers) {
            if (goes_on(Trigger::timer, timer.name)) return "the run does not end: " + timer.name + " may expire";
        }
    }
    return "";
}

std::string not_closed(const Run& run) {
    if (run.loop > run.last() - 1) return "the loop has no step";
    return run.state(run.loop) == run.state(run.last()) ? "" : "the loop does not lead back to where it began";
}

// ---------------------------------------------------------------- fairness

std::string unfair(const Fairness& fairness, int end, const std::string& what) {
    return fmt::format("unfair: {} at {} ({} fairness)", what, end == 0 ? 'A' : 'B',
                       fairness.strong ? "strong" : "weak");
}

bool starts(const Run& run, int end, int timer, const Snapshot& before, const TraceStep& step) {
    using Kind = TraceStep::Kind;
    if (step.end != end || step.kind == Kind::lose || step.kind == Kind::duplicate) return false;
    const Trigger trigger = step.kind == Kind::call    ? Trigger::call
                            : step.kind == Kind::timer ? Trigger::timer
                                                       : Trigger::segment;
    for (const Reaction& reaction : plain_react(run.system.profile(end), run.system.limits(end), before.end[end],
                                                Input{trigger, step.name, step.segment})) {
        const bool same = reaction.after == step.after.end[end] && reaction.sent == step.sent &&
                          reaction.rules == step.rules && reaction.signals == step.signals &&
                          reaction.result == step.result;
        if (same && std::count(reaction.started.begin(), reaction.started.end(), timer) > 0) return true;
    }
    return false;
}

// Timers and calls: `kind` and `name` say which step is asked for.
std::string judge_event(const Run& run, const Fairness& fairness, int end, const std::string& name) {
    const bool timer = fairness.family == Fairness::Family::timers;
    const Profile& profile = run.system.profile(end);
    const std::vector<std::string>& calls = run.system.decl().calls[end];
    if (timer ? profile.timer(name) < 0 : std::count(calls.begin(), calls.end(), name) == 0) return "";
    const Input input{timer ? Trigger::timer : Trigger::call, name, {}};
    const auto impossible = [&](const Snapshot& state) {
        return plain_react(profile, run.system.limits(end), state.end[end], input).empty();
    };
    const auto possible = [&](const Snapshot& state) { return !impossible(state); };
    const bool asked = fairness.strong ? !run.each_loop_state(impossible) : run.each_loop_state(possible);
    const bool happens = run.some_loop_step([&](const Snapshot& before, const TraceStep& step) {
        const auto kind = timer ? TraceStep::Kind::timer : TraceStep::Kind::call;
        if (step.kind == kind && step.end == end && step.name == name) return true;
        return timer && !fairness.strong && starts(run, end, profile.timer(name), before, step);
    });
    return asked && !happens ? unfair(fairness, end, name + " never happens") : "";
}

std::string judge_delivery(const Run& run, const Fairness& fairness, int end) {
    std::set<Segment> segments;
    run.each_loop_state([&](const Snapshot& state) {
        segments.insert(state.flight[1 - end].begin(), state.flight[1 - end].end());
        return true;
    });
    for (const Segment& segment : segments) {
        const bool always = run.each_loop_state([&](const Snapshot& state) {
            const std::vector<Segment>& flight = state.flight[1 - end];
            return std::find(flight.begin(), flight.end(), segment) != flight.end();
        });
        const bool arrives = run.some_loop_step([&](const Snapshot&, const TraceStep& step) {
            return step.kind == TraceStep::Kind::deliver && step.end == end && step.segment == segment;
        });
        if ((fairness.strong || always) && !arrives) {
            return unfair(fairness, end, to_string(segment, run.system.vocabulary()) + " never arrives");
        }
    }
    return "";
}

std::string judge_fairness(const Run& run, const Fairness& fairness) {
    for (int end = 0; end < 2; ++end) {
        if (fairness.end >= 0 && fairness.end != end) continue;
        std::vector<std::string> names{fairness.name};
        if (fairness.family == Fairness::Family::timers && fairness.name.empty()) {
            names.clear();
            for (const TimerDecl& timer : run.system.profile(end).timers) names.push_back(timer.name);
        }
        if (fairness.family == Fairness::Family::delivery) names = {""};
        for (const std::string& name : names) {
            std::string wrong = fairness.family == Fairness::Family::delivery ? judge_delivery(run, fairness, end)
                                                                              : judge_event(run, fairness, end, name);
            if (!wrong.empty()) return wrong;
        }
    }
    return "";
}

// ---------------------------------------------------------------- claims

// For ever without the goal from `position` on: in all states from there to the end, or to the end of the loop, and
// those of the whole loop.
bool without(const Run& run, const StateCondition& goal, int position) {
    const int from = run.loop < 0 ? position : std::min(position, run.loop);
    for (int i = from; i <= run.last(); ++i) {
        if (run.holds(goal, i)) return false;
    }
    return true;
}

std::string judge_cycle(const Run& run, const StepCondition& condition) {
    if (run.loop < 0) return "the run has no cycle";
    for (int i = run.loop + 1; i <= run.last(); ++i) {
        if (!run.holds(condition, i)) return fmt::format("step {} does not belong to such a cycle", i);
    }
    return "";
}

std::string judge_claim(const Run& run, const Claim& claim) {
    if (claim.kind == Claim::Kind::acyclic) return judge_cycle(run, StepCondition(claim.stages.front()));
    const StateCondition goal(claim.stages.back());
    switch (claim.kind) {
        case Claim::Kind::eventually: return without(run, goal, 0) ? "" : "what should come does come";
        case Claim::Kind::always_eventually:
            return without(run, goal, run.loop < 0 ? run.last() : run.loop) ? "" : "it happens again and again";
        case Claim::Kind::eventually_always: {
            if (run.loop < 0) return run.holds(goal, run.last()) ? "it holds at the end" : "";
            const auto holds = [&](const Snapshot& state) { return goal.holds(run.system, state); };
            return run.each_loop_state(holds) ? "it holds from some moment on" : "";
        }
        case Claim::Kind::leads: {
            const Condition premise = condition_of(claim.stages.front());
            for (int i = 0; i <= run.last(); ++i) {
                if (run.holds(premise, i) && without(run, goal, i)) return "";
            }
            return "each time the premise holds, what it leads to follows";
        }
        default: return "the claim is not about whole runs";
    }
}

}  // namespace

std::string judge_run(const PlainSystem& system, const Claim& claim, const Trace& trace) {
    const Run run{system, trace, trace.loop_from};
    std::string wrong = run.loop < 0 ? not_ended(run) : not_closed(run);
    if (wrong.empty()) wrong = judge_claim(run, claim);
    if (run.loop < 0 || claim.kind == Claim::Kind::acyclic) return wrong;
    for (const Fairness& fairness : claim.fairness) {
        if (wrong.empty()) wrong = judge_fairness(run, fairness);
    }
    return wrong;
}

void confirm_lasso(const PlainSystem& system, const Claim& claim, const Trace& trace) {
    std::string wrong = replay(system, trace);
    if (wrong.empty()) wrong = judge_run(system, claim, trace);
    if (!wrong.empty()) throw Disagreement(fmt::format("{}: the plain interpreter disagrees: {}", claim.id, wrong));
}

}  // namespace lastack
