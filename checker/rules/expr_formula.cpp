#include "checker/rules/expr_formula.h"

#include <cassert>

namespace lastack {

z3::expr ExprFormula::running(int timer, const Situation& moment) {
    const auto& derived = profile_.timers[timer].runs_while;
    return derived ? truth(*derived, moment) : moment.armed[timer];
}

z3::expr ExprFormula::compare(const Expr& expr, const Situation& moment) {
    const z3::expr left = value(expr.args[0], moment);
    const z3::expr right = value(expr.args[1], moment);
    switch (expr.op) {
        case Op::eq: return equal(left, right);
        case Op::ne: return !equal(left, right);
        case Op::lt: return left < right;  // signed, as is everything here
        case Op::le: return left <= right;
        case Op::gt: return left > right;
        default: assert(expr.op == Op::ge); return left >= right;
    }
}

z3::expr ExprFormula::truth(const Expr& expr, const Situation& moment) {
    const auto arg = [&](std::size_t i) { return truth(expr.args[i], moment); };
    switch (expr.op) {
        case Op::not_: return !arg(0);
        case Op::and_: return arg(0) && arg(1);
        case Op::or_: return arg(0) || arg(1);
        case Op::implies: return z3::implies(arg(0), arg(1));
        case Op::running: return running(expr.index, moment);
        case Op::kind_in: {
            z3::expr any = context_.bool_val(false);
            for (const int one : expr.states) any = any || kind() == number(one);
            return any;
        }
        case Op::state_in: {
            z3::expr any = context_.bool_val(false);
            for (const int state : expr.states) any = any || in_state(moment, state);
            return any;
        }
        case Op::eq:
        case Op::ne:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge: return compare(expr, moment);
        default: return !equal(value(expr, moment), number(0));
    }
}

z3::expr ExprFormula::value(const Expr& expr, const Situation& moment) {
    switch (expr.op) {
        case Op::constant: return number(expr.value);
        case Op::limit: return limit(expr.name);
        case Op::variable: return moment.values[expr.index];
        case Op::field: return field(expr.name);
        case Op::own_field: return own_field(expr.index);
        case Op::add: return value(expr.args[0], moment) + value(expr.args[1], moment);
        case Op::subtract: return value(expr.args[0], moment) - value(expr.args[1], moment);
        default: return z3::ite(truth(expr, moment), number(1), number(0));
    }
}

z3::expr ExprFormula::matches(const Case& candidate, const Situation& moment) {
    z3::expr here = context_.bool_val(false);
    for (const int state : candidate.from) here = here || in_state(moment, state);
    return candidate.guard ? here && truth(*candidate.guard, moment) : here;
}

}  // namespace lastack
