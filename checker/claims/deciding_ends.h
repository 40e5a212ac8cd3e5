// At which end of a system a run shows what a claim says: a tester at the other end would see the run go by and learn
// nothing about the claim.
//
// Idea: a claim is decided by the last state or step of its trace, and there by some of its parts: of a violated `each`
// by the ends that violate it, of a false `and` by the arguments that are false. The ends that those parts speak of are
// the ends that decide. Where a stage of a `reachable` claim is about the network (a segment is lost, or doubled), an
// end must notice it besides: it does what a stage from there on says of it, or it sends or gets again what it has sent
// or got. The truth of each part is asked of the plain judge. Cost: one judgement for each part.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"

namespace lastack {

// Empty where the trace, which decides the claim, shows it at `end` (0 = A, 1 = B); else the reason, for people.
std::string why_not_shown_at(const PlainSystem& system, const Claim& claim, const Trace& trace, int end);

}  // namespace lastack
