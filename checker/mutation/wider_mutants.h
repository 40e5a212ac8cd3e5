// More first-order mutants: what an implementer gets wrong in a state, a number, a flag, a timer or a result.
//
// The operators are those of mutation testing of protocols: state and output faults of finite state machines (T. Chow,
// "Testing software design modeled by finite-state machines", 1978), numbers and flags of what is sent, timers. What
// the six of mutants.h do already is not made again.
#pragma once

#include <vector>

#include "checker/mutation/mutants.h"

namespace lastack {

// Of those operators that are wider ones, in the order of the profile's rules; lengths of timers last.
std::vector<Mutant> wider_mutants(const Profile& profile, const std::vector<Mutant::Operator>& operators);

}  // namespace lastack
