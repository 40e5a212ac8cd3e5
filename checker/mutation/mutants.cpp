#include "checker/mutation/mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <optional>

#include "model/source_text.h"

namespace lastack {

const std::vector<Mutant::Operator> all_operators = {Mutant::Operator::rule,   Mutant::Operator::case_,
                                                     Mutant::Operator::guard,  Mutant::Operator::effect,
                                                     Mutant::Operator::target, Mutant::Operator::number};

namespace {

using Operator = Mutant::Operator;

bool shares_state(const Case& a, const Case& b) {
    return std::any_of(a.from.begin(), a.from.end(),
                       [&](int state) { return std::find(b.from.begin(), b.from.end(), state) != b.from.end(); });
}

// Would the case, without its guard, match together with another plain one?
bool ambiguous_without_guard(const Step& step, const Rule& rule, const Case& unguarded) {
    if (rule.may) return false;
    for (const Rule& other : step.rules) {
        if (other.may) continue;
        for (const Case& each : other.cases) {
            if (&each != &unguarded && shares_state(each, unguarded)) return true;
        }
    }
    return false;
}

// `a and b and c` leans to the left; its conditions from left to right.
void conditions_of(const Expr& expr, std::vector<const Expr*>& out) {
    if (expr.op != Op::and_) {
        out.push_back(&expr);
        return;
    }
    for (const Expr& arg : expr.args) conditions_of(arg, out);
}

// The conjunction without its part-th condition, counted down in `part`; nothing where that was all of it.
std::optional<Expr> without_condition(const Expr& expr, int& part) {
    if (expr.op != Op::and_) return part-- == 0 ? std::nullopt : std::optional<Expr>(expr);
    std::optional<Expr> left = without_condition(expr.args[0], part);
    std::optional<Expr> right = without_condition(expr.args[1], part);
    if (!left || !right) return left ? left : right;
    Expr both = expr;
    both.args = {std::move(*left), std::move(*right)};
    return both;
}

// Every effect but `if`, through all branches, in the order of the text.
void each_effect(const std::vector<Effect>& effects, const std::function<void(const Effect&)>& visit) {
    for (const Effect& effect : effects) {
        if (effect.kind != Effect::Kind::branch) visit(effect);
        each_effect(effect.then, visit);
        each_effect(effect.otherwise, visit);
    }
}

// Leaves out the part-th of these, counted down in `part`.
void drop_effect(std::vector<Effect>& effects, int& part) {
    for (auto effect = effects.begin(); effect != effects.end(); ++effect) {
        if (effect->kind == Effect::Kind::branch) {
            drop_effect(effect->then, part);
            drop_effect(effect->otherwise, part);
        } else if (part-- == 0) {
            effects.erase(effect);
            part = -1;
            return;
        }
        if (part < 0) return;
    }
}

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
        default: return "number";
    }
}

std::vector<Mutant> mutants_of(const Profile& profile, const std::vector<Operator>& operators) {
    return Breeder(profile, operators).all();
}

Profile mutated(const Profile& profile, const Mutant& mutant) {
    Profile result = profile;
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
        case Operator::effect: drop_effect(one.effects, part); break;
        default: one.to = -1; break;
    }
    return result;
}

}  // namespace lastack
