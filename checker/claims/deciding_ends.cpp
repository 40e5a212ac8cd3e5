#include "checker/claims/deciding_ends.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>

#include "checker/trace/plain_claims.h"

namespace lastack {

namespace {

// A set of ends: bit 0 for A, bit 1 for B.
using Ends = unsigned;

enum class Part {
    connective,  // has arguments that are claims themselves
    endpoint,    // about an end
    network,     // about a segment on its way; `end` has sent it
    other,
};

Part part_of(Op op) {
    switch (sort_of(op)) {
        case Sort::end_state:
        case Sort::end_step: return Part::endpoint;
        case Sort::network_state: return op == Op::quiet ? Part::other : Part::network;
        case Sort::network_step: return Part::network;
        case Sort::fixed:
        case Sort::local: return Part::other;
        case Sort::connective: return Part::connective;
    }
    return Part::connective;
}

bool any_part(const Expr& expr, const std::function<bool(const Expr&)>& fits) {
    if (fits(expr)) return true;
    return part_of(expr.op) == Part::connective &&
           std::any_of(expr.args.begin(), expr.args.end(), [&](const Expr& arg) { return any_part(arg, fits); });
}

bool about_network(const Expr& part) { return sort_of(part.op) == Sort::network_step; }

// `expr` stood below a quantifier that is outermost: its endpoint becomes `end`, and quantifiers below move up by one.
Expr bound_to(const PlainSystem& system, const Expr& expr, int end) {
    Expr result = expr;
    if (part_of(expr.op) == Part::connective) {
        for (Expr& arg : result.args) arg = bound_to(system, arg, end);
    } else if (expr.end == 2 || expr.end == 3) {
        result.end = expr.end == 2 ? end : 1 - end;
        for (Expr& arg : result.args) arg = translated(system, arg, result.end);
    } else if (expr.end > 3) {
        result.end = expr.end - 2;
    }
    return result;
}

class Decision {
public:
    // `of_step`: parts are judged of the last step, else in the last state.
    Decision(const PlainSystem& system, const Trace& trace, bool of_step)
        : system_(system), trace_(trace), of_step_(of_step) {}

    bool truth(const Expr& expr) const {
        if (!of_step_) return StateCondition(expr).holds(system_, trace_.last());
        const std::size_t n = trace_.steps.size();
        const Snapshot& before = n > 1 ? trace_.steps[n - 2].after : trace_.initial;
        return StepCondition(expr).holds(system_, before, trace_.steps.back());
    }

    // The ends that the parts speak of by which `expr` has this value; of the segments' senders where it is about the
    // network.
    Ends ends(const Expr& expr, bool value, Part about) const {
        switch (expr.op) {
            case Op::not_: return ends(expr.args[0], !value, about);
            case Op::and_: return of_those(expr, value, false, about);
            case Op::or_: return of_those(expr, value, true, about);
            case Op::implies: {
                const Ends premise = !value || !truth(expr.args[0]) ? ends(expr.args[0], !value, about) : 0;
                return premise | (!value || truth(expr.args[1]) ? ends(expr.args[1], value, about) : 0);
            }
            case Op::each:
            case Op::some: {
                Expr instances = expr;
                instances.args = {bound_to(system_, expr.args[0], 0), bound_to(system_, expr.args[0], 1)};
                return of_those(instances, value, expr.op == Op::some, about);
            }
            default: break;
        }
        Ends all = 0;
        if (part_of(expr.op) == Part::connective) {  // a comparison
            for (const Expr& arg : expr.args) all |= ends(arg, value, about);
        } else if (part_of(expr.op) == about) {
            all = 1U << static_cast<unsigned>(expr.end);
        }
        return all;
    }

private:
    // Of a conjunction or disjunction: where one argument alone decides, those that do; else all.
    Ends of_those(const Expr& expr, bool value, bool deciding, Part about) const {
        Ends all = 0;
        for (const Expr& arg : expr.args) {
            if (value != deciding || truth(arg) == deciding) all |= ends(arg, value, about);
        }
        return all;
    }

    const PlainSystem& system_;
    const Trace& trace_;
    bool of_step_;
};

Ends deciding_ends(const PlainSystem& system, const Claim& claim, const Trace& trace) {
    const Expr& body = claim.stages.back();
    const bool witness = claim.kind == Claim::Kind::reachable;
    const bool of_step = claim.kind == Claim::Kind::step || std::holds_alternative<StepCondition>(condition_of(body));
    if (of_step && trace.steps.empty()) return 0;
    const Decision decision(system, trace, of_step);
    if (const Ends ends = decision.ends(body, witness, Part::endpoint)) return ends;
    const Ends senders = decision.ends(body, witness, Part::network);
    return senders != 0 ? senders : 3;
}

bool takes_space(const Segment& segment) { return segment.len > 0 || segment.fin || segment.syn; }

// The same text, FIN or SYN; what takes no space in the stream is the same only as a whole.
bool again(const Segment& one, const Segment& other) {
    if (!takes_space(one) || !takes_space(other)) return one == other;
    return one.seq == other.seq && one.len == other.len && one.fin == other.fin && one.syn == other.syn;
}

// Does the end send or get something twice? An ACK that is sent again is nothing special.
bool repeats(const Trace& trace, int end) {
    std::vector<Segment> sent, got;
    const auto seen = [](std::vector<Segment>& before, const Segment& segment) {
        const bool known =
            std::any_of(before.begin(), before.end(), [&](const Segment& other) { return again(segment, other); });
        before.push_back(segment);
        return known;
    };
    for (const TraceStep& step : trace.steps) {
        if (step.end != end) continue;
        if (step.kind == TraceStep::Kind::deliver && seen(got, step.segment)) return true;
        for (const Segment& segment : step.sent) {
            if (takes_space(segment) && seen(sent, segment)) return true;
        }
    }
    return false;
}

// Where a stage is about the network: is that seen at the end?
bool notices(const Claim& claim, const Trace& trace, int end) {
    const auto first = std::find_if(claim.stages.begin(), claim.stages.end(),
                                    [](const Expr& stage) { return any_part(stage, about_network); });
    if (first == claim.stages.end()) return true;
    const auto acts = [end](const Expr& part) {
        return sort_of(part.op) == Sort::end_step && (part.end == end || part.end > 1);
    };
    return std::any_of(first, claim.stages.end(), [&](const Expr& stage) { return any_part(stage, acts); }) ||
           repeats(trace, end);
}

}  // namespace

std::string why_not_shown_at(const PlainSystem& system, const Claim& claim, const Trace& trace, int end) {
    if ((deciding_ends(system, claim, trace) >> static_cast<unsigned>(end) & 1U) == 0)
        return fmt::format("it is decided at the other end, {}", end == 0 ? "B" : "A");
    if (claim.kind == Claim::Kind::reachable && !notices(claim, trace, end))
        return "what the network does is not seen there";
    return "";
}

}  // namespace lastack
