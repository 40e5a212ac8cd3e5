#include "checker/trace/plain_claims.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <optional>

#include "model/plain.h"

namespace lastack {

namespace {

// One state of a trace, or one step with the state before it, and what the claim's bound names stand for.
struct View {
    const PlainSystem& system;
    const Snapshot& before;
    const TraceStep* step;  // null: a state, of which only a StateCondition is asked
    std::map<EndRef, int> bound;
};

int endpoint(const View& view, EndRef end) { return end < 2 ? end : view.bound.at(end); }

int endpoint_value(const View& view, const Expr& atom, int end, const Snapshot& at, const Segment* segment) {
    const Expr own = atom.end < 2 ? atom.args[0] : translated(view.system, atom.args[0], end);
    return plain_value(view.system.profile(end), view.system.limits(end), at.end[end], own, segment);
}

bool segment_fits(const View& view, const Expr& atom, int end, const Segment& segment) {
    return atom.args.empty() || endpoint_value(view, atom, end, view.before, &segment);
}

// How many of them are meant; where the claim does not count, whether one is.
int number_that_fit(const View& view, const Expr& atom, int end, const std::vector<Segment>& segments) {
    const auto fit = std::count_if(segments.begin(), segments.end(),
                                   [&](const Segment& s) { return segment_fits(view, atom, end, s); });
    return atom.counts ? static_cast<int>(fit) : fit > 0;
}

bool names(const std::vector<std::string>& list, const std::string& name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

int step_is(const View& view, const Expr& atom) {
    if (!view.step) return 0;
    const TraceStep& step = *view.step;
    const int end = endpoint(view, atom.end);
    if (step.end != end) return 0;
    using Kind = TraceStep::Kind;
    switch (atom.op) {
        case Op::calls: return step.kind == Kind::call && step.name == atom.name;
        case Op::expires: return step.kind == Kind::timer && step.name == atom.name;
        case Op::gets: return step.kind == Kind::deliver && segment_fits(view, atom, end, step.segment);
        case Op::lost: return step.kind == Kind::lose && segment_fits(view, atom, end, step.segment);
        case Op::doubled: return step.kind == Kind::duplicate && segment_fits(view, atom, end, step.segment);
        case Op::sends: return number_that_fit(view, atom, end, step.sent);
        case Op::signals: return names(step.signals, atom.name);
        case Op::fires: return names(step.rules, atom.name);
        case Op::returns: return step.result == atom.name && (step.kind == Kind::call || step.result == returned(step));
        default: throw std::logic_error("a leaf about steps that the plain judge does not know");
    }
}

int value(View& view, const Expr& expr, int depth);

bool over_ends(View& view, const Expr& expr, int depth) {
    int count = 0;
    for (int end = 0; end < 2; ++end) {
        view.bound[2 + 2 * depth] = end;
        view.bound[3 + 2 * depth] = 1 - end;
        count += value(view, expr.args[0], depth + 1) != 0;
    }
    return expr.op == Op::each ? count == 2 : count > 0;
}

int value(View& view, const Expr& expr, int depth) {
    const auto arg = [&](int i) { return value(view, expr.args[i], depth); };
    const Snapshot& now = view.step ? view.step->after : view.before;
    switch (expr.op) {
        case Op::constant: return expr.value;
        case Op::limit: {
            const int holder = view.system.limits(0).count(expr.name) ? 0 : 1;
            return view.system.limits(holder).at(expr.name);
        }
        case Op::each:
        case Op::some: return over_ends(view, expr, depth);
        case Op::at_end: {
            const Snapshot& at = expr.next ? view.step->after : view.before;
            return endpoint_value(view, expr, endpoint(view, expr.end), at, nullptr);
        }
        case Op::quiet: return now.flight[0].empty() && now.flight[1].empty();
        case Op::in_flight: {
            const int end = endpoint(view, expr.end);
            const View later{view.system, now, nullptr, view.bound};
            return number_that_fit(later, expr, end, now.flight[end]);
        }
        case Op::not_: return !arg(0);
        case Op::and_: return arg(0) && arg(1);
        case Op::or_: return arg(0) || arg(1);
        case Op::implies: return !arg(0) || arg(1);
        case Op::eq: return arg(0) == arg(1);
        case Op::ne: return arg(0) != arg(1);
        case Op::lt: return arg(0) < arg(1);
        case Op::le: return arg(0) <= arg(1);
        case Op::gt: return arg(0) > arg(1);
        case Op::ge: return arg(0) >= arg(1);
        case Op::add: return arg(0) + arg(1);
        case Op::subtract: return arg(0) - arg(1);
        case Op::calls:
        case Op::expires:
        case Op::gets:
        case Op::lost:
        case Op::doubled:
        case Op::sends:
        case Op::signals:
        case Op::fires:
        case Op::returns: return step_is(view, expr);
        case Op::variable:
        case Op::field:
        case Op::own_field:
        case Op::kind_in:
        case Op::state_in:
        case Op::running: break;  // stand inside of leaves only
    }
    throw std::logic_error("a part of an endpoint's expression stands by itself in a claim");
}

std::string judge_stages(const PlainSystem& system, const Claim& claim, const Trace& trace) {
    std::vector<Condition> stages;
    for (const Expr& stage : claim.stages) stages.push_back(condition_of(stage));
    std::size_t stage = 0;
    const auto pass_states = [&](const Snapshot& state) {
        for (; stage < stages.size(); ++stage) {
            const auto* condition = std::get_if<StateCondition>(&stages[stage]);
            if (!condition || !condition->holds(system, state)) return;
        }
    };
    pass_states(trace.initial);
    const Snapshot* before = &trace.initial;
    for (const TraceStep& step : trace.steps) {
        if (stage == stages.size()) return "all stages occur before the end";
        const auto* condition = std::get_if<StepCondition>(&stages[stage]);
        if (condition && condition->holds(system, *before, step)) ++stage;
        pass_states(step.after);
        before = &step.after;
    }
    if (stage == stages.size()) return "";
    return fmt::format("only {} of {} stages occur", stage, stages.size());
}

}  // namespace

StateCondition::StateCondition(const Expr& expr) : expr_(&expr) {
    if (reads_step(expr)) throw std::logic_error("a condition about a step is asked of a state");
}

bool StateCondition::holds(const PlainSystem& system, const Snapshot& state) const {
    View view{system, state, nullptr, {}};
    return value(view, *expr_, 0) != 0;
}

bool StepCondition::holds(const PlainSystem& system, const Snapshot& before, const TraceStep& step) const {
    View view{system, before, &step, {}};
    return value(view, *expr_, 0) != 0;
}

Condition condition_of(const Expr& expr) {
    if (reads_step(expr)) return StepCondition(expr);
    return StateCondition(expr);
}

Expr translated(const PlainSystem& system, const Expr& expr, int end) {
    const Profile& from = system.profile(0);
    const Profile& to = system.profile(end);
    Expr result = expr;
    if (expr.op == Op::variable) result.index = to.variable(from.variables[expr.index].name);
    if (expr.op == Op::running) result.index = to.timer(from.timers[expr.index].name);
    // Kinds of segment have the same numbers at both ends.
    for (int& state : result.states) state = expr.op == Op::state_in ? to.state(from.states[state].name) : state;
    for (Expr& arg : result.args) arg = translated(system, arg, end);
    return result;
}

std::string replay(const PlainSystem& system, const Trace& trace) {
    if (trace.initial != system.initial()) return "the initial states differ";
    const Snapshot* state = &trace.initial;
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        const std::vector<TraceStep> possible = system.steps(*state);
        if (std::find(possible.begin(), possible.end(), trace.steps[i]) == possible.end()) {
            return fmt::format("step {} ({}) is not a step of the plain system", i + 1,
                               to_string(trace.steps[i], system.vocabulary()));
        }
        state = &trace.steps[i].after;
    }
    return "";
}

std::string judge(const PlainSystem& system, const Claim& claim, const Trace& trace) {
    const Expr& body = claim.stages.front();
    const Snapshot& last = trace.last();
    const Snapshot* at = &trace.initial;
    for (const TraceStep& step : trace.steps) {
        if (claim.assuming && !StepCondition(*claim.assuming).holds(system, *at, step))
            return fmt::format("a step ({}) breaks the assumption", to_string(step, system.vocabulary()));
        at = &step.after;
    }
    switch (claim.kind) {
        case Claim::Kind::reachable: return judge_stages(system, claim, trace);
        case Claim::Kind::step: {
            if (trace.steps.empty()) return "no step";
            const std::size_t n = trace.steps.size();
            const Snapshot& before = n > 1 ? trace.steps[n - 2].after : trace.initial;
            const bool holds = StepCondition(body).holds(system, before, trace.steps.back());
            return holds ? "the last step satisfies the claim" : "";
        }
        case Claim::Kind::ends: {
            int cuts = 0;
            for (const TraceStep& step : system.steps(last, &cuts)) {
                if (step.after != last) return "a step leads out of the last state";
            }
            if (cuts > 0) return "a step out of the last state was cut";
            [[fallthrough]];
        }
        default: return StateCondition(body).holds(system, last) ? "the last state satisfies the claim" : "";
    }
}

void confirm_run(const PlainSystem& system, const Trace& trace) {
    const std::string wrong = replay(system, trace);
    if (!wrong.empty()) throw Disagreement("the plain interpreter disagrees: " + wrong);
}

void confirm(const PlainSystem& system, const Claim& claim, const Trace& trace) {
    std::string wrong = replay(system, trace);
    if (wrong.empty()) wrong = judge(system, claim, trace);
    if (!wrong.empty()) throw Disagreement(fmt::format("{}: the plain interpreter disagrees: {}", claim.id, wrong));
}

}  // namespace lastack
