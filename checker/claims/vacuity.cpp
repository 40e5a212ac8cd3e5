#include "checker/claims/vacuity.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/source_text.h"

namespace lastack {

namespace {

Expr node(Op op, std::vector<Expr> args, const Where& where) {
    Expr expr;
    expr.op = op;
    expr.args = std::move(args);
    expr.where = where;
    return expr;
}

// Walks a body; `around` is the path of quantifiers and premises that lead to the place at hand.
class PremiseFinder {
public:
    void walk(const Expr& expr, bool positive) {
        switch (expr.op) {
            case Op::not_: walk(expr.args[0], !positive); break;
            case Op::and_:
            case Op::or_:
                for (const Expr& arg : expr.args) walk(arg, positive);
                break;
            case Op::each:
            case Op::some:
                around_.push_back(&expr);
                walk(expr.args[0], positive);
                around_.pop_back();
                break;
            case Op::implies: implication(expr, positive); break;
            default: break;
        }
    }
    const std::vector<std::pair<Expr, const Expr*>>& found() const { return found_; }

private:
    void implication(const Expr& expr, bool positive) {
        walk(expr.args[0], !positive);
        if (positive) {
            found_.emplace_back(never(expr.args[0]), &expr.args[0]);
            around_.push_back(&expr.args[0]);
        }
        walk(expr.args[1], positive);
        if (positive) around_.pop_back();
    }

    // "Nowhere is P true": under the same quantifiers, all of them `each` now, so that ends are numbered as before; and
    // only where the premises around it are true as well.
    Expr never(const Expr& premise) const {
        Expr body = node(Op::not_, {premise}, premise.where);
        for (std::size_t i = around_.size(); i-- > 0;) {
            const Expr& outer = *around_[i];
            if (outer.op == Op::each || outer.op == Op::some) {
                Expr quantified = outer;
                quantified.op = Op::each;
                quantified.args = {std::move(body)};
                body = std::move(quantified);
            } else {
                body = node(Op::implies, {outer, std::move(body)}, outer.where);
            }
        }
        return body;
    }

    std::vector<const Expr*> around_;
    std::vector<std::pair<Expr, const Expr*>> found_;
};

Claim derived(const Claim& claim, std::size_t number, Expr body, std::string text, const Where& where) {
    Claim premise;
    premise.id = fmt::format("{} premise {}", claim.id, number);
    premise.sentence = std::move(text);
    premise.system = claim.system;
    premise.kind = claim.kind == Claim::Kind::acyclic ? Claim::Kind::step : claim.kind;
    premise.stages = {std::move(body)};
    premise.where = where;
    return premise;
}

}  // namespace

std::vector<Claim> premises_of(const Claim& claim) {
    using Kind = Claim::Kind;
    std::vector<Claim> premises;
    const auto add = [&](Expr body, std::string text, const Where& where) {
        premises.push_back(derived(claim, premises.size() + 1, std::move(body), std::move(text), where));
    };
    const bool about_moments = claim.kind == Kind::invariant || claim.kind == Kind::step || claim.kind == Kind::ends;
    if (claim.stages.empty() || (!about_moments && claim.kind != Kind::acyclic)) return premises;
    const Expr& body = claim.stages.front();
    if (claim.kind == Kind::ends) add(Expr{}, "a state that no step leaves", claim.where);  // the constant 0: false
    if (claim.kind == Kind::acyclic) {
        add(node(Op::not_, {body}, body.where), source_text(body), body.where);
        return premises;
    }
    PremiseFinder finder;
    finder.walk(body, true);
    for (const auto& [never, premise] : finder.found()) add(never, source_text(*premise), premise->where);
    return premises;
}

Premises::Premises(const std::vector<const Claim*>& claims) {
    for (const Claim* claim : claims) {
        for (Claim& premise : premises_of(*claim)) derived_.push_back({claim, std::move(premise)});
    }
}

std::vector<const Claim*> Premises::claims() const {
    std::vector<const Claim*> all;
    for (const Derived& derived : derived_) all.push_back(&derived.premise);
    return all;
}

bool Premises::is_premise(const Claim* claim) const {
    return std::any_of(derived_.begin(), derived_.end(), [&](const Derived& each) { return &each.premise == claim; });
}

std::vector<std::string> Premises::never_met(const Claim& claim, const WatchHooks& hooks) const {
    std::vector<std::string> missing;
    for (const Derived& derived : derived_) {
        if (derived.parent != &claim) continue;
        for (const auto& watch : hooks.watches()) {
            if (watch->claim != &derived.premise || watch->found) continue;
            const std::string place = place_text(derived.premise.where);
            missing.push_back(fmt::format("'{}'{}", derived.premise.sentence, place.empty() ? "" : " (" + place + ")"));
        }
    }
    return missing;
}

}  // namespace lastack
