// Runs that go on for ever, or that nothing continues, as a reader would judge them: the second opinion on every
// counterexample to a claim about such runs. Shares no code with liveness.h and what is behind it.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"

namespace lastack {

// Does the trace show a run that violates the claim (leads, eventually, always_eventually, acyclic)? It must be a run
// that no step continues, or a lasso that closes and is fair to all that the claim's fairness asks. Whether it is a run
// of the system at all is for `replay` to say. Empty if so, else what is wrong.
std::string judge_run(const PlainSystem& system, const Claim& claim, const Trace& trace);

// `replay` and the above. Throws Disagreement (plain_claims.h) where there is something wrong.
void confirm_lasso(const PlainSystem& system, const Claim& claim, const Trace& trace);

}  // namespace lastack
