// Expressions of the spec language, after names were resolved.
//
// One tree serves rules (over one endpoint and the arriving segment) and claims (over a whole system). It is
// data only: the plain interpreter walks it as it stands, the machine compiles it. Values are small integers;
// a flag is 0 or 1; comparisons and connectives give 0 or 1.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostic.h"

namespace lastack {

enum class Op {
    constant,   // value
    limit,      // name: a limit or a setting of the profile, fixed when a system is built
    variable,   // index into Profile::variables; name kept for messages
    field,      // name: seq ack len fin syn rst has_ack zero_window, in claims era, of the segment at hand
    state_in,   // states: indices into Profile::states; the control state is one of them
    running,    // index into Profile::timers: the timer runs
    own_field,  // index into Vocabulary::fields, of the segment at hand; name kept for messages
    kind_in,    // states: kinds of segment (Segment::kind) of the profile's own; the segment at hand is of one of them
    not_,
    and_,
    or_,
    implies,
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    add,
    subtract,

    // Only in claims. `end` says which endpoint: 0 = A, 1 = B, or a variable bound by each/some (see `end`).
    each,       // args[0] for both endpoints; name = bound name, peer = name bound to the other one
    some,       // args[0] for at least one
    at_end,     // args[0] (an endpoint expression) read in endpoint `end`; next: after the step
    quiet,      // no segment is in flight
    in_flight,  // a segment sent by `end` that satisfies args[0] is in flight
    calls,      // step: `end` makes the call `name`
    expires,    // step: the timer `name` of `end` expires
    gets,       // step: a segment is delivered to `end`, satisfying args[0] where there is one
    lost,       // step: a segment sent by `end` is lost, satisfying args[0]
    doubled,    // step: a segment sent by `end` is duplicated in the network, satisfying args[0]
    sends,      // step: `end` emits a segment that satisfies args[0]
    signals,    // step: `end` signals `name` to its application
    fires,      // step: `end` uses the rule `name`
    returns,    // step: `end` makes a call that returns `name`
};

// What a node of a claim is. This is the one list of the leaves of claims: whoever walks claims asks it, and a new leaf
// is given its sort here. No `default`, so that the compiler asks for it.
enum class Sort {
    connective,     // an operator over claims, or over expressions of an endpoint
    fixed,          // has its value before any state is looked at
    local,          // a leaf of an endpoint's expression; in claims it stands inside of another leaf
    end_state,      // a leaf about the state of `end`
    network_state,  // a leaf about what is in flight
    end_step,       // a leaf about a step of `end`
    network_step,   // a leaf about a step of the network with a segment that `end` has sent
};
constexpr Sort sort_of(Op op) {
    switch (op) {
        case Op::constant:
        case Op::limit: return Sort::fixed;
        case Op::variable:
        case Op::field:
        case Op::state_in:
        case Op::running:
        case Op::own_field:
        case Op::kind_in: return Sort::local;
        case Op::not_:
        case Op::and_:
        case Op::or_:
        case Op::implies:
        case Op::eq:
        case Op::ne:
        case Op::lt:
        case Op::le:
        case Op::gt:
        case Op::ge:
        case Op::add:
        case Op::subtract:
        case Op::each:
        case Op::some: return Sort::connective;
        case Op::at_end: return Sort::end_state;
        case Op::quiet:
        case Op::in_flight: return Sort::network_state;
        case Op::calls:
        case Op::expires:
        case Op::gets:
        case Op::sends:
        case Op::signals:
        case Op::fires:
        case Op::returns: return Sort::end_step;
        case Op::lost:
        case Op::doubled: return Sort::network_step;
    }
    return Sort::connective;
}
constexpr bool is_about_step(Op op) { return sort_of(op) == Sort::end_step || sort_of(op) == Sort::network_step; }

// Endpoint references in claims: A, B, or the names that each/some bind. Bound names are numbered from 2
// in order of binding depth: the k-th enclosing quantifier binds 2 + 2k to its endpoint, 3 + 2k to the peer.
using EndRef = int;

struct Expr {
    Op op = Op::constant;
    int value = 0;            // constant
    int index = -1;           // variable, running, own_field
    std::string name;         // see Op
    std::vector<int> states;  // state_in, kind_in
    EndRef end = 0;           // claims
    bool next = false;        // at_end: in the state after the step
    bool counts = false;      // sends, in_flight: the value is how many segments do, not whether one does
    std::vector<Expr> args;
    Where where;
};

// Does a claim's expression, resolved or as it was written, ask for a step, be it only for the state after it?
template <typename Tree>
bool reads_step(const Tree& expr) {
    if (is_about_step(expr.op) || expr.next) return true;
    for (const Tree& arg : expr.args) {
        if (reads_step(arg)) return true;
    }
    return false;
}

}  // namespace lastack
