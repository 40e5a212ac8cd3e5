#include "model/formula.h"

#include <algorithm>

namespace lastack {

namespace {

constexpr std::int64_t largest = 1'000'000'000'000'000;

using Kind = Formula::Kind;

std::int64_t checked(const Formula& formula, bool overflow, std::int64_t value) {
    if (overflow || value > largest || value < -largest)
        throw SpecError(formula.where, "the value becomes larger than 10^15");
    return value;
}

std::int64_t multiplied(const Formula& formula, std::int64_t left, std::int64_t right) {
    std::int64_t value = 0;
    const bool overflow = __builtin_mul_overflow(left, right, &value);
    return checked(formula, overflow, value);
}

std::int64_t divided(const Formula& formula, std::int64_t left, std::int64_t right) {
    if (right == 0) throw SpecError(formula.where, "a division by zero");
    const std::int64_t quotient = left / right;
    return left % right != 0 && (left < 0) != (right < 0) ? quotient - 1 : quotient;
}

std::int64_t raised(const Formula& formula, std::int64_t base, std::int64_t exponent) {
    if (exponent < 0) throw SpecError(formula.where, "a power with an exponent below 0");
    std::int64_t value = 1;
    for (std::int64_t i = 0; i < exponent; ++i) {
        value = multiplied(formula, value, base);
        if (value == 0 || (value == 1 && base == 1)) break;
        if (base == -1) return exponent % 2 == 0 ? 1 : -1;
    }
    return value;
}

std::int64_t combined(const Formula& formula, std::int64_t left, std::int64_t right) {
    switch (formula.kind) {
        case Kind::add: return checked(formula, false, left + right);
        case Kind::subtract: return checked(formula, false, left - right);
        case Kind::multiply: return multiplied(formula, left, right);
        case Kind::divide: return divided(formula, left, right);
        case Kind::power: return raised(formula, left, right);
        case Kind::least: return std::min(left, right);
        case Kind::greatest: return std::max(left, right);
        case Kind::eq: return left == right ? 1 : 0;
        case Kind::ne: return left != right ? 1 : 0;
        case Kind::lt: return left < right ? 1 : 0;
        case Kind::le: return left <= right ? 1 : 0;
        case Kind::gt: return left > right ? 1 : 0;
        case Kind::ge: return left >= right ? 1 : 0;
        case Kind::both: return left != 0 && right != 0 ? 1 : 0;
        default: return left != 0 || right != 0 ? 1 : 0;
    }
}

}  // namespace

std::int64_t evaluate(const Formula& formula, const std::function<std::int64_t(const Formula& name)>& value_of) {
    if (formula.kind == Kind::number) return formula.number;
    if (formula.kind == Kind::name) return value_of(formula);
    std::int64_t value = evaluate(formula.args.front(), value_of);
    // Only the side that counts: the other one may divide by what is zero there.
    if (formula.kind == Kind::choose) return evaluate(formula.args[value != 0 ? 1 : 2], value_of);
    for (std::size_t i = 1; i < formula.args.size(); ++i)
        value = combined(formula, value, evaluate(formula.args[i], value_of));
    return value;
}

}  // namespace lastack
