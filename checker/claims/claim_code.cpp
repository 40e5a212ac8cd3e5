#include "checker/claims/claim_code.h"

#include <algorithm>
#include <cassert>

#include "model/operators.h"

namespace lastack {

namespace {

bool is_step_atom(const Expr& expr) { return is_about_step(expr.op) || expr.next; }

bool is_endpoint_atom(const Expr& expr) {
    return expr.op == Op::at_end || expr.op == Op::in_flight || is_step_atom(expr);
}

// Names behind a bound endpoint were resolved for A's profile; where B has another one, its own indices are looked up.
// Names behind A or B itself were resolved for that end.
Expr for_profile(const Expr& expr, const Profile& from, const Profile& to) {
    Expr result = expr;
    if (expr.op == Op::variable) result.index = to.variable(from.variables[expr.index].name);
    if (expr.op == Op::running) result.index = to.timer(from.timers[expr.index].name);
    // Kinds of segment have the same numbers at both ends.
    for (int& state : result.states) state = expr.op == Op::state_in ? to.state(from.states[state].name) : state;
    for (Expr& arg : result.args) arg = for_profile(arg, from, to);
    return result;
}

}  // namespace

ClaimCode::ClaimCode(System& system, const Expr& body) : system_(system) {
    classify(body);
    if (!reads_network_ && !reads_network_steps_) {
        per_end_ = body.op == Op::each && only_about(body.args[0], 2);
        for (int end = 0; end < 2 && !per_end_; ++end) {
            if (!only_about(body, end)) continue;
            per_end_ = true;
            only_end_ = end;
        }
    }
    root_ = build(body);
}

void ClaimCode::classify(const Expr& expr) {
    reads_step_ |= is_step_atom(expr);
    reads_network_ |= sort_of(expr.op) == Sort::network_state;
    reads_network_steps_ |= sort_of(expr.op) == Sort::network_step;
    if (!is_endpoint_atom(expr)) {
        for (const Expr& arg : expr.args) classify(arg);
    }
}

bool ClaimCode::only_about(const Expr& expr, EndRef end) const {
    if (expr.op == Op::each || expr.op == Op::some) return false;
    if (is_endpoint_atom(expr)) return expr.end == end;
    return std::all_of(expr.args.begin(), expr.args.end(), [&](const Expr& arg) { return only_about(arg, end); });
}

int ClaimCode::build(const Expr& expr) {
    Node node;
    node.expr = expr;
    node.expr.args.clear();
    if (expr.op == Op::limit) {
        node.expr.op = Op::constant;
        // The resolver saw to it that the ends agree where both have the limit.
        const Limits& first = system_.machine(0).limits();
        node.expr.value = first.contains(expr.name) ? first.at(expr.name) : system_.machine(1).limits().at(expr.name);
    } else if (is_endpoint_atom(expr)) {
        const bool bound = expr.end > 1;
        const Profile& first = system_.machine(0).profile();
        for (int end = 0; end < 2 && !expr.args.empty(); ++end) {
            const Machine& machine = system_.machine(end);
            Program program;
            if (bound) program = machine.compile(for_profile(expr.args[0], first, machine.profile()));
            if (expr.end == end) program = machine.compile(expr.args[0]);
            node.program.push_back(std::move(program));
        }
    } else {
        for (const Expr& arg : expr.args) node.args.push_back(build(arg));
    }
    nodes_.push_back(std::move(node));
    return static_cast<int>(nodes_.size()) - 1;
}

int ClaimCode::resolve(EndRef end, const Bindings& bindings) {
    if (end < 2) return end;
    const int bound = bindings[(end - 2) / 2];
    return end % 2 == 0 ? bound : 1 - bound;
}

bool ClaimCode::holds(const ClaimMoment& moment) const {
    Bindings bindings;
    return value(root_, moment, bindings) != 0;
}

bool ClaimCode::holds_for_end(const ClaimMoment& moment, int end) const {
    assert(per_end_);
    if (only_end_ >= 0) return end != only_end_ || holds(moment);
    Bindings bindings{end};
    return value(nodes_[root_].args[0], moment, bindings) != 0;
}

int ClaimCode::quantified(const Node& node, const ClaimMoment& moment, Bindings& bindings) const {
    const bool all = node.expr.op == Op::each;
    bool result = all;
    for (int end = 0; end < 2; ++end) {
        bindings.push_back(end);
        const bool one = value(node.args[0], moment, bindings) != 0;
        bindings.pop_back();
        result = all ? result && one : result || one;
    }
    return result;
}

bool ClaimCode::segment_fits(const Node& node, int reader, LocalId local, const Segment& segment) const {
    return node.program.empty() || system_.machine(reader).evaluate(node.program[reader], local, &segment) != 0;
}

int ClaimCode::fitting(const Node& node, int sender, LocalId local, std::span<const SegmentId> segments) const {
    int found = 0;
    for (const SegmentId id : segments) {
        found += segment_fits(node, sender, local, system_.sent_by(sender)[id]);
        if (found > 0 && !node.expr.counts) break;
    }
    return found;
}

int ClaimCode::in_flight(const Node& node, const ClaimMoment& moment, int end) const {
    const SystemState& state = moment.after ? *moment.after : *moment.before;
    return fitting(node, end, state.end[end], system_.bags(end).content(state.bag[end]));
}

int ClaimCode::step_atom(const Node& node, const ClaimMoment& moment, int end) const {
    if (!moment.step) return 0;
    const SystemStep& step = *moment.step;
    const Expr& expr = node.expr;
    const LocalId before = moment.before->end[end];
    using Kind = SystemStep::Kind;
    if (expr.op == Op::lost || expr.op == Op::doubled) {
        const Kind wanted = expr.op == Op::lost ? Kind::lose : Kind::duplicate;
        return step.kind == wanted && step.end == end &&
               segment_fits(node, end, before, system_.sent_by(end)[step.segment]);
    }
    if (!step.outcome || step.end != end) return 0;
    if (expr.op == Op::gets) {
        return step.kind == Kind::deliver && segment_fits(node, end, before, system_.sent_by(1 - end)[step.segment]);
    }
    if (expr.op == Op::sends) return fitting(node, end, before, {step.outcome->sent, step.outcome->sent_count});
    const Label& label = system_.machine(end).label(step.outcome->label);
    const auto has = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), expr.name) != names.end();
    };
    const auto by = [&](Trigger trigger) { return step.kind == Kind::spontaneous && label.trigger == trigger; };
    switch (expr.op) {
        case Op::calls: return by(Trigger::call) && label.name == expr.name;
        case Op::expires: return by(Trigger::timer) && label.name == expr.name;
        case Op::signals: return has(label.signals);
        case Op::returns: return by(Trigger::call) && label.result == expr.name;
        default: assert(expr.op == Op::fires); return has(label.rules);
    }
}

int ClaimCode::value(int index, const ClaimMoment& moment, Bindings& bindings) const {
    const Node& node = nodes_[index];
    const auto arg = [&](int i) { return value(node.args[i], moment, bindings); };
    switch (node.expr.op) {
        case Op::constant: return node.expr.value;
        case Op::each:
        case Op::some: return quantified(node, moment, bindings);
        case Op::at_end: {
            const int end = resolve(node.expr.end, bindings);
            const SystemState& state = node.expr.next ? *moment.after : *moment.before;
            return system_.machine(end).evaluate(node.program[end], state.end[end], nullptr);
        }
        case Op::quiet: {
            const SystemState& state = moment.after ? *moment.after : *moment.before;
            return state.bag[0] == 0 && state.bag[1] == 0;
        }
        case Op::in_flight: return in_flight(node, moment, resolve(node.expr.end, bindings));
        case Op::not_:
        case Op::and_:
        case Op::or_:
        case Op::implies:
        case Op::eq:
        case Op::ne:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge:
        case Op::add:
        case Op::subtract: return operated(node.expr.op, arg);
        case Op::calls:
        case Op::expires:
        case Op::gets:
        case Op::lost:
        case Op::doubled:
        case Op::sends:
        case Op::signals:
        case Op::fires:
        case Op::returns: return step_atom(node, moment, resolve(node.expr.end, bindings));
        case Op::limit:  // a constant by now
        case Op::variable:
        case Op::field:
        case Op::own_field:
        case Op::kind_in:
        case Op::state_in:
        case Op::running: break;  // inside of the programs of other leaves
    }
    assert(!"this is no node of a compiled claim");
    return 0;
}

}  // namespace lastack
