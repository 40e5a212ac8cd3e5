// The plain interpreter: the rules as a reader would apply them, one at a time, straight from the tree.
//
// It shares no code with the machine (model/machine.h), is slow on purpose, and is the judge: every
// counterexample is replayed here before it is shown, and on small bounds whole explorations are compared.
// It is also what the target `sim` runs. Not thread-safe state: none; every function is pure.
#pragma once

#include <vector>

#include "model/endpoint.h"

namespace lastack {

// In the control state `start` (which the profile must have), or in the profile's initial one; variables as they begin.
EndState plain_initial(const Profile& profile, const std::string& start = "");

// Does the timer (index) run in this state? Armed, or its `while` condition holds.
bool plain_running(const Profile& profile, const Limits& limits, const EndState& end, int timer);

// Every reaction to the input, in the order of the rules; none where a call or timer is not enabled.
// A segment always has at least one reaction. Throws ModelError.
std::vector<Reaction> plain_react(const Profile& profile, const Limits& limits, const EndState& end,
                                  const Input& input);

// The value of an endpoint expression; `segment` may be null where the expression reads no segment.
int plain_value(const Profile& profile, const Limits& limits, const EndState& end, const Expr& expr,
                const Segment* segment = nullptr);

// "FIN_WAIT_1 snd_una=0 snd_nxt=1 ... [rto]": the state, non-initial variables, running timers.
std::string describe(const Profile& profile, const Limits& limits, const EndState& end);

}  // namespace lastack
