// The largest part of a set of statements that is an inductive invariant (Houdini: Flanagan and Leino, "Houdini, an
// annotation assistant for ESC/Java", FME 2001), and the small part of that which one claim needs.
//
// All statements are assumed before a step; those that a solver finds broken behind it go; again, until none does. The
// result is the greatest inductive subset, whatever the order. Statements about segments hold of each one that was ever
// sent: a question follows any one of them (for `twins`, two) through the step, and what is delivered is another one.
// Cost: for each action of an end a question, and one more for each model that refutes something.
#pragma once

#include <functional>
#include <set>
#include <stdexcept>

#include "checker/proof/candidates.h"
#include "checker/proof/pair_formula.h"

namespace lastack {

// The solver did not come back in time, or said that it cannot tell.
class SolverGaveUp : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One question, as a file that any solver reads. It is meant to have the answer "unsat".
struct Query {
    std::string name;  // "initiation", "consecution A calls close", "safety"
    std::string smtlib;
};

class Inductive {
public:
    Inductive(PairFormula& formula, Environment environment, std::function<bool()> stop);

    // Keeps what is inductive together with what was kept before. Throws SolverGaveUp.
    void keep_inductive(std::vector<Lemma> candidates);
    const std::vector<Lemma>& lemmas() const { return lemmas_; }

    // Does the claim follow? Which of the lemmas does that need: they are an inductive invariant by themselves.
    // Empty: it does not follow. Throws SolverGaveUp.
    struct Needed {
        std::set<std::size_t> lemmas;
    };
    // `smallest`: no lemma of a core can be left out, which is for few lemmas.
    std::optional<Needed> follows(const Claim& claim, bool smallest = false);

    // Lemmas that need not be looked for.
    void take(std::vector<Lemma> lemmas) { lemmas_ = std::move(lemmas); }
    // All lemmas together are inductive, and the claim follows. Throws SolverGaveUp.
    bool proves(const Claim& claim);
    // The questions that show it.
    std::vector<Query> certificate(const Claim& claim);

    // The parts of it, for who looks for more lemmas (learning.h).
    struct Question {  // a solver that knows a step, and what was true before it
        explicit Question(PairFormula::Step made, z3::solver with) : step(std::move(made)), solver(std::move(with)) {}
        PairFormula::Step step;
        z3::solver solver;
        std::vector<z3::expr> assumed;  // one literal for each lemma
        std::vector<SegmentTerm> tracked;
        std::vector<z3::expr> old;           // whether a tracked segment was there before the step
        std::vector<z3::expr> there;         // it was, or the step sends it
        std::optional<SegmentTerm> waiting;  // any that the other end has sent before
        int sender = 0;
    };
    using Chosen = const std::set<std::size_t>*;  // null: all lemmas
    // `by_literal`: a lemma is assumed where its literal is.
    Question ask(const Action& action, Chosen chosen, bool by_literal);
    Question ask_now(Chosen chosen, bool by_literal);  // no step: the state itself
    // The claim is false; what that needs of segments in flight is added to the solver.
    z3::expr violated(const Claim& claim, Question& question, Chosen chosen, bool by_literal);
    std::vector<Action> actions() const;
    std::vector<Action> claim_actions(const Claim& claim) const;
    z3::check_result check(z3::solver& solver, const z3::expr_vector* assumptions = nullptr);

private:
    struct Goal {
        std::size_t lemma;
        z3::expr holds;
    };

    z3::solver fresh_solver();
    std::vector<int> sides(const Lemma& lemma) const;
    void assume(Question& question, const std::vector<Lemma>& lemmas, Chosen chosen, bool by_literal);
    z3::expr waits();  // there is the segment `waiting`
    z3::expr known_before(const Lemma& lemma, const Question* question);
    std::vector<Goal> goals(const Question& question, const std::vector<Lemma>& lemmas, Chosen chosen);
    bool drop_refuted(const Action& action);
    bool drop_at_start();
    // The questions of a proof with all lemmas, one by one, until `asked` says that it is enough.
    void each_question(const Claim& claim, const std::function<bool(const std::string&, z3::solver&)>& asked);
    std::set<std::size_t> core(z3::solver& solver, const std::vector<z3::expr>& assumed);

    PairFormula& formula_;
    Environment environment_;
    std::function<bool()> stop_;
    std::vector<Lemma> lemmas_;
};

}  // namespace lastack
