#include "checker/proof/lemma.h"

#include <fmt/format.h>

#include "model/operators.h"

namespace lastack {

namespace expr {

Expr constant(int value) {
    Expr made;
    made.value = value;
    return made;
}

Expr variable(const Profile& profile, int index) {
    Expr made;
    made.op = Op::variable;
    made.index = index;
    made.name = profile.variables[static_cast<std::size_t>(index)].name;
    return made;
}

Expr state_in(std::vector<int> states) {
    Expr made;
    made.op = Op::state_in;
    made.states = std::move(states);
    return made;
}

Expr running(int timer) {
    Expr made;
    made.op = Op::running;
    made.index = timer;
    return made;
}

Expr field(const std::string& name) {
    Expr made;
    made.op = Op::field;
    made.name = name;
    return made;
}

Expr own_field(const Profile& profile, int index) {
    Expr made;
    made.op = Op::own_field;
    made.index = index;
    made.name = profile.vocabulary.fields[static_cast<std::size_t>(index)].name;
    return made;
}

Expr unary(Op op, Expr arg) {
    Expr made;
    made.op = op;
    made.args.push_back(std::move(arg));
    return made;
}

Expr binary(Op op, Expr left, Expr right) {
    Expr made;
    made.op = op;
    made.args.push_back(std::move(left));
    made.args.push_back(std::move(right));
    return made;
}

Expr at(EndRef end, Expr arg) {
    Expr made = unary(Op::at_end, std::move(arg));
    made.end = end;
    return made;
}

Expr in_flight(EndRef sender, Expr kind) {
    Expr made = unary(Op::in_flight, std::move(kind));
    made.end = sender;
    return made;
}

}  // namespace expr

namespace {

// The names that a lemma's expression is told with.
struct Names {
    const Profile& profile;
    const Profile& peer;
    std::string end, other;  // what stands before a variable: "e."
};

bool is_enumerated(const Expr& expr, const Profile& profile) {
    return expr.op == Op::variable && !profile.variables[static_cast<std::size_t>(expr.index)].enumerators.empty();
}

std::string told(const Expr& expr, const Names& names);

std::string inside(const Expr& expr, const Names& names) {
    const bool simple = expr.args.empty() || expr.op == Op::not_ || expr.op == Op::at_end;
    return simple ? told(expr, names) : "(" + told(expr, names) + ")";
}

std::string set_of(const std::vector<std::string>& names) {
    if (names.size() == 1) return names.front();
    return fmt::format("{{{}}}", fmt::join(names, ", "));
}

std::string told(const Expr& expr, const Names& names) {
    const std::string dot = names.end.empty() ? "" : names.end + ".";
    const std::string subject = names.end.empty() ? "state" : names.end;
    std::vector<std::string> words;
    switch (expr.op) {
        case Op::constant: return std::to_string(expr.value);
        case Op::limit: return expr.name;
        case Op::variable: return dot + names.profile.variables[static_cast<std::size_t>(expr.index)].name;
        case Op::field: return "seg." + expr.name;
        case Op::own_field: return "seg." + expr.name;
        case Op::state_in:
            for (const int state : expr.states) words.push_back(names.profile.states[state].name);
            return subject + " in " + set_of(words);
        case Op::kind_in:
            for (const int kind : expr.states) words.push_back(names.profile.vocabulary.kind_at(kind).name);
            return "seg is " + set_of(words);
        case Op::running: {
            const std::string& timer = names.profile.timers[static_cast<std::size_t>(expr.index)].name;
            return names.end.empty() ? "running " + timer : names.end + " runs " + timer;
        }
        case Op::in_flight: {
            const std::string& sender = expr.end == 3 ? names.other : names.end;
            return fmt::format("in flight from {} [{}]", sender, told(expr.args[0], names));
        }
        case Op::not_: return "not " + inside(expr.args[0], names);
        case Op::at_end: {
            if (expr.end == 3) return told(expr.args[0], {names.peer, names.profile, names.other, names.end});
            return told(expr.args[0], names);
        }
        default: break;
    }
    if (expr.args.size() != 2 || spelled(expr.op) == nullptr) return "?";
    if (is_enumerated(expr.args[0], names.profile) && expr.args[1].op == Op::constant) {
        const Variable& variable = names.profile.variables[static_cast<std::size_t>(expr.args[0].index)];
        return fmt::format("{} {} {}", told(expr.args[0], names), spelled(expr.op),
                           variable.enumerators[static_cast<std::size_t>(expr.args[1].value)]);
    }
    return fmt::format("{} {} {}", inside(expr.args[0], names), spelled(expr.op), inside(expr.args[1], names));
}

}  // namespace

std::string to_string(const Expr& expr, const Profile& profile, const std::string& end) {
    return told(expr, {profile, profile, end, ""});
}

std::string to_string(const Lemma& lemma, const Profile& profile, const Profile& peer, bool alike) {
    const std::string end = alike ? "e" : lemma.end == 0 ? "A" : "B";
    const std::string other = alike ? "p" : lemma.end == 0 ? "B" : "A";
    const Names names{profile, peer, end, other};
    const std::string each = alike ? "each e: " : "";
    switch (lemma.kind) {
        case Lemma::Kind::end: return each + told(lemma.body, names);
        case Lemma::Kind::pair: return (alike ? "each e, p: " : "") + told(lemma.body, names);
        case Lemma::Kind::segment: return fmt::format("{}all sent by {}: {}", each, end, told(lemma.body, names));
        case Lemma::Kind::arrival:
            return fmt::format("{}all sent by {}: {}", alike ? "each e, p: " : "", end,
                               told(lemma.body, {peer, profile, other, end}));
        case Lemma::Kind::twins: break;
    }
    return fmt::format("{}all sent by {} with {} have the same {}", each, end, told(lemma.body.args[0], names),
                       told(lemma.body.args[1], names));
}

}  // namespace lastack
