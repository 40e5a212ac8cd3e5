#include "checker/proof/pair_formula.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/system.h"

namespace lastack {

std::string to_string(const Action& action) {
    const char* const end = action.end == 0 ? "A" : "B";
    switch (action.kind) {
        case TraceStep::Kind::call: return fmt::format("{} calls {}", end, action.name);
        case TraceStep::Kind::timer: return fmt::format("{} expires {}", end, action.name);
        case TraceStep::Kind::deliver: return fmt::format("{} gets", end);
        case TraceStep::Kind::lose: return fmt::format("lost from {}", end);
        case TraceStep::Kind::duplicate: return fmt::format("doubled from {}", end);
    }
    return "";
}

bool ends_alike(const Spec& spec, const SystemDecl& decl) {
    return profile_at(spec, decl, 0).name == profile_at(spec, decl, 1).name &&
           decl.configured[0] == decl.configured[1] && start_at(spec, decl, 0) == start_at(spec, decl, 1) &&
           limits_at(spec, decl, 0) == limits_at(spec, decl, 1);
}

PairFormula::PairFormula(const Spec& spec, const SystemDecl& decl, const LimitRanges (&ranges)[2],
                         std::vector<Expr> kinds)
    : spec_(spec), decl_(decl), plain_(spec, decl), alike_(ends_alike(spec, decl)), known_(context_->bool_val(true)),
      kinds_(std::move(kinds)) {
    const bool shared = profile_at(spec, decl, 0).name == profile_at(spec, decl, 1).name;
    for (const int end : {0, 1}) {
        const std::string suffix = shared ? "" : end == 0 ? " A" : " B";
        ends_[end] = std::make_unique<EndFormula>(profile_at(spec, decl, end), *context_, ranges[end], suffix);
        const std::string name = end == 0 ? "A" : "B";
        before_.push_back(ends_[end]->anything(name, known_));
        after_.push_back(ends_[end]->anything(name + "_next", known_));
        known_ = known_ && ends_[end]->limits_known();
        for (std::size_t i = 0; i < kinds_.size(); ++i) {
            const std::string what = fmt::format("from {}: {}", name, to_string(kinds_[i], plain_.profile(end), ""));
            flying_[end].push_back(context_->bool_const(("in flight " + what).c_str()));
            flying_after_[end].push_back(context_->bool_const(("in flight' " + what).c_str()));
        }
    }
}

z3::expr PairFormula::initial() {
    z3::expr all = context_->bool_val(true);
    for (const int end : {0, 1}) {
        const EndState start = plain_.initial().end[end];
        all = all && ends_[end]->same(before_[end], ends_[end]->from(start));
        for (const z3::expr& flying : flying_[end]) all = all && !flying;
    }
    return all;
}

// ---------------------------------------------------------------- steps

std::vector<Action> PairFormula::actions_of(int end) const {
    std::vector<Action> actions;
    for (const int caller : {end, 1 - end}) {
        if (caller != end && !alike_) continue;
        for (const std::string& call : decl_.calls[caller]) {
            const Action action{TraceStep::Kind::call, end, call};
            if (std::find(actions.begin(), actions.end(), action) == actions.end()) actions.push_back(action);
        }
    }
    for (const TimerDecl& timer : plain_.profile(end).timers)
        actions.push_back({TraceStep::Kind::timer, end, timer.name});
    actions.push_back({TraceStep::Kind::deliver, end, ""});
    return actions;
}

std::vector<Action> PairFormula::network_actions() const {
    std::vector<Action> actions;
    for (const int end : {0, 1}) {
        if (decl_.network.loses) actions.push_back({TraceStep::Kind::lose, end, ""});
        if (decl_.network.duplicates) actions.push_back({TraceStep::Kind::duplicate, end, ""});
    }
    return actions;
}

PairFormula::Step PairFormula::step(const Action& action) {
    using Kind = TraceStep::Kind;
    Step step{action, std::nullopt, std::nullopt, context_->bool_val(true)};
    const bool by_network = action.kind == Kind::lose || action.kind == Kind::duplicate;
    const int sender = by_network ? action.end : 1 - action.end;
    if (by_network || action.kind == Kind::deliver) step.segment = segment("arriving", sender, step.relation);
    for (const int end : {0, 1}) {
        if (end == action.end && !by_network) continue;
        step.relation = step.relation && ends_[end]->same(after_[end], before_[end]);
    }
    if (by_network) {
        keep_flying(step);
        return step;
    }
    const Trigger trigger = action.kind == Kind::call    ? Trigger::call
                            : action.kind == Kind::timer ? Trigger::timer
                                                         : Trigger::segment;
    EndFormula& acting = *ends_[action.end];
    step.reaction = acting.react(trigger, action.name, before_[action.end], step.segment ? &*step.segment : nullptr);
    step.relation = step.relation && step.reaction->possible && acting.same(after_[action.end], step.reaction->after);
    keep_flying(step);
    return step;
}

void PairFormula::keep_flying(Step& step) {
    for (const int sender : {0, 1}) {
        for (std::size_t i = 0; i < kinds_.size(); ++i) {
            const z3::expr &before = flying_[sender][i], &after = flying_after_[sender][i];
            if (step.action.kind == TraceStep::Kind::deliver && sender != step.action.end) {
                const z3::expr is = ends_[sender]->truth_of(kinds_[i], before_[sender], &*step.segment);
                step.relation = step.relation && z3::ite(is, before, after == before);
                continue;
            }
            z3::expr sent = context_->bool_val(false);
            if (step.reaction && step.action.end == sender) {
                for (const ReactionTerm::Sent& one : step.reaction->sent)
                    sent = sent || (one.when && ends_[sender]->truth_of(kinds_[i], before_[sender], &one.segment));
            }
            step.relation = step.relation && after == (before || sent);
        }
    }
}

z3::expr PairFormula::flying(const Expr& kind, int sender, bool after) const {
    const std::string wanted = to_string(kind, plain_.profile(sender), "");
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        if (to_string(kinds_[i], plain_.profile(sender), "") == wanted)
            return (after ? flying_after_ : flying_)[sender][i];
    }
    throw std::logic_error("a kind of segment that is not kept");
}

SegmentTerm PairFormula::segment(const std::string& stamp, int sender, z3::expr& constraints) {
    return ends_[sender]->any_segment(stamp, constraints);
}

z3::expr PairFormula::sent_by(const Step& step, int sender, const SegmentTerm& segment) {
    z3::expr any = context_->bool_val(false);
    if (!step.reaction || step.action.end != sender) return any;
    for (const ReactionTerm::Sent& sent : step.reaction->sent)
        any = any || (sent.when && ends_[sender]->same(segment, sent.segment));
    return any;
}

// ---------------------------------------------------------------- lemmas and claims

z3::expr PairFormula::holds(const Lemma& lemma, int which, const std::vector<Situation>& moment,
                            const SegmentTerm* first, const SegmentTerm* second) {
    EndFormula& end = *ends_[which];
    switch (lemma.kind) {
        case Lemma::Kind::end:
        case Lemma::Kind::segment: return end.truth_of(lemma.body, moment[which], first);
        case Lemma::Kind::arrival: return ends_[1 - which]->truth_of(lemma.body, moment[1 - which], first);
        case Lemma::Kind::twins: {
            const Expr& condition = lemma.body.args[0];
            const Expr& same = lemma.body.args[1];
            return z3::implies(end.truth_of(condition, moment[which], first) &&
                                   end.truth_of(condition, moment[which], second),
                               end.value_of(same, moment[which], first) == end.value_of(same, moment[which], second));
        }
        case Lemma::Kind::pair: break;
    }
    const Expr& body = lemma.body;
    const std::function<z3::expr(const Expr&, bool)> read = [&](const Expr& expr, bool as_truth) -> z3::expr {
        if (expr.op == Op::at_end) {
            const int whose = expr.end == 2 ? which : 1 - which;
            return as_truth ? ends_[whose]->truth_of(expr.args[0], moment[whose], nullptr)
                            : ends_[whose]->value_of(expr.args[0], moment[whose], nullptr);
        }
        switch (expr.op) {
            case Op::constant: return context_->int_val(expr.value);
            case Op::in_flight: return flying(expr.args[0], expr.end == 2 ? which : 1 - which, &moment == &after_);
            case Op::not_: return !read(expr.args[0], true);
            case Op::and_: return read(expr.args[0], true) && read(expr.args[1], true);
            case Op::or_: return read(expr.args[0], true) || read(expr.args[1], true);
            case Op::implies: return z3::implies(read(expr.args[0], true), read(expr.args[1], true));
            case Op::add: return read(expr.args[0], false) + read(expr.args[1], false);
            case Op::eq: return read(expr.args[0], false) == read(expr.args[1], false);
            case Op::le: return read(expr.args[0], false) <= read(expr.args[1], false);
            default: throw std::logic_error("an operator that no lemma about a pair has");
        }
    };
    return read(body, true);
}

struct PairFormula::View {
    const Step* step;
    const Witness& witness;
    std::vector<z3::expr>& facts;
    std::map<EndRef, int> bound;
    std::vector<z3::expr> in_flight;  // of all that were asked for
    std::vector<z3::expr> quiet;
};

Expr PairFormula::own(const Expr& expr, int end) const {
    return expr.end < 2 ? expr.args[0] : translated(plain_, expr.args[0], end);
}

z3::expr PairFormula::fits(const View&, const Expr& expr, int end, const Situation& at, const SegmentTerm& segment) {
    return expr.args.empty() ? context_->bool_val(true) : ends_[end]->truth_of(own(expr, end), at, &segment);
}

z3::expr PairFormula::over_ends(View& view, const Expr& expr, int depth) {
    z3::expr result = context_->bool_val(expr.op == Op::each);
    for (const int end : {0, 1}) {
        view.bound[2 + 2 * depth] = end;
        view.bound[3 + 2 * depth] = 1 - end;
        const z3::expr one = truth(view, expr.args[0], depth + 1);
        result = expr.op == Op::each ? result && one : result || one;
    }
    return result;
}

// True: there is one in the set of all that were sent. False says nothing, as what was sent may have got lost.
z3::expr PairFormula::in_flight(View& view, const Expr& expr, int end) {
    const Flight flight = view.witness(end);
    const Situation& now = view.step ? after_[end] : before_[end];
    view.facts.push_back(z3::implies(flight.is, fits(view, expr, end, now, flight.segment)));
    view.in_flight.push_back(flight.is);
    for (std::size_t i = 0; i < kinds_.size(); ++i) {
        const z3::expr is = ends_[end]->truth_of(kinds_[i], now, &flight.segment);
        view.facts.push_back(z3::implies(flight.is && is, (view.step ? flying_after_ : flying_)[end][i]));
    }
    if (!expr.counts) return truth_value(flight.is);
    const z3::expr count = context_->int_const(fmt::format("count!{}", witnesses_++).c_str());
    view.facts.push_back(count >= 0 && (count > 0) == flight.is);
    return count;
}

z3::expr PairFormula::sends(View& view, const Expr& expr, int end) {
    z3::expr any = context_->bool_val(false), count = context_->int_val(0);
    for (const ReactionTerm::Sent& sent : view.step->reaction->sent) {
        const z3::expr one = sent.when && fits(view, expr, end, before_[end], sent.segment);
        any = any || one;
        count = count + truth_value(one);
    }
    return expr.counts ? count : truth_value(any);
}

z3::expr PairFormula::step_is(View& view, const Expr& expr, int end) {
    using Kind = TraceStep::Kind;
    const z3::expr never = context_->bool_val(false);
    if (!view.step || view.step->action.end != end) return truth_value(never);
    const Step& step = *view.step;
    const Kind kind = step.action.kind;
    const auto named = [&](const std::vector<ReactionTerm::Named>& list) {
        z3::expr any = never;
        for (const ReactionTerm::Named& one : list) any = one.name == expr.name ? any || one.when : any;
        return any;
    };
    const auto of_segment = [&](Kind wanted) {
        return kind == wanted ? fits(view, expr, end, before_[end], *step.segment) : never;
    };
    switch (expr.op) {
        case Op::calls: return truth_value(context_->bool_val(kind == Kind::call && step.action.name == expr.name));
        case Op::expires: return truth_value(context_->bool_val(kind == Kind::timer && step.action.name == expr.name));
        case Op::gets: return truth_value(of_segment(Kind::deliver));
        case Op::lost: return truth_value(of_segment(Kind::lose));
        case Op::doubled: return truth_value(of_segment(Kind::duplicate));
        default: break;
    }
    if (!step.reaction) return truth_value(never);
    switch (expr.op) {
        case Op::sends: return sends(view, expr, end);
        case Op::signals: return truth_value(named(step.reaction->signals));
        case Op::fires: return truth_value(named(step.reaction->rules));
        case Op::returns: {
            z3::expr is = context_->bool_val(expr.name == "ok" && kind == Kind::call);
            for (const ReactionTerm::Named& one : step.reaction->results) {
                const bool counts = one.name == expr.name && (kind == Kind::call || one.name != "ok");
                is = z3::ite(one.when, context_->bool_val(counts), is);
            }
            return truth_value(is);
        }
        default: throw std::logic_error("a leaf about steps that the prover does not know");
    }
}

z3::expr PairFormula::truth(View& view, const Expr& expr, int depth) {
    const auto arg = [&](std::size_t i) { return truth(view, expr.args[i], depth); };
    switch (expr.op) {
        case Op::not_: return !arg(0);
        case Op::and_: return arg(0) && arg(1);
        case Op::or_: return arg(0) || arg(1);
        case Op::implies: return z3::implies(arg(0), arg(1));
        case Op::each:
        case Op::some: return over_ends(view, expr, depth);
        case Op::at_end: {
            const int end = expr.end < 2 ? expr.end : view.bound.at(expr.end);
            return ends_[end]->truth_of(own(expr, end), (expr.next ? after_ : before_)[end], nullptr);
        }
        case Op::eq: return ends_[0]->equal(value(view, expr.args[0], depth), value(view, expr.args[1], depth));
        case Op::ne: return !ends_[0]->equal(value(view, expr.args[0], depth), value(view, expr.args[1], depth));
        case Op::lt: return value(view, expr.args[0], depth) < value(view, expr.args[1], depth);
        case Op::le: return value(view, expr.args[0], depth) <= value(view, expr.args[1], depth);
        case Op::gt: return value(view, expr.args[0], depth) > value(view, expr.args[1], depth);
        case Op::ge: return value(view, expr.args[0], depth) >= value(view, expr.args[1], depth);
        default: return value(view, expr, depth) != context_->int_val(0);
    }
}

z3::expr PairFormula::value(View& view, const Expr& expr, int depth) {
    switch (expr.op) {
        case Op::constant: return context_->int_val(expr.value);
        case Op::limit: return ends_[plain_.limits(0).count(expr.name) ? 0 : 1]->limit(expr.name);
        case Op::add: return value(view, expr.args[0], depth) + value(view, expr.args[1], depth);
        case Op::subtract: return value(view, expr.args[0], depth) - value(view, expr.args[1], depth);
        case Op::at_end: {
            const int end = expr.end < 2 ? expr.end : view.bound.at(expr.end);
            return ends_[end]->value_of(own(expr, end), (expr.next ? after_ : before_)[end], nullptr);
        }
        case Op::quiet: {
            const z3::expr quiet = context_->bool_const(fmt::format("quiet!{}", witnesses_++).c_str());
            view.quiet.push_back(quiet);
            return truth_value(quiet);
        }
        default: break;
    }
    switch (sort_of(expr.op)) {
        case Sort::network_state: return in_flight(view, expr, expr.end < 2 ? expr.end : view.bound.at(expr.end));
        case Sort::end_step:
        case Sort::network_step: return step_is(view, expr, expr.end < 2 ? expr.end : view.bound.at(expr.end));
        default: return truth_value(truth(view, expr, depth));
    }
}

z3::expr PairFormula::claim(const Expr& body, const Step* step, const Witness& witness, std::vector<z3::expr>& facts) {
    View view{step, witness, facts, {}, {}, {}};
    const z3::expr result = truth(view, body, 0);
    for (const z3::expr& quiet : view.quiet) {
        for (const z3::expr& flight : view.in_flight) facts.push_back(!(quiet && flight));
        for (const auto& flying : step ? flying_after_ : flying_) {
            for (const z3::expr& one : flying) facts.push_back(!(quiet && one));
        }
    }
    return result;
}

}  // namespace lastack
