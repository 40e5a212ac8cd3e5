// What an explored system says of a claim. `check` makes a result of it, with a trace; `mutate` compares it with what
// is expected. Both ask here, so that they cannot disagree.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "checker/claims/vacuity.h"
#include "checker/claims/watch.h"
#include "checker/engine/explorer.h"
#include "checker/engine/state_index.h"

namespace lastack {

struct Decision {
    Answer answer = Answer::unknown;
    std::vector<std::string> never_met;  // premises that were never true; it says something only where the claim holds
    std::string limit;                   // what the answer waits for, beside what the coverage says
    // recoverable, violated: a nearest state from which there is no way back, and which states are such.
    std::optional<std::uint64_t> lost;
    std::function<bool(const SystemState&)> is_lost;
    std::optional<Trace> run;  // a claim about whole runs, violated: a lasso, or a run that no step continues

    bool found(const Claim& claim) const;  // a witness or a counterexample
};

// A witness makes a `reachable` claim hold, a counterexample violates any other. Without one, only a complete
// exploration decides.
Answer answer_of(const Claim& claim, bool found, bool complete);

// A claim that the hooks watched for.
Decision decide_watched(const Claim& claim, const Coverage& coverage, const Premises& premises,
                        const WatchHooks& hooks);

// A `recoverable` claim or one about whole runs, on what was explored.
Decision decide_afterwards(const Claim& claim, System& system, Explorer& explorer, SharedStateIndex& index,
                           const Coverage& coverage, const Premises& premises, const WatchHooks& hooks,
                           const Bounds& bounds);

// A claim that was explored by itself. Under an assumption each premise is looked for on the runs that keep it, in an
// exploration of its own.
Decision decide_staged(const Spec& spec, const SystemDecl& decl, const Claim& claim, bool found,
                       const Coverage& coverage, const Bounds& bounds);

}  // namespace lastack
