// Clauses over given predicates, learned from counterexamples to induction, until a claim follows and all are
// inductive.
//
// A state from which the claim is false, or from which one step breaks a clause, is told apart from all states that are
// known to be reached by a few predicates (a hitting set, greedily): that is a new clause. Where no predicate tells it
// apart, what it leads to counts as reached, too, and the clauses that this refutes go. The reached states are those of
// the runs to begin with. (Learning from examples, counterexamples and implications: Garg, Loeding, Madhusudan and
// Neider, "ICE: a robust framework for learning invariants", CAV 2014; here the learner is the hitting set, and the
// lemmas that Houdini kept are assumed throughout.)
// It ends: a clause excludes a valuation of the predicates, or a valuation becomes reached, of which there are finitely
// many. Cost: for each clause a few questions, and a pass over what is reached. Nothing is claimed by it: what it found
// is put to Houdini.
#pragma once

#include <unordered_set>

#include "checker/proof/inductive.h"
#include "checker/proof/refuting_runs.h"

namespace lastack {

class Learning {
public:
    // Predicates as in Lemma::Kind::pair, of A and its peer; `shown`: what the runs show of them.
    Learning(PairFormula& formula, Inductive& inductive, std::vector<Expr> predicates,
             const std::vector<Valuation>& shown);

    // Empty: states that the predicates do not tell from reached ones make the claim false. Throws SolverGaveUp.
    std::optional<std::vector<Lemma>> learn(const Claim& claim);

private:
    struct Clause {  // one of the predicates has the wanted value
        std::vector<std::size_t> predicates;
        Valuation wanted;
        z3::expr guard;             // it is assumed
        std::vector<bool> kept_by;  // by step: none breaks it
        bool dropped = false;
    };
    z3::expr said(const Clause& clause, int side, bool after);
    Valuation read(const z3::model& model, int side, bool after);
    bool holds(const Clause& clause, const Valuation& state) const;
    std::vector<std::size_t> telling(const Valuation& state) const;
    bool rule_out(const Valuation& state);
    void reach(const Valuation& state);
    void assume(const Clause& clause, z3::solver& solver);
    z3::expr_vector guards();
    bool follows();
    bool keep(std::size_t step);

    PairFormula& formula_;
    Inductive& inductive_;
    std::vector<Expr> predicates_;
    std::vector<z3::expr> truth_[2][2];  // by side, then before and after
    std::unordered_set<Valuation> known_;
    std::vector<Valuation> reached_;
    std::vector<Clause> clauses_;
    std::vector<Inductive::Question> steps_, of_claim_;
};

}  // namespace lastack
