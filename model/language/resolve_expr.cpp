// Names and types of expressions.
//
// Types: flag (also the value of every condition), number, and the names of an enumerated variable. They exist to
// refuse what a reader of the RFC would not write: a number as a condition, `<` between flags, a sum of flags.
// `let` is inlined. Each let is resolved once and copied at its uses; the size of the result is bounded, since
// lets of lets grow exponentially.
#include <algorithm>

#include "model/language/resolve.h"

namespace lastack {

namespace {

constexpr std::size_t largest_expression = 5000;  // nodes, lets put in

bool is_comparison(Op op) {
    return op == Op::eq || op == Op::ne || op == Op::lt || op == Op::le || op == Op::gt || op == Op::ge;
}
bool is_sum(Op op) { return op == Op::add || op == Op::subtract; }
bool is_connective(Op op) { return op == Op::not_ || op == Op::and_ || op == Op::or_ || op == Op::implies; }

const char* noun(Type::Base base) {
    switch (base) {
        case Type::Base::flag: return "a flag";
        case Type::Base::number: return "a number";
        case Type::Base::names: return "one of a list of names";
        default: return "unknown";
    }
}

const char* word_for(Op op) {
    switch (op) {
        case Op::not_: return "'not'";
        case Op::and_: return "'and'";
        case Op::or_: return "'or'";
        case Op::implies: return "'implies'";
        case Op::add: return "'+'";
        default: return "'-'";
    }
}

bool is_bit(const Typed& typed) {
    return typed.expr.op == Op::constant && (typed.expr.value == 0 || typed.expr.value == 1);
}

void merge_reads(Typed& into, const Typed& from) {
    into.reads_segment |= from.reads_segment;
    into.reads_era |= from.reads_era;
    into.reads_end |= from.reads_end;
    for (const int history : from.histories) {
        if (std::find(into.histories.begin(), into.histories.end(), history) == into.histories.end())
            into.histories.push_back(history);
    }
}

}  // namespace

// ---------------------------------------------------------------- operators

Typed ExprResolver::unknown(const syntax::Expr& expr) const {
    Typed typed;
    typed.expr.where = expr.where;
    return typed;
}

Typed ExprResolver::literal(const syntax::Expr& expr) const {
    Typed typed = unknown(expr);
    typed.expr.value = expr.value;
    typed.type.base = expr.boolean ? Type::Base::flag : Type::Base::number;
    return typed;
}

Typed ExprResolver::joined(Op op, std::vector<Typed> args, const Where& where) {
    Typed typed;
    typed.expr.op = op;
    typed.expr.where = where;
    for (Typed& arg : args) {
        typed.depth = std::max(typed.depth, arg.depth + 1);
        typed.size += arg.size;
        merge_reads(typed, arg);
        typed.expr.args.push_back(std::move(arg.expr));
    }
    if (typed.size > largest_expression || typed.depth > deepest_tree) {
        throw SpecError(where, "this expression is too large once its lets are put in");
    }
    typed.type.base = is_sum(op) ? Type::Base::number : Type::Base::flag;
    return typed;
}

void ExprResolver::expect(const Typed& typed, Type::Base base, const std::string& by) {
    if (typed.type.base == Type::Base::unknown || typed.type.base == base) return;
    problems_.add(typed.expr.where,
                  by + " needs " + (base == Type::Base::flag ? "a condition" : noun(base)) + "; this is " +
                      noun(typed.type.base),
                  base == Type::Base::flag ? "compare it, for example with '> 0'" : "");
}

// Two lists agree, and an enumerator belongs to the list that it is compared with.
void ExprResolver::check_names(const Typed& left, const Typed& right) {
    const bool from_left = !left.type.names.empty();
    const std::vector<std::string>& list = from_left ? left.type.names : right.type.names;
    const Typed& other = from_left ? right : left;
    if (list.empty()) return;
    if (!other.type.names.empty()) {
        if (other.type.names != list)
            problems_.add(other.expr.where, "this has other names than what it is compared with");
    } else if (std::find(list.begin(), list.end(), other.expr.name) == list.end()) {
        problems_.add(other.expr.where, "'" + other.expr.name + "' is not one of its names",
                      did_you_mean(other.expr.name, list));
    }
}

void ExprResolver::check_comparison(Op op, const Typed& left, const Typed& right) {
    using Base = Type::Base;
    const Base a = left.type.base;
    const Base b = right.type.base;
    const bool ordered = op != Op::eq && op != Op::ne;
    if (ordered) {
        const std::string by = "a comparison by size";
        expect(left, Base::number, by);
        expect(right, Base::number, by);
        return;
    }
    if (a == Base::unknown || b == Base::unknown) return;
    if (a == Base::flag && b == Base::number && is_bit(right)) return;
    if (b == Base::flag && a == Base::number && is_bit(left)) return;
    if (a != b) {
        problems_.add(right.expr.where, std::string(noun(a)) + " is compared with " + noun(b));
    } else if (a == Base::names) {
        check_names(left, right);
    }
}

Typed ExprResolver::resolve(const syntax::Expr& expr) {
    const bool compares = is_comparison(expr.op);
    const bool sums = is_sum(expr.op);
    if (!compares && !sums && !is_connective(expr.op)) return leaf(expr);
    std::vector<Typed> args;
    for (const syntax::Expr& arg : expr.args) args.push_back(resolve(arg));
    if (compares) {
        check_comparison(expr.op, args[0], args[1]);
    } else {
        for (const Typed& arg : args) expect(arg, sums ? Type::Base::number : Type::Base::flag, word_for(expr.op));
    }
    return joined(expr.op, std::move(args), expr.where);
}

Expr ExprResolver::condition(const syntax::Expr& expr) {
    Typed typed = resolve(expr);
    expect(typed, Type::Base::flag, "this place");
    return std::move(typed.expr);
}

Expr ExprResolver::number(const syntax::Expr& expr) {
    Typed typed = resolve(expr);
    expect(typed, Type::Base::number, "this place");
    return std::move(typed.expr);
}

// ---------------------------------------------------------------- the leaves of rules

std::vector<std::string> Scope::value_names() const {
    std::vector<std::string> names = names_in(profile->variables);
    for (const Limit& limit : profile->limits) names.push_back(limit.name);
    for (const Setting& setting : profile->settings) {
        if (setting.readable()) names.push_back(setting.name);
    }
    for (const syntax::Let& let : lets) names.push_back(let.name.text);
    for (const auto& enumerator : enumerators) names.push_back(enumerator.first);
    return names;
}

void no_field(const syntax::Word& name, const Vocabulary& vocabulary, Problems& problems) {
    static const std::vector<std::string> tcp = {"seq", "ack", "len",     "era",        "fin",
                                                 "syn", "rst", "has_ack", "zero_window"};
    std::string hint = did_you_mean(name.text, vocabulary.own() ? names_in(vocabulary.fields) : tcp);
    const bool of_tcp = std::find(tcp.begin(), tcp.end(), name.text) != tcp.end();
    if (hint.empty() && vocabulary.own() && of_tcp)
        hint = "TCP's fields belong to profiles without 'protocol'; this one declares its own with 'field'";
    problems.add(name.where,
                 (vocabulary.own() ? "a segment of " + vocabulary.protocol : std::string("a segment")) +
                     " has no field '" + name.text + "'",
                 hint);
}

std::vector<int> resolve_states(const std::vector<syntax::Word>& words, const Scope& scope, Problems& problems) {
    std::vector<int> states;
    const std::vector<StateDecl>& declared = scope.profile->states;
    const auto add = [&](int state, const syntax::Word& word) {
        const std::string& name = declared[static_cast<std::size_t>(state)].name;
        if (std::find(states.begin(), states.end(), state) == states.end())
            states.push_back(state);
        else
            problems.add(word.where, "state '" + name + "' is listed twice",
                         name == word.text ? "" : "it is one of '" + word.text + "'");
    };
    for (const syntax::Word& word : words) {
        if (const auto set = scope.state_sets.find(word.text); set != scope.state_sets.end()) {
            for (const int state : set->second) add(state, word);
        } else if (const int state = scope.profile->state(word.text); state >= 0) {
            add(state, word);
        } else {
            std::vector<std::string> known = names_in(declared);
            for (const auto& each : scope.state_sets) known.push_back(each.first);
            problems.add(word.where, "unknown state '" + word.text + "'", did_you_mean(word.text, known));
        }
    }
    return states;
}

std::optional<int> resolve_state(const syntax::Word& word, const Scope& scope, Problems& problems) {
    const std::vector<int> found = resolve_states({word}, scope, problems);
    if (found.size() > 1)
        problems.add(word.where, "'" + word.text + "' is a set of " + std::to_string(found.size()) +
                                     " states; one is expected here");
    return found.size() == 1 ? std::optional<int>(found.front()) : std::nullopt;
}

int resolve_timer(const syntax::Word& word, const Profile& profile, Problems& problems) {
    const int timer = profile.timer(word.text);
    if (timer < 0)
        problems.add(word.where, "unknown timer '" + word.text + "'",
                     did_you_mean(word.text, names_in(profile.timers)));
    return timer;
}

Typed RuleExprResolver::leaf(const syntax::Expr& expr) {
    Typed typed = unknown(expr);
    switch (expr.op) {
        case Op::constant: return literal(expr);
        case Op::variable: return name(expr);
        case Op::field: return field(expr);
        case Op::kind_in: return kind(expr);
        case Op::state_in:
            typed.expr.op = Op::state_in;
            if (!expr.one_state)
                typed.expr.states = resolve_states(expr.words, scope_, problems_);
            else if (const std::optional<int> state = resolve_state(expr.words.front(), scope_, problems_))
                typed.expr.states = {*state};
            break;
        default:
            typed.expr.op = Op::running;
            typed.expr.name = expr.word.text;
            typed.expr.index = resolve_timer(expr.word, *scope_.profile, problems_);
            break;
    }
    typed.type.base = Type::Base::flag;
    typed.reads_end = true;
    check_readable(typed, expr);
    return typed;
}

void RuleExprResolver::check_readable(const Typed& typed, const syntax::Expr& expr) {
    if (typed.reads_segment && !readable_.segment) problems_.add(expr.where, "there is no segment to read here");
    if (typed.reads_era && !readable_.era)
        problems_.add(expr.where, "the era is not on the wire: only claims may read it");
    if (typed.reads_end && !readable_.end) problems_.add(expr.where, "only 'seg' and fixed values may be read here");
    for (const int history : typed.histories) {
        if (readable_.history || history == readable_.own) continue;
        problems_.add(expr.where,
                      "history variable '" + scope_.profile->variables[static_cast<std::size_t>(history)].name +
                          "' may be read in claims only",
                      "declare it with 'var' if the endpoint itself knows it");
    }
}

Typed RuleExprResolver::name(const syntax::Expr& expr) {
    const std::string& name = expr.word.text;
    const Profile& profile = *scope_.profile;
    if (const int index = profile.variable(name); index >= 0) return variable(expr, index);
    Typed typed = unknown(expr);
    typed.expr.name = name;
    if (profile.fixed_value(name)) {
        typed.expr.op = Op::limit;
        typed.type.base = Type::Base::number;
        return typed;
    }
    for (const syntax::Let& each : scope_.lets) {
        if (each.name.text == name && !each.states) return let(expr, each);
    }
    if (const auto enumerator = scope_.enumerators.find(name); enumerator != scope_.enumerators.end()) {
        typed.expr.value = enumerator->second;
        typed.type.base = Type::Base::names;
        return typed;
    }
    std::string suggestion = did_you_mean(name, scope_.value_names());
    if (profile.timer(name) >= 0) suggestion = "a timer is asked for by 'running " + name + "'";
    if (profile.state(name) >= 0) suggestion = "a state is asked for by 'state == " + name + "'";
    if (scope_.state_sets.contains(name)) suggestion = "a set of states is asked for by 'state in " + name + "'";
    problems_.add(expr.where, "unknown variable '" + name + "'", suggestion);
    return unknown(expr);
}

Typed RuleExprResolver::variable(const syntax::Expr& expr, int index) {
    const Variable& variable = scope_.profile->variables[static_cast<std::size_t>(index)];
    Typed typed = unknown(expr);
    typed.expr.op = Op::variable;
    typed.expr.index = index;
    typed.expr.name = variable.name;
    typed.type.base = variable.flag                  ? Type::Base::flag
                      : variable.enumerators.empty() ? Type::Base::number
                                                     : Type::Base::names;
    typed.type.names = variable.enumerators;
    typed.reads_end = true;
    if (variable.history) typed.histories.push_back(index);
    check_readable(typed, expr);
    return typed;
}

Typed RuleExprResolver::field(const syntax::Expr& expr) {
    static const std::vector<std::string> numbers = {"seq", "ack", "len", "era"};
    static const std::vector<std::string> flags = {"fin", "syn", "rst", "has_ack", "zero_window"};
    const std::string& name = expr.word.text;
    if (scope_.profile->vocabulary.own()) return own_field(expr);
    const bool is_number = std::find(numbers.begin(), numbers.end(), name) != numbers.end();
    Typed typed = unknown(expr);
    if (!is_number && std::find(flags.begin(), flags.end(), name) == flags.end()) {
        no_field(expr.word, scope_.profile->vocabulary, problems_);
        return typed;
    }
    typed.expr.op = Op::field;
    typed.expr.name = name;
    typed.type.base = is_number ? Type::Base::number : Type::Base::flag;
    typed.reads_segment = true;
    typed.reads_era = name == "era";
    check_readable(typed, expr);
    return typed;
}

// Of a protocol with words of its own.
Typed RuleExprResolver::own_field(const syntax::Expr& expr) {
    const Vocabulary& vocabulary = scope_.profile->vocabulary;
    Typed typed = unknown(expr);
    typed.expr.index = vocabulary.field(expr.word.text);
    if (typed.expr.index < 0) {
        no_field(expr.word, vocabulary, problems_);
        return unknown(expr);
    }
    typed.expr.op = Op::own_field;
    typed.expr.name = expr.word.text;
    typed.type.base =
        vocabulary.fields[static_cast<std::size_t>(typed.expr.index)].flag ? Type::Base::flag : Type::Base::number;
    typed.reads_segment = true;
    check_readable(typed, expr);
    return typed;
}

// A kind, or one of the segments that a `for` made of it.
Typed RuleExprResolver::kind(const syntax::Expr& expr) {
    const Profile& profile = *scope_.profile;
    Typed typed = unknown(expr);
    typed.type.base = Type::Base::flag;
    if (!profile.vocabulary.own()) {
        problems_.add(
            expr.where,
            "'seg is' asks for a kind of segment, and TCP's have none: what a spec calls one is not on the wire",
            "ask for its fields, as in 'seg.fin'; a profile with 'protocol' has kinds of its own");
        return unknown(expr);
    }
    typed.expr.op = Op::kind_in;
    for (const syntax::Word& word : expr.words) {
        int kind = profile.vocabulary.kind(word.text);
        for (const SegmentTemplate& shape : profile.segments) {
            if (kind == 0 && shape.name == word.text) kind = shape.kind;
        }
        if (kind == 0) {
            std::vector<std::string> known = names_in(profile.vocabulary.kinds);
            problems_.add(word.where, "unknown segment '" + word.text + "'", did_you_mean(word.text, known));
            return unknown(expr);
        }
        if (std::find(typed.expr.states.begin(), typed.expr.states.end(), kind) != typed.expr.states.end())
            problems_.add(word.where, "segment '" + word.text + "' is listed twice");
        else
            typed.expr.states.push_back(kind);
        typed.expr.name += (typed.expr.name.empty() ? "" : ",") + word.text;
    }
    typed.reads_segment = true;
    check_readable(typed, expr);
    return typed;
}

const Typed& RuleExprResolver::resolved_let(const syntax::Let& let) {
    const std::string& name = let.name.text;
    if (const auto done = scope_.resolved_lets.find(name); done != scope_.resolved_lets.end()) return done->second;
    std::vector<std::string>& open = scope_.open_lets;
    const auto first = std::find(open.begin(), open.end(), name);
    if (first != open.end()) {
        std::string loop;
        for (auto each = first; each != open.end(); ++each) loop += *each + " -> ";
        problems_.add(let.name.where, "a loop of 'let': " + loop + name);
        return scope_.resolved_lets[name] = unknown(let.value);
    }
    constexpr std::size_t deepest = 50;
    if (open.size() >= deepest)
        throw SpecError(let.name.where, "lets that use lets, more than " + std::to_string(deepest) + " deep");
    open.push_back(name);
    Readable everything;
    everything.segment = everything.history = everything.era = true;
    Typed typed = RuleExprResolver(scope_, everything, problems_).resolve(let.value);
    open.pop_back();
    return scope_.resolved_lets[name] = std::move(typed);
}

Typed RuleExprResolver::let(const syntax::Expr& expr, const syntax::Let& let) {
    Typed typed = resolved_let(let);
    constexpr std::size_t most_inlined = 1'000'000;
    scope_.inlined += typed.size;
    if (scope_.inlined > most_inlined)
        throw SpecError(expr.where, "the lets of this profile add too much, all uses taken together");
    check_readable(typed, expr);
    return typed;
}

}  // namespace lastack
