#include "checker/compare/segment_classes.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "model/operators.h"

namespace lastack {

namespace {

bool is_number(const Expr& expr) {
    return expr.op == Op::field && (expr.name == "seq" || expr.name == "ack" || expr.name == "len");
}

bool is_comparison(Op op) { return op >= Op::eq && op <= Op::ge; }

template <class Visit>
void each_part(const Expr& expr, Visit&& visit) {
    visit(expr);
    for (const Expr& arg : expr.args) each_part(arg, visit);
}

bool reads_numbers(const Expr& expr) {
    bool reads = false;
    each_part(expr, [&](const Expr& part) { reads = reads || is_number(part); });
    return reads;
}

bool reads_field(const Expr& expr, const char* name) {
    bool reads = false;
    each_part(expr, [&](const Expr& part) { reads = reads || (part.op == Op::field && part.name == name); });
    return reads;
}

// A constant, a limit and what is made of them.
int constant_value(const Expr& expr, const Limits& limits) {
    switch (expr.op) {
        case Op::constant: return expr.value;
        case Op::limit: return limits.contains(expr.name) ? limits.at(expr.name) : 0;
        case Op::add: return constant_value(expr.args[0], limits) + constant_value(expr.args[1], limits);
        case Op::subtract: return constant_value(expr.args[0], limits) - constant_value(expr.args[1], limits);
        default: return 0;
    }
}

// Calls `visit(expression, is a condition, largest value of the variable that it goes to)` for what effects read.
template <class Visit>
void each_of_effects(const ReadProfile& read, const std::vector<Effect>& effects, Visit&& visit) {
    for (const Effect& effect : effects) {
        if (effect.kind == Effect::Kind::branch) visit(*effect.value, true, 0);
        if (effect.kind == Effect::Kind::assign) {
            const Variable& target = read.profile->variables[effect.index];
            visit(*effect.value, false, constant_value(target.high, *read.limits));
        }
        if (effect.kind == Effect::Kind::send) {
            const SegmentTemplate& shape = read.profile->segments[effect.index];
            for (const auto* expr : {&effect.seq, &effect.ack, &effect.len, &shape.seq, &shape.ack, &shape.len})
                if (*expr) visit(**expr, false, 0);
            if (shape.zero_window) visit(*shape.zero_window, true, 0);
        }
        each_of_effects(read, effect.then, visit);
        each_of_effects(read, effect.otherwise, visit);
    }
}

template <class Visit>
void each_segment_case(const Profile& profile, Visit&& visit) {
    for (const Handler& handler : profile.handlers) {
        if (handler.trigger != Trigger::segment) continue;
        for (const Step& step : handler.steps)
            for (const Rule& rule : step.rules)
                for (const Case& one : rule.cases) visit(one);
    }
}

// The sum of all that can stand beside the fields.
int magnitude(const Expr& expr, const ReadProfile& read) {
    switch (expr.op) {
        case Op::constant: return std::abs(expr.value);
        case Op::limit: return std::abs(constant_value(expr, *read.limits));
        case Op::variable: return constant_value(read.profile->variables[expr.index].high, *read.limits);
        case Op::field:
        case Op::own_field: return 0;
        case Op::add:
        case Op::subtract: return magnitude(expr.args[0], read) + magnitude(expr.args[1], read);
        default: return 1;
    }
}

// The largest value by the declared ranges, where no field of the peer's is in it.
int upper(const Expr& expr, const ReadProfile& read) {
    switch (expr.op) {
        case Op::field:
        case Op::own_field: return 0;  // what the peer chose is no unit of ours
        case Op::subtract: return upper(expr.args[0], read);
        case Op::add: return upper(expr.args[0], read) + upper(expr.args[1], read);
        default: return magnitude(expr, read);
    }
}

void bound(NumberBounds& bounds, const Expr& expr, int value) {
    if (reads_field(expr, "seq") || reads_field(expr, "ack")) bounds.unit = std::max(bounds.unit, value);
    if (reads_field(expr, "len")) bounds.length = std::max(bounds.length, value);
    bounds.reads_window |= reads_field(expr, "zero_window");
}

// ---------------------------------------------------------------- conditions of one set of flags

constexpr const char* flag_fields[] = {"fin", "syn", "rst", "has_ack", "zero_window"};
using Flags = std::array<bool, 5>;

Flags flags_in(const Segment& segment) {
    return {segment.fin, segment.syn, segment.rst, segment.has_ack, segment.zero_window};
}

Expr constant(int value) {
    Expr expr;
    expr.value = value;
    return expr;
}

// The expression with the flags put in, and what follows from them.
Expr folded(const Expr& expr, const Flags& flags) {
    if (expr.op == Op::field) {
        for (std::size_t i = 0; i < flags.size(); ++i)
            if (expr.name == flag_fields[i]) return constant(flags[i] ? 1 : 0);
        if (expr.name == "ack" && !flags[3]) return constant(0);
        return expr;
    }
    Expr result = expr;
    for (Expr& arg : result.args) arg = folded(arg, flags);
    const auto is = [&](std::size_t arg, bool value) {
        return result.args[arg].op == Op::constant && (result.args[arg].value != 0) == value;
    };
    switch (expr.op) {
        case Op::not_:
            if (is(0, true) || is(0, false)) return constant(is(0, false) ? 1 : 0);
            break;
        case Op::and_:
            if (is(0, false) || is(1, false)) return constant(0);
            if (is(0, true) && is(1, true)) return constant(1);
            break;
        case Op::or_:
            if (is(0, true) || is(1, true)) return constant(1);
            if (is(0, false) && is(1, false)) return constant(0);
            break;
        case Op::implies:
            if (is(0, false) || is(1, true)) return constant(1);
            break;
        default: break;
    }
    return result;
}

std::string spelled(const Expr& expr) {
    std::string text = fmt::format("{}:{}:{}:{}", static_cast<int>(expr.op), expr.value, expr.index, expr.name);
    for (const int state : expr.states) text += fmt::format(",{}", state);
    for (const Expr& arg : expr.args) text += "(" + spelled(arg) + ")";
    return text;
}

// One condition or number in which SEQ, ACK or LEN stands, of one profile.
class Atom {
public:
    Atom(const Expr& expr, const ReadProfile& read, bool is_condition, int clip)
        : expr_(expr), read_(read), is_condition_(is_condition), clip_(clip) {
        std::size_t count = 1;
        each_part(expr_, [&](const Expr& part) {
            if (part.op == Op::variable) variables_.insert(part.index);
            opaque_ = opaque_ || part.op == Op::state_in || part.op == Op::running;
        });
        for (const int index : variables_) {
            const Variable& variable = read_.profile->variables[index];
            count *= static_cast<std::size_t>(std::max(1, high(variable) - low(variable) + 1));
        }
        opaque_ = opaque_ || count > most_values;
        fields_ = {reads_field(expr_, "seq"), reads_field(expr_, "ack"), reads_field(expr_, "len")};
    }

    // Equal for segments to which the condition, or the number, is the same.
    int signature(const Segment& segment) {
        const std::array<int, 3> numbers{fields_[0] ? segment.seq : 0, fields_[1] ? segment.ack : 0,
                                         fields_[2] ? segment.len : 0};
        const auto known = by_numbers_.find(numbers);
        if (known != by_numbers_.end()) return known->second;
        std::vector<int> values;
        if (opaque_) {
            values.assign(numbers.begin(), numbers.end());
        } else {
            std::map<int, int> given;
            all_values(segment, variables_.begin(), given, values);
        }
        const auto place = by_values_.try_emplace(std::move(values), static_cast<int>(by_values_.size())).first;
        return by_numbers_[numbers] = place->second;
    }

    // The number without variables; only of what is no condition.
    bool is_number() const { return !is_condition_; }
    int value(const Segment& segment) const { return value_of(expr_, segment, {}); }

private:
    static constexpr std::size_t most_values = 2'000;

    int low(const Variable& variable) const { return constant_value(variable.low, *read_.limits); }
    int high(const Variable& variable) const { return constant_value(variable.high, *read_.limits); }

    void all_values(const Segment& segment, std::set<int>::const_iterator next, std::map<int, int>& given,
                    std::vector<int>& out) const {
        if (next == variables_.end()) {
            const int value = value_of(expr_, segment, given);
            out.push_back(is_condition_ ? value : std::min(value, clip_));
            return;
        }
        const Variable& variable = read_.profile->variables[*next];
        for (int value = low(variable); value <= high(variable); ++value) {
            given[*next] = value;
            all_values(segment, std::next(next), given, out);
        }
    }

    int value_of(const Expr& expr, const Segment& segment, const std::map<int, int>& given) const {
        const auto arg = [&](std::size_t i) { return value_of(expr.args[i], segment, given); };
        switch (expr.op) {
            case Op::constant: return expr.value;
            case Op::limit: return constant_value(expr, *read_.limits);
            case Op::variable: return given.contains(expr.index) ? given.at(expr.index) : 0;
            case Op::field: return expr.name == "seq" ? segment.seq : expr.name == "ack" ? segment.ack : segment.len;
            default: return operated(expr.op, arg);
        }
    }

    Expr expr_;
    ReadProfile read_;
    bool is_condition_, opaque_ = false;
    int clip_;
    std::array<bool, 3> fields_{};
    std::set<int> variables_;
    std::map<std::array<int, 3>, int> by_numbers_;
    std::map<std::vector<int>, int> by_values_;
};

class Classes {
public:
    explicit Classes(const std::vector<ReadProfile>& profiles) : clip_(number_bounds(profiles).used + 1) {
        std::set<std::string> known;
        for (const ReadProfile& read : profiles) {
            const bool same =
                same_declarations(*read.profile, *profiles.front().profile) && *read.limits == *profiles.front().limits;
            collect(read, same ? profiles.front() : read, known);
        }
        for (const ReadCase& one : cases_) {
            if (one.guard) note_flags(*one.guard);
            for (const auto& [expr, condition] : one.effects) note_flags(expr);
        }
    }

    std::vector<int> signature(const Segment& segment) {
        const Flags flags = flags_in(segment);
        std::vector<int> key;
        for (std::size_t i = 0; i < flags.size(); ++i) key.push_back(read_flags_[i] && flags[i] ? 1 : 0);
        const std::vector<Atom*>& atoms = atoms_of(flags);
        std::vector<int> numbers;
        for (Atom* atom : atoms) {
            key.push_back(atom->signature(segment));
            if (atom->is_number()) numbers.push_back(atom->value(segment));
        }
        // Two numbers above all that are told apart by themselves can still differ from each other.
        for (std::size_t i = 0; i < numbers.size(); ++i) {
            for (std::size_t j = i + 1; j < numbers.size(); ++j)
                key.push_back(std::clamp(numbers[i] - numbers[j], -1, 1));
        }
        return key;
    }

private:
    // What a case reads of a segment. Profiles that differ in one place share the others.
    struct ReadCase {
        ReadProfile owner;  // whose declarations the variables are
        std::optional<Expr> guard;
        std::vector<std::pair<Expr, bool>> effects;  // and whether they are conditions
    };

    void collect(const ReadProfile& read, const ReadProfile& owner, std::set<std::string>& known) {
        each_segment_case(*read.profile, [&](const Case& one) {
            ReadCase found{owner, one.guard, {}};
            std::string key =
                fmt::format("{}|{}", static_cast<const void*>(owner.profile), one.guard ? spelled(*one.guard) : "");
            each_of_effects(read, one.effects, [&](const Expr& expr, bool condition, int) {
                found.effects.emplace_back(expr, condition);
                key += fmt::format("|{}{}", condition, spelled(expr));
            });
            if (known.insert(std::move(key)).second) cases_.push_back(std::move(found));
        });
    }

    void note_flags(const Expr& expr) {
        for (std::size_t i = 0; i < read_flags_.size(); ++i)
            read_flags_[i] = read_flags_[i] || reads_field(expr, flag_fields[i]);
    }

    const std::vector<Atom*>& atoms_of(const Flags& flags) {
        const auto known = by_flags_.find(flags);
        if (known != by_flags_.end()) return known->second;
        found_.clear();
        for (const ReadCase& one : cases_) {
            if (one.guard) {
                const Expr rest = folded(*one.guard, flags);
                if (rest.op == Op::constant && rest.value == 0) continue;
                conditions(rest, one.owner);
            }
            for (const auto& [expr, condition] : one.effects) {
                const Expr rest = folded(expr, flags);
                condition ? conditions(rest, one.owner) : add(rest, one.owner, false);
            }
        }
        return by_flags_[flags] = std::vector<Atom*>(found_.begin(), found_.end());
    }

    void conditions(const Expr& expr, const ReadProfile& owner) {
        if (!reads_numbers(expr)) return;
        if (is_comparison(expr.op) || expr.op == Op::field || expr.op == Op::add || expr.op == Op::subtract) {
            add(expr, owner, true);
            return;
        }
        for (const Expr& arg : expr.args) conditions(arg, owner);
    }

    void add(const Expr& expr, const ReadProfile& owner, bool condition) {
        if (!reads_numbers(expr)) return;
        const std::string key =
            fmt::format("{}|{}|{}", static_cast<const void*>(owner.profile), condition, spelled(expr));
        const auto [place, fresh] = atoms_.try_emplace(key, nullptr);
        if (fresh) place->second = std::make_unique<Atom>(expr, owner, condition, clip_);
        if (std::find(found_.begin(), found_.end(), place->second.get()) == found_.end())
            found_.push_back(place->second.get());
    }

    // Do the indices of variables mean the same in both, with the same ranges?
    static bool same_declarations(const Profile& a, const Profile& b) {
        return std::equal(a.variables.begin(), a.variables.end(), b.variables.begin(), b.variables.end(),
                          [](const Variable& x, const Variable& y) {
                              return x.name == y.name && spelled(x.low) == spelled(y.low) &&
                                     spelled(x.high) == spelled(y.high);
                          });
    }

    int clip_;
    Flags read_flags_{};
    std::vector<ReadCase> cases_;
    std::map<std::string, std::unique_ptr<Atom>> atoms_;
    std::map<Flags, std::vector<Atom*>> by_flags_;
    std::vector<Atom*> found_;
};

}  // namespace

NumberBounds number_bounds(const std::vector<ReadProfile>& profiles) {
    NumberBounds bounds;
    for (const ReadProfile& read : profiles) {
        const auto compared = [&](const Expr& condition) {
            bounds.reads_window |= reads_field(condition, "zero_window");
            each_part(condition, [&](const Expr& part) {
                if (is_comparison(part.op))
                    bound(bounds, part, magnitude(part.args[0], read) + magnitude(part.args[1], read));
            });
        };
        for (const SegmentTemplate& shape : read.profile->segments) {
            for (const auto* expr : {&shape.seq, &shape.ack})
                if (*expr) bounds.used = std::max(bounds.used, upper(**expr, read));
        }
        for (const Handler& handler : read.profile->handlers) {
            for (const Step& step : handler.steps) {
                for (const Rule& rule : step.rules) {
                    for (const Case& one : rule.cases) {
                        if (one.guard) compared(*one.guard);
                        each_of_effects(read, one.effects, [&](const Expr& expr, bool condition, int goes_to) {
                            if (condition) return compared(expr);
                            bound(bounds, expr, goes_to + magnitude(expr, read));
                            if (goes_to == 0 || reads_numbers(expr))
                                bounds.used = std::max({bounds.used, upper(expr, read), goes_to});
                        });
                    }
                }
            }
        }
    }
    return bounds;
}

std::vector<std::uint32_t> segment_classes(const std::vector<Segment>& segments,
                                           const std::vector<ReadProfile>& profiles) {
    Classes classes(profiles);
    std::map<std::vector<int>, std::uint32_t> first;
    std::vector<std::uint32_t> class_of;
    for (std::uint32_t i = 0; i < segments.size(); ++i)
        class_of.push_back(first.try_emplace(classes.signature(segments[i]), i).first->second);
    return class_of;
}

}  // namespace lastack
