// The conditions of a guard, and what happens where one of them is missing.
#pragma once

#include <optional>
#include <vector>

#include "model/spec.h"

namespace lastack {

// `a and b and c` leans to the left; its conditions from left to right.
void conditions_of(const Expr& expr, std::vector<const Expr*>& out);

// The conjunction without its part-th condition, counted down in `part`; nothing where that was all of it.
std::optional<Expr> without_condition(const Expr& expr, int& part);

// Would the case, without its guard, match together with another plain one?
bool ambiguous_without_guard(const Step& step, const Rule& rule, const Case& unguarded);

}  // namespace lastack
