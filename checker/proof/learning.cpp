#include "checker/proof/learning.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastack {

namespace {

// What is found at all is found with fewer; without a bound a claim that is false would take all the time there is.
constexpr std::size_t most_clauses = 1000;

}  // namespace

Learning::Learning(PairFormula& formula, Inductive& inductive, std::vector<Expr> predicates,
                   const std::vector<Valuation>& shown)
    : formula_(formula), inductive_(inductive), predicates_(std::move(predicates)) {
    for (const int side : {0, 1}) {
        for (const Expr& predicate : predicates_) {
            const Lemma said{Lemma::Kind::pair, 0, predicate};
            truth_[side][0].push_back(formula_.holds(said, side, formula_.before()));
            truth_[side][1].push_back(formula_.holds(said, side, formula_.after()));
        }
    }
    for (const Valuation& state : shown) reach(state);
}

// ---------------------------------------------------------------- clauses

z3::expr Learning::said(const Clause& clause, int side, bool after) {
    z3::expr_vector any(formula_.context());
    for (const std::size_t i : clause.predicates) {
        const z3::expr& truth = truth_[side][after][i];
        any.push_back(clause.wanted[i] ? truth : !truth);
    }
    return z3::mk_or(any);
}

Valuation Learning::read(const z3::model& model, int side, bool after) {
    Valuation state;
    for (std::size_t i = 0; i < predicates_.size(); ++i) state[i] = model.eval(truth_[side][after][i], true).is_true();
    return state;
}

bool Learning::holds(const Clause& clause, const Valuation& state) const {
    return std::any_of(clause.predicates.begin(), clause.predicates.end(),
                       [&](std::size_t i) { return state[i] == clause.wanted[i]; });
}

// Few predicates of which each reached state has one otherwise; none: it is itself a reached one.
std::vector<std::size_t> Learning::telling(const Valuation& state) const {
    std::vector<std::size_t> some;
    std::vector<Valuation> alike;  // of those left, where they differ
    for (const Valuation& reached : reached_) alike.push_back(reached ^ state);
    while (!alike.empty()) {
        std::vector<std::size_t> differ(predicates_.size());
        for (const Valuation& one : alike) {
            for (std::size_t i = one._Find_first(); i < predicates_.size(); i = one._Find_next(i)) ++differ[i];
        }
        const auto best = std::max_element(differ.begin(), differ.end());
        if (*best == 0) return {};
        some.push_back(static_cast<std::size_t>(best - differ.begin()));
        std::erase_if(alike, [&](const Valuation& one) { return one[some.back()]; });
    }
    return some;
}

void Learning::assume(const Clause& clause, z3::solver& solver) {
    solver.add(z3::implies(clause.guard, said(clause, 0, false)));
    if (formula_.alike()) solver.add(z3::implies(clause.guard, said(clause, 1, false)));
}

z3::expr_vector Learning::guards() {
    z3::expr_vector list(formula_.context());
    for (const Clause& clause : clauses_) {
        if (!clause.dropped) list.push_back(clause.guard);
    }
    return list;
}

bool Learning::rule_out(const Valuation& state) {
    std::vector<std::size_t> some = telling(state);
    if (some.empty()) return false;
    if (clauses_.size() == most_clauses) throw SolverGaveUp(fmt::format("{} clauses were not enough", most_clauses));
    const z3::expr guard = formula_.context().bool_const(fmt::format("learned {}", clauses_.size()).c_str());
    clauses_.push_back({std::move(some), ~state, guard, std::vector<bool>(steps_.size()), false});
    for (std::vector<Inductive::Question>* list : {&steps_, &of_claim_}) {
        for (Inductive::Question& question : *list) assume(clauses_.back(), question.solver);
    }
    return true;
}

void Learning::reach(const Valuation& state) {
    if (!known_.insert(state).second) return;
    reached_.push_back(state);
    for (Clause& clause : clauses_) {
        if (clause.dropped || holds(clause, state)) continue;
        clause.dropped = true;
        for (Clause& other : clauses_) other.kept_by.assign(steps_.size(), false);
    }
}

// ---------------------------------------------------------------- what is open

bool Learning::follows() {
    for (Inductive::Question& question : of_claim_) {
        for (z3::expr_vector assumed = guards(); inductive_.check(question.solver, &assumed) == z3::sat;
             assumed = guards()) {
            const z3::model model = question.solver.get_model();
            if (!rule_out(read(model, 0, false))) return false;
        }
    }
    return true;
}

// No step breaks a clause, or clauses were dropped: false.
bool Learning::keep(std::size_t step) {
    z3::solver& solver = steps_[step].solver;
    while (true) {
        z3::expr_vector broken(formula_.context());
        std::vector<std::size_t> asked;
        for (std::size_t i = 0; i < clauses_.size(); ++i) {
            if (clauses_[i].dropped || clauses_[i].kept_by[step]) continue;
            asked.push_back(i);
            broken.push_back(!said(clauses_[i], 0, true));
            if (formula_.alike()) broken.push_back(!said(clauses_[i], 1, true));
        }
        if (asked.empty()) return true;
        solver.push();
        solver.add(z3::mk_or(broken));
        const z3::expr_vector assumed = guards();
        if (inductive_.check(solver, &assumed) == z3::unsat) {
            solver.pop();
            for (const std::size_t i : asked) clauses_[i].kept_by[step] = true;
            continue;
        }
        const z3::model model = solver.get_model();
        const Valuation before = read(model, 0, false);
        const Valuation after[2] = {read(model, 0, true), read(model, 1, true)};
        solver.pop();
        if (rule_out(before)) continue;
        const std::size_t now = reached_.size();
        reach(after[0]);
        if (formula_.alike()) reach(after[1]);
        if (now != reached_.size()) return false;
    }
}

std::optional<std::vector<Lemma>> Learning::learn(const Claim& claim) {
    for (const Action& action : inductive_.actions()) steps_.push_back(inductive_.ask(action, nullptr, false));
    if (claim.kind == Claim::Kind::invariant) of_claim_.push_back(inductive_.ask_now(nullptr, false));
    for (const Action& action : inductive_.claim_actions(claim))
        of_claim_.push_back(inductive_.ask(action, nullptr, false));
    for (Inductive::Question& question : of_claim_)
        question.solver.add(inductive_.violated(claim, question, nullptr, false));
    for (bool again = true; again;) {
        again = false;
        if (!follows()) return std::nullopt;
        for (std::size_t step = 0; step < steps_.size() && !again; ++step) {
            const std::size_t count = clauses_.size();
            again = !keep(step) || count != clauses_.size();
        }
    }
    std::vector<Lemma> lemmas;
    for (const Clause& clause : clauses_) {
        if (clause.dropped) continue;
        const auto literal = [&](std::size_t i) {
            return clause.wanted[i] ? predicates_[i] : expr::unary(Op::not_, predicates_[i]);
        };
        Expr any = literal(clause.predicates.front());
        for (std::size_t i = 1; i < clause.predicates.size(); ++i)
            any = expr::binary(Op::or_, std::move(any), literal(clause.predicates[i]));
        lemmas.push_back({Lemma::Kind::pair, 0, std::move(any)});
    }
    return lemmas;
}

}  // namespace lastack
