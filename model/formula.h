// Arithmetic over settings and limits: what a limit or a duration of a profile is made of.
//
// Not an Expr: a formula has its value before any state is looked at, so neither the machine nor a model checker that
// a system is exported to ever sees one. Values are whole numbers; a condition stands only behind `if`.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "model/diagnostic.h"

namespace lastack {

struct Formula {
    enum class Kind {
        number,
        name,  // of a setting or of a limit
        add,
        subtract,
        multiply,
        divide,  // rounds down
        power,
        least,     // of all args
        greatest,  // of all args
        choose,    // args: condition, value where it holds, value where not
        eq,
        ne,
        lt,
        le,
        gt,
        ge,
        both,
        either,
    };
    Kind kind = Kind::number;
    std::int64_t number = 0;
    std::string name;
    std::vector<Formula> args;
    int depth = 1;
    Where where;

    bool fixed() const { return kind == Kind::number; }
};

// The value, with that of each name as `value_of` gives it. Throws SpecError where a division is by zero or a number
// grows beyond 10^15, with the place of that operator.
std::int64_t evaluate(const Formula& formula, const std::function<std::int64_t(const Formula& name)>& value_of);

}  // namespace lastack
