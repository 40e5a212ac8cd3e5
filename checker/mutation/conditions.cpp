#include "checker/mutation/conditions.h"

#include <algorithm>

namespace lastack {

namespace {

bool shares_state(const Case& a, const Case& b) {
    return std::any_of(a.from.begin(), a.from.end(),
                       [&](int state) { return std::find(b.from.begin(), b.from.end(), state) != b.from.end(); });
}

}  // namespace

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

void conditions_of(const Expr& expr, std::vector<const Expr*>& out) {
    if (expr.op != Op::and_) {
        out.push_back(&expr);
        return;
    }
    for (const Expr& arg : expr.args) conditions_of(arg, out);
}

std::optional<Expr> without_condition(const Expr& expr, int& part) {
    if (expr.op != Op::and_) return part-- == 0 ? std::nullopt : std::optional<Expr>(expr);
    std::optional<Expr> left = without_condition(expr.args[0], part);
    std::optional<Expr> right = without_condition(expr.args[1], part);
    if (!left || !right) return left ? left : right;
    Expr both = expr;
    both.args = {std::move(*left), std::move(*right)};
    return both;
}

}  // namespace lastack
