// Claims as a reader would judge them, on a trace, with the plain interpreter: the second opinion on every
// counterexample and witness. Shares no code with claim_code.h.
#pragma once

#include <string>

#include "checker/plain_system.h"

namespace lastack {

// Is every step of the trace a step of the plain system, from its initial state? Empty if so, else what is wrong.
std::string replay(const PlainSystem& system, const Trace& trace);

// Does the trace show what it is meant to show? For `invariant`, `step`, `ends`, `recoverable`: its last state or step
// violates the body (for `ends`, in a state that no step leaves). For `reachable`: the stages occur in order, the last one
// at the end. Whether a state with a false body is really beyond recovery is not decided here. Empty if so, else what is wrong.
std::string judge(const PlainSystem& system, const Claim& claim, const Trace& trace);

}  // namespace lastack
