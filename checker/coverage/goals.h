// Goals of a test suite: each rule of the subject, in each control state in which some run fires it at end A.
//
// One exploration finds them all: reactions are evaluated once per (local state, input), so the first use of a reaction
// is a nearest one, and tells the rules that fired and the state they fired in. Each trace is shortest, and was
// replayed and judged by the plain interpreter.
#pragma once

#include <string>
#include <vector>

#include "checker/claims/check.h"

namespace lastack {

struct Goal {
    Claim claim;  // "again/FIN_WAIT_1": that the rule fires there, as a `reachable` claim
    Trace trace;
};

struct GoalReport {
    std::vector<Goal> goals;               // in the order of the profile's rules, then of its states
    std::vector<std::string> never_fired;  // rules of the profile that no run fires at end A
    Coverage coverage;
};

// For the first system whose end A is the subject, with all that its applications may do; of these systems only, where
// some are named. Where `bounds` end it early, its coverage is not complete and rules may be missing. Throws SpecError
// where there is no such system, Disagreement where the plain interpreter does not confirm a trace.
GoalReport cover_rules(const Spec& spec, const Bounds& bounds, const std::vector<std::string>& only_systems = {});

}  // namespace lastack
