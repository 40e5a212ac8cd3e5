// What the operators of conditions and numbers mean, for evaluators of the fast side that have leaves of their own. The
// plain interpreter and the plain judges have theirs, so that they share no code with what they judge.
#pragma once

#include "model/expr.h"

namespace lastack {

// `arg(i)` is the value of an argument; a second one that does not matter is not asked for.
template <class Arg>
int operated(Op op, Arg&& arg) {
    switch (op) {
        case Op::not_: return !arg(0);
        case Op::and_: return arg(0) && arg(1);
        case Op::or_: return arg(0) || arg(1);
        case Op::implies: return !arg(0) || arg(1);
        case Op::eq: return arg(0) == arg(1);
        case Op::ne: return arg(0) != arg(1);
        case Op::lt: return arg(0) < arg(1);
        case Op::le: return arg(0) <= arg(1);
        case Op::gt: return arg(0) > arg(1);
        case Op::ge: return arg(0) >= arg(1);
        case Op::add: return arg(0) + arg(1);
        case Op::subtract: return arg(0) - arg(1);
        default: return 0;
    }
}

// As specs spell what stands between two arguments; null for the rest.
constexpr const char* spelled(Op op) {
    switch (op) {
        case Op::and_: return "and";
        case Op::or_: return "or";
        case Op::implies: return "implies";
        case Op::eq: return "==";
        case Op::ne: return "!=";
        case Op::lt: return "<";
        case Op::le: return "<=";
        case Op::gt: return ">";
        case Op::ge: return ">=";
        case Op::add: return "+";
        case Op::subtract: return "-";
        default: return nullptr;
    }
}

}  // namespace lastack
