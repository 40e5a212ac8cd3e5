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
    bool about_one = body.op == Op::each && only_about(body.args[0], 2);
    for (int end = 0; end < 2 && !about_one; ++end) {
        if (!only_about(body, end)) continue;
        about_one = true;
        only_end_ = end;
    }
    per_end_ = about_one && !reads_network_ && !reads_network_steps_;
    per_half_ = about_one && !reads_step_;
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
    if (expr.op == Op::each || expr.op == Op::some || expr.op == Op::quiet) return false;
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
    assert(per_end_ || per_half_);
    if (only_end_ >= 0) return end != only_end_ || holds(moment);
    Bindings bindings;
    bindings.push(end);
    return value(nodes_[root_].args[0], moment, bindings) != 0;
}

int ClaimCode::quantified(const Node& node, const ClaimMoment& moment, Bindings& bindings) const {
    const bool all = node.expr.op == Op::each;
    bool result = all;
    for (int end = 0; end < 2; ++end) {
        bindings.push(end);
        const bool one = value(node.args[0], moment, bindings) != 0;
        bindings.pop();
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

// The leaves stand in the two switches that follow, which have a default: tests/house/additions_test.cpp names a leaf
// that neither knows.
int ClaimCode::state_atom(const Node& node, const ClaimMoment& moment, const Bindings& bindings) const {
    const SystemState& latest = moment.after ? *moment.after : *moment.before;
    switch (node.expr.op) {
        case Op::at_end: {
            const int end = resolve(node.expr.end, bindings);
            const SystemState& state = node.expr.next ? latest : *moment.before;
            return system_.machine(end).evaluate(node.program[end], state.end[end], nullptr);
        }
        case Op::quiet: return latest.bag[0] == 0 && latest.bag[1] == 0;
        case Op::in_flight: {
            const int end = resolve(node.expr.end, bindings);
            return fitting(node, end, latest.end[end], system_.bags(end).content(latest.bag[end]));
        }
        default: assert(!"a leaf that no state decides"); return 0;
    }
}

int ClaimCode::step_atom(const Node& node, const ClaimMoment& moment, int end) const {
    if (!moment.step) return 0;
    const SystemStep& step = *moment.step;
    const Expr& expr = node.expr;
    using Kind = SystemStep::Kind;
    const bool of_network = sort_of(expr.op) == Sort::network_step;
    if (step.end != end || of_network == (step.outcome != nullptr)) return 0;
    const auto fits = [&](int sender) {
        return segment_fits(node, end, moment.before->end[end], system_.sent_by(sender)[step.segment]);
    };
    const auto label = [&]() -> const Label& { return system_.machine(end).label(step.outcome->label); };
    const auto by = [&](Trigger trigger) { return step.kind == Kind::spontaneous && label().trigger == trigger; };
    const auto among = [&](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), expr.name) != names.end();
    };
    switch (expr.op) {
        case Op::lost: return step.kind == Kind::lose && fits(end);
        case Op::doubled: return step.kind == Kind::duplicate && fits(end);
        case Op::gets: return step.kind == Kind::deliver && fits(1 - end);
        case Op::sends:
            return fitting(node, end, moment.before->end[end], {step.outcome->sent, step.outcome->sent_count});
        case Op::calls: return by(Trigger::call) && label().name == expr.name;
        case Op::expires: return by(Trigger::timer) && label().name == expr.name;
        case Op::signals: return among(label().signals);
        case Op::returns: return (by(Trigger::call) || expr.name != "ok") && label().result == expr.name;
        case Op::fires: return among(label().rules);
        default: assert(!"a leaf that no step decides"); return 0;
    }
}

// What was compiled into the programs of leaves is not met here, nor is a limit, which is a constant by now.
int ClaimCode::value(int index, const ClaimMoment& moment, Bindings& bindings) const {
    const Node& node = nodes_[index];
    const Op op = node.expr.op;
    switch (sort_of(op)) {
        case Sort::connective:
            if (op == Op::each || op == Op::some) return quantified(node, moment, bindings);
            return operated(op, [&](int i) { return value(node.args[i], moment, bindings); });
        case Sort::fixed: return node.expr.value;
        case Sort::end_state:
        case Sort::network_state: return state_atom(node, moment, bindings);
        case Sort::end_step:
        case Sort::network_step: return step_atom(node, moment, resolve(node.expr.end, bindings));
        case Sort::local: break;
    }
    assert(!"this is no node of a compiled claim");
    return 0;
}

}  // namespace lastack
