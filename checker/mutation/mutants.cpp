#include "checker/mutation/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <iterator>
#include <optional>

#include "checker/mutation/conditions.h"
#include "checker/mutation/effects.h"
#include "checker/mutation/wider_mutants.h"
#include "model/source_text.h"

namespace lastack {

const std::vector<Mutant::Operator> claim_operators = {Mutant::Operator::rule,   Mutant::Operator::case_,
                                                       Mutant::Operator::guard,  Mutant::Operator::effect,
                                                       Mutant::Operator::target, Mutant::Operator::number};
const std::vector<Mutant::Operator> all_operators = {
    Mutant::Operator::rule,   Mutant::Operator::case_,  Mutant::Operator::guard,    Mutant::Operator::effect,
    Mutant::Operator::target, Mutant::Operator::number, Mutant::Operator::state,    Mutant::Operator::condition,
    Mutant::Operator::negate, Mutant::Operator::bound,  Mutant::Operator::field,    Mutant::Operator::flag,
    Mutant::Operator::twice,  Mutant::Operator::rearm,  Mutant::Operator::duration, Mutant::Operator::result,
    Mutant::Operator::ignore, Mutant::Operator::accept};

namespace {

using Operator = Mutant::Operator;

// ---------------------------------------------------------------- numbers

bool same_place(const Where& a, const Where& b) {
    return a.source == b.source && a.line == b.line && a.column == b.column && a.length == b.length;
}

std::optional<Op> other_bound(Op op) {
    switch (op) {
        case Op::lt: return Op::le;
        case Op::le: return Op::lt;
        case Op::gt: return Op::ge;
        case Op::ge: return Op::gt;
        default: return std::nullopt;
    }
}

const char* sign_of(Op op) {
    switch (op) {
        case Op::lt: return "<";
        case Op::le: return "<=";
        case Op::gt: return ">";
        default: return ">=";
    }
}

// What may be off by one: the limit of a comparison, and a number that is added or taken away.
void each_number(const Expr& expr, bool in_sum, const std::function<void(const Expr&)>& visit) {
    const bool number = in_sum && expr.op == Op::constant;
    if (number || other_bound(expr.op)) visit(expr);
    const bool sum = expr.op == Op::add || expr.op == Op::subtract;
    for (const Expr& arg : expr.args) each_number(arg, sum, visit);
}

void change_number(Expr& expr, bool in_sum, const Where& where) {
    if (same_place(expr.where, where)) {
        if (const std::optional<Op> other = other_bound(expr.op)) {
            expr.op = *other;
            return;
        }
        if (in_sum && expr.op == Op::constant) ++expr.value;
    }
    const bool sum = expr.op == Op::add || expr.op == Op::subtract;
    for (Expr& arg : expr.args) change_number(arg, sum, where);
}

template <typename ProfileType, typename Visit>
void each_case(ProfileType& profile, Visit&& visit) {
    for (auto& handler : profile.handlers) {
        for (auto& step : handler.steps) {
            for (auto& rule : step.rules) {
                for (auto& one : rule.cases) visit(one);
            }
        }
    }
}

// ---------------------------------------------------------------- the list

class Breeder {
public:
    Breeder(const Profile& profile, const std::vector<Operator>& operators)
        : profile_(profile), operators_(operators) {}

    std::vector<Mutant> all() {
        for (std::size_t h = 0; h < profile_.handlers.size(); ++h) {
            const Handler& handler = profile_.handlers[h];
            for (std::size_t s = 0; s < handler.steps.size(); ++s) {
                for (std::size_t r = 0; r < handler.steps[s].rules.size(); ++r) {
                    at_.handler = static_cast<int>(h);
                    at_.step = static_cast<int>(s);
                    at_.rule = static_cast<int>(r);
                    of_rule(handler.steps[s], handler.steps[s].rules[r]);
                }
            }
        }
        if (wanted(Operator::number)) numbers();
        return std::move(mutants_);
    }

private:
    bool wanted(Operator op) const { return std::find(operators_.begin(), operators_.end(), op) != operators_.end(); }

    void add(Operator op, const std::string& id, const Where& where, int part = -1) {
        if (!wanted(op)) return;
        Mutant mutant = at_;
        mutant.op = op;
        mutant.id = id;
        mutant.where = where;
        mutant.part = part;
        mutants_.push_back(std::move(mutant));
    }

    void of_rule(const Step& step, const Rule& rule) {
        at_.rule_name = rule.name;
        at_.sentence = rule.sentence;
        at_.case_ = -1;
        add(Operator::rule, "drop rule " + rule.name, rule.where);
        for (std::size_t c = 0; c < rule.cases.size(); ++c) {
            at_.case_ = static_cast<int>(c);
            const Case& one = rule.cases[c];
            const std::string name = rule.cases.size() == 1 ? rule.name : fmt::format("{} case {}", rule.name, c + 1);
            if (rule.cases.size() > 1) add(Operator::case_, "drop " + name, one.where);
            guards(step, rule, one, name);
            effects(one, name);
            const bool moves = one.to >= 0 && (one.from.size() != 1 || one.from.front() != one.to);
            if (moves)
                add(Operator::target, fmt::format("{}: without -> {}", name, profile_.states[one.to].name), one.where);
        }
    }

    void guards(const Step& step, const Rule& rule, const Case& one, const std::string& name) {
        if (!one.guard) return;
        if (!ambiguous_without_guard(step, rule, one)) {
            add(Operator::guard, name + ": guard is true", one.where);
            return;
        }
        std::vector<const Expr*> conditions;
        conditions_of(*one.guard, conditions);
        for (std::size_t i = 0; conditions.size() > 1 && i < conditions.size(); ++i) {
            add(Operator::guard, fmt::format("{}: without condition {} ({})", name, i + 1, source_text(*conditions[i])),
                one.where, static_cast<int>(i));
        }
    }

    void effects(const Case& one, const std::string& name) {
        int number = 0;
        each_effect(one.effects, [&](const Effect& effect) {
            const bool watches = effect.kind == Effect::Kind::assign && profile_.variables[effect.index].history;
            if (!watches) {
                add(Operator::effect,
                    fmt::format("{}: without effect {} ({})", name, number + 1, source_text(effect.where)),
                    effect.where, number);
            }
            ++number;
        });
    }

    // A let is put in wherever it is used; its text is one place, and one mutant.
    void numbers() {
        std::vector<Where> seen;
        each_case(profile_, [&](const Case& one) {
            if (!one.guard) return;
            each_number(*one.guard, false, [&](const Expr& expr) {
                const auto known = [&](const Where& where) { return same_place(where, expr.where); };
                if (!expr.where.source || std::any_of(seen.begin(), seen.end(), known)) return;
                seen.push_back(expr.where);
                at_ = Mutant{};
                at_.sentence = source_text(expr);
                const std::optional<Op> other = other_bound(expr.op);
                const std::string change =
                    other ? fmt::format("with {}", sign_of(*other)) : fmt::format("as {}", expr.value + 1);
                add(Operator::number, fmt::format("'{}' {} ({})", at_.sentence, change, place_text(expr.where)),
                    expr.where);
            });
        });
    }

    const Profile& profile_;
    const std::vector<Operator>& operators_;
    Mutant at_;  // the place at hand
    std::vector<Mutant> mutants_;
};

}  // namespace

std::string to_string(Operator op) {
    switch (op) {
        case Operator::rule: return "rule";
        case Operator::case_: return "case";
        case Operator::guard: return "guard";
        case Operator::effect: return "effect";
        case Operator::target: return "target";
        case Operator::number: return "number";
        case Operator::state: return "state";
        case Operator::condition: return "condition";
        case Operator::negate: return "negate";
        case Operator::bound: return "bound";
        case Operator::field: return "field";
        case Operator::flag: return "flag";
        case Operator::twice: return "twice";
        case Operator::rearm: return "rearm";
        case Operator::duration: return "duration";
        case Operator::result: return "result";
        case Operator::ignore: return "ignore";
        case Operator::accept: return "accept";
    }
    return "rule";
}

std::vector<Operator> operators_named(const std::vector<std::string>& words, const std::vector<Operator>& otherwise) {
    if (words.empty()) return otherwise;
    std::vector<Operator> named = all_operators;
    std::erase_if(named,
                  [&](Operator op) { return std::find(words.begin(), words.end(), to_string(op)) == words.end(); });
    return named;
}

std::vector<Mutant> mutants_of(const Profile& profile, const std::vector<Operator>& operators) {
    std::vector<Mutant> mutants = Breeder(profile, operators).all();
    std::vector<Mutant> more = wider_mutants(profile, operators);
    mutants.insert(mutants.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
    return mutants;
}

Profile mutated(const Profile& profile, const Mutant& mutant) {
    Profile result = profile;
    if (mutant.change) {
        mutant.change(result);
        return result;
    }
    if (mutant.op == Operator::number) {
        each_case(result, [&](Case& one) {
            if (one.guard) change_number(*one.guard, false, mutant.where);
        });
        return result;
    }
    std::vector<Rule>& rules = result.handlers[mutant.handler].steps[mutant.step].rules;
    if (mutant.op == Operator::rule) {
        rules.erase(rules.begin() + mutant.rule);
        return result;
    }
    std::vector<Case>& cases = rules[mutant.rule].cases;
    Case& one = cases[mutant.case_];
    int part = mutant.part;
    switch (mutant.op) {
        case Operator::case_: cases.erase(cases.begin() + mutant.case_); break;
        case Operator::guard: one.guard = part < 0 ? std::nullopt : without_condition(*one.guard, part); break;
        case Operator::effect:
            at_effect(one.effects, part, [](std::vector<Effect>& list, std::size_t place) {
                list.erase(list.begin() + static_cast<std::ptrdiff_t>(place));
            });
            break;
        default: one.to = -1; break;
    }
    return result;
}

}  // namespace lastack
