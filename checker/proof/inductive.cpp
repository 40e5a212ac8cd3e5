#include "checker/proof/inductive.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastack {

namespace {

bool is_chosen(const std::set<std::size_t>* chosen, std::size_t lemma) { return !chosen || chosen->count(lemma) > 0; }

constexpr int followed = 2;  // segments: `twins` speaks of two

}  // namespace

Inductive::Inductive(PairFormula& formula, Environment environment, std::function<bool()> stop)
    : formula_(formula), environment_(environment), stop_(std::move(stop)) {}

z3::solver Inductive::fresh_solver() { return {formula_.context(), z3::solver::simple()}; }

z3::check_result Inductive::check(z3::solver& solver, const z3::expr_vector* assumptions) {
    if (stop_ && stop_()) throw SolverGaveUp("the time was over");
    try {
        const z3::check_result result = assumptions ? solver.check(*assumptions) : solver.check();
        if (result != z3::unknown) return result;
    } catch (const z3::exception& error) {
        throw SolverGaveUp(error.msg());
    }
    throw SolverGaveUp(solver.reason_unknown());
}

std::vector<int> Inductive::sides(const Lemma& lemma) const {
    return formula_.alike() ? std::vector<int>{0, 1} : std::vector<int>{lemma.end};
}

// Where the ends are alike the steps of B are those of A in a mirror.
std::vector<Action> Inductive::actions() const {
    std::vector<Action> all = formula_.actions_of(0);
    if (formula_.alike()) return all;
    for (Action& action : formula_.actions_of(1)) all.push_back(std::move(action));
    return all;
}

// ---------------------------------------------------------------- one step

z3::expr Inductive::known_before(const Lemma& lemma, const Question* question) {
    z3::expr all = formula_.context().bool_val(true);
    const auto& before = formula_.before();
    for (const int side : sides(lemma)) {
        switch (lemma.kind) {
            case Lemma::Kind::end:
            case Lemma::Kind::pair: all = all && formula_.holds(lemma, side, before); break;
            case Lemma::Kind::arrival:
            case Lemma::Kind::segment: {
                if (!question) break;
                const PairFormula::Step& step = question->step;
                if (step.segment && environment_ != Environment::anyone) {
                    const bool delivered = step.action.kind == TraceStep::Kind::deliver;
                    if (side == (delivered ? 1 - step.action.end : step.action.end))
                        all = all && formula_.holds(lemma, side, before, &*step.segment);
                }
                if (question->waiting && side != question->sender)
                    all = all && z3::implies(waits(), formula_.holds(lemma, side, before, &*question->waiting));
                for (std::size_t i = 0; i < question->tracked.size() && side == question->sender; ++i)
                    all = all &&
                          z3::implies(question->old[i], formula_.holds(lemma, side, before, &question->tracked[i]));
                break;
            }
            case Lemma::Kind::twins: {
                if (!question || side != question->sender || question->tracked.size() < 2) break;
                all = all &&
                      z3::implies(question->old[0] && question->old[1],
                                  formula_.holds(lemma, side, before, &question->tracked[0], &question->tracked[1]));
                break;
            }
        }
    }
    return all;
}

z3::expr Inductive::waits() { return formula_.context().bool_const("waits"); }

void Inductive::assume(Question& question, const std::vector<Lemma>& lemmas, Chosen chosen, bool by_literal) {
    for (std::size_t i = 0; i < lemmas.size(); ++i) {
        const z3::expr literal = formula_.context().bool_const(fmt::format("lemma {}", i).c_str());
        question.assumed.push_back(literal);
        if (!is_chosen(chosen, i)) continue;
        const z3::expr known = known_before(lemmas[i], &question);
        question.solver.add(by_literal ? z3::implies(literal, known) : known);
    }
}

Inductive::Question Inductive::ask(const Action& action, Chosen chosen, bool by_literal) {
    Question question(formula_.step(action), fresh_solver());
    question.sender = action.end;
    question.solver.add(formula_.known());
    question.solver.add(question.step.relation);
    // None of these need be there: where nothing was sent yet, what is known of segments must not rule out the step.
    z3::expr waiting_fields = formula_.context().bool_val(true);
    if (environment_ != Environment::anyone)
        question.waiting = formula_.segment("waiting", 1 - question.sender, waiting_fields);
    question.solver.add(waiting_fields);
    for (int i = 0; i < followed; ++i) {
        z3::expr fields = formula_.context().bool_val(true);
        question.tracked.push_back(formula_.segment(fmt::format("sent {}", i), question.sender, fields));
        const z3::expr old = formula_.context().bool_const(fmt::format("old {}", i).c_str());
        question.old.push_back(old);
        question.solver.add(fields);
        question.there.push_back(old || formula_.sent_by(question.step, question.sender, question.tracked.back()));
    }
    assume(question, lemmas_, chosen, by_literal);
    return question;
}

Inductive::Question Inductive::ask_now(Chosen chosen, bool by_literal) {
    Question question({Action{}, std::nullopt, std::nullopt, formula_.context().bool_val(true)}, fresh_solver());
    question.solver.add(formula_.known());
    assume(question, lemmas_, chosen, by_literal);
    return question;
}

std::vector<Inductive::Goal> Inductive::goals(const Question& question, const std::vector<Lemma>& lemmas,
                                              Chosen chosen) {
    std::vector<Goal> result;
    const int actor = question.step.action.end;
    const auto& after = formula_.after();
    for (std::size_t i = 0; i < lemmas.size(); ++i) {
        if (!is_chosen(chosen, i)) continue;
        const Lemma& lemma = lemmas[i];
        const std::vector<int> said_of = sides(lemma);
        if (lemma.kind == Lemma::Kind::pair) {
            for (const int side : said_of) result.push_back({i, formula_.holds(lemma, side, after)});
            continue;
        }
        if (lemma.kind == Lemma::Kind::arrival) {
            // What it has sent meets what the peer becomes, and the other way round.
            for (const int side : said_of) {
                const bool own = side == actor;
                const z3::expr holds =
                    formula_.holds(lemma, side, after, own ? &question.tracked[0] : &*question.waiting);
                result.push_back({i, z3::implies(own ? question.there[0] : waits(), holds)});
            }
            continue;
        }
        if (std::find(said_of.begin(), said_of.end(), actor) == said_of.end()) continue;
        const SegmentTerm* first = lemma.kind == Lemma::Kind::end ? nullptr : &question.tracked[0];
        const SegmentTerm* second = lemma.kind == Lemma::Kind::twins ? &question.tracked[1] : nullptr;
        z3::expr there = formula_.context().bool_val(true);
        if (first) there = there && question.there[0];
        if (second) there = there && question.there[1];
        result.push_back({i, z3::implies(there, formula_.holds(lemma, actor, after, first, second))});
    }
    return result;
}

// ---------------------------------------------------------------- the inductive part

bool Inductive::drop_refuted(const Action& action) {
    Question question = ask(action, nullptr, false);
    const std::vector<Goal> all = goals(question, lemmas_, nullptr);
    z3::context& context = formula_.context();
    z3::expr_vector broken(context);
    std::vector<z3::expr> asked;
    for (std::size_t i = 0; i < all.size(); ++i) {
        asked.push_back(context.bool_const(fmt::format("asked {}", i).c_str()));
        broken.push_back(asked.back() && !all[i].holds);
    }
    question.solver.add(z3::mk_or(broken));
    std::set<std::size_t> gone;
    std::vector<bool> dropped(all.size());
    while (check(question.solver) == z3::sat) {
        const z3::model model = question.solver.get_model();
        for (std::size_t i = 0; i < all.size(); ++i) {
            if (dropped[i] || !model.eval(all[i].holds, true).is_false()) continue;
            dropped[i] = true;
            gone.insert(all[i].lemma);
            question.solver.add(!asked[i]);
        }
    }
    std::vector<Lemma> kept;
    for (std::size_t i = 0; i < lemmas_.size(); ++i) {
        if (gone.count(i) == 0) kept.push_back(std::move(lemmas_[i]));
    }
    lemmas_ = std::move(kept);
    return !gone.empty();
}

bool Inductive::drop_at_start() {
    z3::solver solver = fresh_solver();
    solver.add(formula_.known());
    solver.add(formula_.initial());
    std::vector<Lemma> kept;
    for (Lemma& lemma : lemmas_) {
        solver.push();
        solver.add(!known_before(lemma, nullptr));
        if (check(solver) == z3::unsat) kept.push_back(std::move(lemma));
        solver.pop();
    }
    lemmas_ = std::move(kept);
    return false;
}

void Inductive::keep_inductive(std::vector<Lemma> candidates) {
    for (Lemma& lemma : candidates) lemmas_.push_back(std::move(lemma));
    drop_at_start();
    for (bool again = true; again;) {
        again = false;
        for (const Action& action : actions()) again = drop_refuted(action) || again;
    }
}

// ---------------------------------------------------------------- a claim

std::vector<Action> Inductive::claim_actions(const Claim& claim) const {
    if (claim.kind == Claim::Kind::invariant) return {};
    std::vector<Action> all = formula_.actions_of(0);
    for (const std::vector<Action>& more : {formula_.actions_of(1), formula_.network_actions()})
        all.insert(all.end(), more.begin(), more.end());
    return all;
}

z3::expr Inductive::violated(const Claim& claim, Question& question, Chosen chosen, bool by_literal) {
    z3::context& context = formula_.context();
    const bool of_step = claim.kind != Claim::Kind::invariant;
    std::vector<std::pair<int, SegmentTerm>> met;
    std::vector<z3::expr> is_there, facts;
    const auto witness = [&](int sender) -> PairFormula::Flight {
        const std::string name = fmt::format("flying {}", met.size());
        z3::expr fields = context.bool_val(true);
        SegmentTerm segment = formula_.segment(name, sender, fields);
        const z3::expr is = context.bool_const((name + " is").c_str());
        // Lemmas speak of what was sent before the step; of what it sends the step itself says all.
        const z3::expr old = context.bool_const((name + " old").c_str());
        facts.push_back(z3::implies(is, fields));
        if (of_step) facts.push_back(z3::implies(is, old || formula_.sent_by(question.step, sender, segment)));
        is_there.push_back(of_step ? is && old : is);
        met.emplace_back(sender, segment);
        return {is, met.back().second};
    };
    const z3::expr holds = formula_.claim(claim.stages.front(), of_step ? &question.step : nullptr, witness, facts);
    for (std::size_t i = 0; i < lemmas_.size(); ++i) {
        const Lemma& lemma = lemmas_[i];
        if (!is_chosen(chosen, i)) continue;
        z3::expr all = context.bool_val(true);
        for (std::size_t a = 0; a < met.size(); ++a) {
            for (const int side : sides(lemma)) {
                if (side != met[a].first) continue;
                if (lemma.kind == Lemma::Kind::segment || lemma.kind == Lemma::Kind::arrival)
                    all =
                        all && z3::implies(is_there[a], formula_.holds(lemma, side, formula_.before(), &met[a].second));
                for (std::size_t b = 0; b < a && lemma.kind == Lemma::Kind::twins; ++b) {
                    if (met[b].first != side) continue;
                    all = all &&
                          z3::implies(is_there[a] && is_there[b],
                                      formula_.holds(lemma, side, formula_.before(), &met[a].second, &met[b].second));
                }
            }
        }
        if (!all.is_true()) question.solver.add(by_literal ? z3::implies(question.assumed[i], all) : all);
    }
    for (const z3::expr& fact : facts) question.solver.add(fact);
    return !holds;
}

std::set<std::size_t> Inductive::core(z3::solver& solver, const std::vector<z3::expr>& assumed) {
    std::set<unsigned> ids;
    const z3::expr_vector used = solver.unsat_core();
    for (unsigned i = 0; i < used.size(); ++i) ids.insert(Z3_get_ast_id(formula_.context(), used[i]));
    std::set<std::size_t> result;
    for (std::size_t i = 0; i < assumed.size(); ++i) {
        if (ids.count(Z3_get_ast_id(formula_.context(), assumed[i]))) result.insert(i);
    }
    return result;
}

std::optional<Inductive::Needed> Inductive::follows(const Claim& claim, bool smallest) {
    z3::context& context = formula_.context();
    const auto all_of = [&](const std::vector<z3::expr>& assumed) {
        z3::expr_vector list(context);
        for (const z3::expr& one : assumed) list.push_back(one);
        return list;
    };
    Needed needed;
    const auto need = [&](Question& question, const z3::expr& broken) {
        question.solver.set("core.minimize", smallest);
        question.solver.push();
        question.solver.add(broken);
        const z3::expr_vector list = all_of(question.assumed);
        const bool follows = check(question.solver, &list) == z3::unsat;
        if (follows) needed.lemmas.merge(core(question.solver, question.assumed));
        question.solver.pop();
        return follows;
    };
    if (claim.kind == Claim::Kind::invariant) {
        Question question = ask_now(nullptr, true);
        const z3::expr broken = violated(claim, question, nullptr, true);
        if (!need(question, broken)) return std::nullopt;
    }
    for (const Action& action : claim_actions(claim)) {
        Question question = ask(action, nullptr, true);
        const z3::expr broken = violated(claim, question, nullptr, true);
        if (!need(question, broken)) return std::nullopt;
    }
    // What those need, in turn.
    std::vector<Question> steps;
    for (const Action& action : actions()) steps.push_back(ask(action, nullptr, true));
    std::set<std::size_t> done;
    while (done.size() < needed.lemmas.size()) {
        const std::set<std::size_t> now = needed.lemmas;
        for (const std::size_t lemma : now) {
            if (!done.insert(lemma).second) continue;
            const std::set<std::size_t> only{lemma};
            for (Question& question : steps) {
                for (const Goal& goal : goals(question, lemmas_, &only)) {
                    if (!need(question, !goal.holds)) throw std::logic_error("a lemma that was inductive is not");
                }
            }
        }
    }
    return needed;
}

void Inductive::each_question(const Claim& claim, const std::function<bool(const std::string&, z3::solver&)>& asked) {
    z3::context& context = formula_.context();
    z3::solver start = fresh_solver();
    start.add(formula_.known());
    start.add(formula_.initial());
    z3::expr_vector broken(context);
    for (const Lemma& lemma : lemmas_) broken.push_back(!known_before(lemma, nullptr));
    start.add(z3::mk_or(broken));
    if (!asked("initiation", start)) return;
    for (const Action& action : actions()) {
        Question question = ask(action, nullptr, false);
        z3::expr_vector behind(context);
        for (const Goal& goal : goals(question, lemmas_, nullptr)) behind.push_back(!goal.holds);
        question.solver.add(z3::mk_or(behind));
        if (!asked("consecution " + to_string(action), question.solver)) return;
    }
    if (claim.kind == Claim::Kind::invariant) {
        Question question = ask_now(nullptr, false);
        question.solver.add(violated(claim, question, nullptr, false));
        if (!asked("safety", question.solver)) return;
    }
    for (const Action& action : claim_actions(claim)) {
        Question question = ask(action, nullptr, false);
        question.solver.add(violated(claim, question, nullptr, false));
        if (!asked("safety " + to_string(action), question.solver)) return;
    }
}

bool Inductive::proves(const Claim& claim) {
    bool all = true;
    each_question(claim, [&](const std::string&, z3::solver& solver) { return all = check(solver) == z3::unsat; });
    return all;
}

std::vector<Query> Inductive::certificate(const Claim& claim) {
    std::vector<Query> queries;
    each_question(claim, [&](const std::string& name, z3::solver& solver) {
        queries.push_back({name, "(set-logic QF_LIA)\n" + solver.to_smt2("unsat")});
        return true;
    });
    return queries;
}

}  // namespace lastack
