// A spec file as it was written: names are still words with their places, nothing is looked up.
//
// Made by model/language/parser.h, merged along `extends` by model/language/extends.cpp, and turned into the tree of
// model/spec.h by the resolvers. Layer-internal: only the front-end of the language reads these.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "model/diagnostic.h"
#include "model/expr.h"
#include "model/spec.h"

namespace lastack::syntax {

struct Word {
    std::string text;
    Where where;
};

// Ops as in model/expr.h, with these readings before names are known:
//   constant  a number, or true/false (boolean)
//   variable  any bare name: variable, limit, let or enumerator
//   at_end    args[0] is a variable (member), state_in or running, of the endpoint called `end`
struct Expr {
    Op op = Op::constant;
    int value = 0;
    bool boolean = false;
    Word word;                // name, field, timer, call, rule or signal
    std::vector<Word> words;  // state_in: states; kind_in: segments; each, some: the one or two bound names
    Word end;                 // claims: A, B or a bound name
    bool one_state = false;   // state_in: written with == or !=
    bool next = false;
    bool counts = false;   // sends, in_flight: how many
    bool applied = false;  // variable: a predicate, with these args; a state_in among them has words only
    std::vector<Expr> args;
    int depth = 1;  // of the tree; the parser bounds it
    Where where;
};

struct Remark {
    std::string text, cites;
};

struct State {
    Word name;
    bool initial = false, final = false, forgets = false;
};

struct Limit {
    Word name;
    Formula value;
    int low = 0, high = 0;
    Where range_where;
    std::optional<int> driven;
    Where driven_where;
    std::vector<Word> driven_in;  // suites; none: all
    Remark remark;
};

struct Setting {
    Word name;
    std::string value;
    Where value_where;
    bool quoted = false;  // a text, whatever stands in it
    std::optional<int> low, high;
    std::optional<Where> range_where;
    std::string offers;
    std::optional<Where> given;  // the value came from outside of the text
    Remark remark;
};

// Durations in microseconds.
struct Timer {
    Word name;
    Formula earliest, latest;
    std::optional<Formula> cap;
    std::optional<Word> doubled_from;
    bool doubled_by = false;
    std::optional<Expr> runs_while;
    Remark remark;
};

struct Variable {
    enum class Type { flag, names, range };
    Word name;
    Type type = Type::flag;
    bool history = false;
    bool kept = false;
    std::vector<Word> enumerators;
    Expr low, high;
    std::optional<Expr> initial;
    std::string text;
};

// A field of a protocol's own.
struct Field {
    Word name;
    bool flag = false;
    Expr low, high;
    std::string text;
};

struct Let {
    Word name;
    Expr value;
    bool states = false;  // a set of states: the words of `value`
};

struct FieldValue {
    Word field;  // seq, ack or len; of a template also zero_window, era; or one of the protocol's own
    Expr value;
    bool alone = false;  // the name without a value, which then is 1
};

// A name of `for` and what it runs through: numbers, names, or all segments of the profile.
struct Choice {
    Word name;
    std::optional<Expr> low, high;  // numbers; they may read the choices before
    std::vector<Word> names;
    bool any_segment = false;
};

struct Segment {
    Word name;
    std::vector<Choice> choices;
    std::vector<FieldValue> fields;
    std::vector<Word> flags;
};

struct Effect {
    lastack::Effect::Kind kind = lastack::Effect::Kind::drop;
    Word word;         // target, segment, timer, signal or result
    std::string sign;  // assign: ":=", "+=" or "-=", or "set" or "clear"
    std::optional<Expr> value;
    std::vector<FieldValue> fields;
    std::vector<Effect> then, otherwise;
    bool use = false;        // of the named effect `word`, whatever `kind` says
    std::vector<Expr> args;  // of a use
    Where where;
};

struct NamedEffect {
    Word name;
    std::vector<Word> parameters;
    std::vector<Effect> body;
};

struct Case {
    bool any = false;  // all states but `states`
    std::vector<Word> states;
    std::optional<Expr> guard;
    std::optional<Word> target;
    std::vector<Effect> effects;
    Where where;
};

struct Rule {
    Word name;
    bool replaces = false;
    bool may = false;
    std::vector<Choice> choices;
    Remark sentence;
    std::vector<Case> cases;
};

struct Step {
    Word name;
    std::optional<Word> before, after;
    std::string title;
    std::vector<Rule> rules;
};

struct Handler {
    Trigger trigger = Trigger::call;
    Word name;
    std::vector<Step> steps;  // calls and timers: one step without a name
};

// One declaration of a profile; `replaces`: it stands for one of the same name.
template <typename T>
struct Declaration {
    T it;
    bool replaces = false;
};
struct Drop {
    std::string kind;  // rule, step, timer, segment, effect or call
    Word name;
};
// The profile's states and segments have names of their own.
struct Protocol {
    Word name;
};
// Where the numbers of the text begin.
struct Stream {
    int from = 0;
    Where where;
};
// No call is made while this holds: the application waits in one that has not returned.
struct Blocked {
    Expr condition;
};
using Item =
    std::variant<std::vector<State>, Protocol, Declaration<std::vector<Field>>, Stream, Blocked, Declaration<Limit>,
                 Declaration<Setting>, Declaration<Timer>, Declaration<std::vector<Variable>>, Declaration<Let>,
                 Declaration<Segment>, Declaration<NamedEffect>, Handler, Drop, Rule>;

struct Profile {
    Word name;
    std::optional<Word> parent;
    Remark title;
    std::vector<Item> items;
    std::size_t size = 0;  // bytes of text
};

// A profile with its parent's declarations in it.
struct Merged {
    Word name;
    std::optional<Word> parent;
    Remark title;
    std::optional<Word> protocol;  // none: TCP
    std::vector<State> states;
    std::vector<Field> fields;
    std::vector<Limit> limits;
    std::vector<Setting> settings;
    std::vector<Timer> timers;
    std::vector<Variable> variables;
    std::vector<Let> lets;
    std::vector<Segment> segments;
    std::vector<NamedEffect> effects;
    std::vector<Handler> handlers;
    std::optional<Expr> blocked;  // no call is made while this holds
    int stream_from = 0;
    std::optional<Where> stream_where;  // where that was said
    std::size_t size = 0;
};

struct Network {
    lastack::Network network;
    Where capacity_where;
    std::optional<Formula> delay_from, delay_to;  // microseconds
    Where delay_where;
};

// What is said of a system; of each part, at most once. What is not said comes from the parent or from the defaults.
struct SystemParts {
    std::optional<Word> profile[2];
    std::optional<Network> network;
    std::optional<std::vector<Word>> calls[2];
    struct Start {
        int end = 0;
        Word word, state;  // the end as written
    };
    std::vector<Start> starts;
    struct Limit {
        Word name;
        int value = 0;
        Where where;
        bool by_default = false;  // it binds the ends that have it, as a setting does
    };
    std::vector<Limit> limits;
    std::vector<Setting> settings;  // name and value
    std::vector<Drop> drops;        // kind: limit or set
};

struct System {
    Word name;
    std::optional<Word> parent;
    std::string title;
    SystemParts parts;
};

// The defaults of a file.
struct Systems {
    Where where;
    SystemParts parts;
};

struct Expectation {
    bool holds = true, vacuous = false;
    int shortest = -1;
    std::vector<Word> profiles;        // none: it is the general one
    std::optional<Formula> condition;  // settings and limits under which it counts
    Where where;
};

struct Fairness {
    lastack::Fairness::Family family = lastack::Fairness::Family::timers;
    std::optional<bool> strong;
    std::optional<Word> name;  // of the one timer or call
    std::optional<Word> end;
    Where where;
};

struct Claim {
    Word name;
    Remark sentence;
    Word system;
    lastack::Claim::Kind kind = lastack::Claim::Kind::invariant;
    std::vector<Expr> stages;
    std::optional<Expr> assuming;
    std::optional<Formula> after, within;  // microseconds
    std::vector<Fairness> fairness;
    std::vector<Expectation> expectations;
    std::vector<Word> refuted;  // ends
};

// A named condition of claims.
struct Predicate {
    Word name;
    std::vector<Word> parameters;
    std::string text;
    Expr body;
    int last_line = 0;  // of its text
};

struct Use {
    Word path;
    bool with_claims = false;
};

// Of a claim that stands elsewhere.
struct FurtherExpectation {
    Word claim;
    Expectation expectation;
};

using FileItem = std::variant<Use, Profile, System, Systems, Predicate, Claim, FurtherExpectation>;
struct File {
    std::vector<FileItem> items;
};

}  // namespace lastack::syntax
