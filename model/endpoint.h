// One endpoint's local state, the inputs it takes, and what a step of it produces: values that the fast machine
// and the plain interpreter share as data, so that their answers can be compared.
#pragma once

#include <compare>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "model/segment.h"
#include "model/spec.h"

namespace lastack {

// Indices follow the declaration order in the profile.
struct EndState {
    int state = 0;
    std::vector<int> values;  // one per variable
    std::vector<bool> armed;  // one per timer; derived timers (runs_while) are always false here

    auto operator<=>(const EndState&) const = default;
};

struct Input {
    Trigger trigger = Trigger::call;
    std::string name;  // call or timer
    Segment segment;   // trigger segment
};

// One possible reaction to an input. Several exist where the profile leaves a choice (`may`).
struct Reaction {
    EndState after;
    std::vector<Segment> sent;         // in order
    std::vector<std::string> rules;    // that fired, in order; empty: nothing matched (a segment was ignored)
    std::vector<std::string> signals;  // to the application, in order
    std::string result;                // calls: "ok" unless the rule says otherwise; else "ok", or what one returns
                                       // that had blocked
    std::vector<int> started;          // timers (indices) that were started, also where they ran before, in order

    auto operator<=>(const Reaction&) const = default;
};

// A profile that breaks its own declarations at run time: a variable leaves its range, two rules of a step match.
// what() names the rule, its place and the local state.
class ModelError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// The fixed values that a profile's expressions read, by name: its limits, with a system's overrides applied, and its
// settings.
using Limits = std::map<std::string, int>;
Limits limits_of(const Profile& profile, const std::map<std::string, int>& overrides = {});

}  // namespace lastack
