// Claims about runs that go on for ever, or that nothing continues: leads, eventually, always_eventually,
// eventually_always, acyclic (is_liveness in model/spec.h).
//
// Meaning and limits: docs/liveness.md. Exact: an answer is a run of the system, a lasso or
// one that ends, or there is none.
#pragma once

#include <optional>
#include <string>

#include "checker/engine/explorer.h"
#include "checker/engine/state_index.h"
#include "checker/trace/trace.h"
#include "model/spec.h"

namespace lastack {

struct LivenessAnswer {
    bool complete = true;                 // false, and no counterexample: not decided; `note` says why
    bool premise_met = true;              // leads: the premise held somewhere
    std::optional<Trace> counterexample;  // a lasso (Trace::loop_from), or a run that no step continues
    std::string note;
};

// `explorer` must have explored all of `system`, without a monitor. The counterexample has the shortest way to a fair
// loop, or to an end; it is still to be confirmed (plain_liveness.h).
LivenessAnswer decide_liveness(System& system, Explorer& explorer, SharedStateIndex& index, const Claim& claim,
                               const Bounds& bounds);

}  // namespace lastack
