#include "checker/claims/decide.h"

#include <algorithm>

#include "checker/claims/liveness.h"
#include "checker/claims/recoverable.h"

namespace lastack {

namespace {

bool looks_for(const Claim& claim) { return claim.kind == Claim::Kind::reachable; }

void add(const std::vector<std::string>& more, std::vector<std::string>& list) {
    list.insert(list.end(), more.begin(), more.end());
}

Decision decide_recoverable(const Claim& claim, System& system, Explorer& explorer, const Coverage& coverage,
                            const Bounds& bounds) {
    Decision decision;
    Recovery recovery = find_unrecoverable(explorer, ClaimCode(system, claim.stages.front()), bounds);
    if (!recovery.complete) {
        decision.limit = "interrupted";
    } else if (!recovery.lost) {
        decision.answer = Answer::holds;
    } else if (coverage.cuts == 0) {  // else a step that was cut may have been the way out
        decision.answer = Answer::violated;
        decision.lost = recovery.lost;
        decision.is_lost = std::move(recovery.is_lost);
    }
    return decision;
}

Decision decide_run(const Claim& claim, System& system, Explorer& explorer, SharedStateIndex& index,
                    const Bounds& bounds) {
    Decision decision;
    LivenessAnswer answer = decide_liveness(system, explorer, index, claim, bounds);
    decision.answer = answer_of(claim, answer.counterexample.has_value(), answer.complete);
    decision.run = std::move(answer.counterexample);
    decision.limit = std::move(answer.note);
    if (!answer.premise_met) decision.never_met.push_back("what leads");
    return decision;
}

}  // namespace

bool Decision::found(const Claim& claim) const {
    return answer == (looks_for(claim) ? Answer::holds : Answer::violated);
}

Answer answer_of(const Claim& claim, bool found, bool complete) {
    if (!found && !complete) return Answer::unknown;
    return found == looks_for(claim) ? Answer::holds : Answer::violated;
}

Decision decide_watched(const Claim& claim, const Coverage& coverage, const Premises& premises,
                        const WatchHooks& hooks) {
    Decision decision;
    const auto& watches = hooks.watches();
    const auto watch =
        std::find_if(watches.begin(), watches.end(), [&](const auto& each) { return each->claim == &claim; });
    const bool found = watch != watches.end() && (*watch)->found.has_value();
    decision.answer = answer_of(claim, found, coverage.complete);
    if (coverage.complete) decision.never_met = premises.never_met(claim, hooks);
    return decision;
}

Decision decide_afterwards(const Claim& claim, System& system, Explorer& explorer, SharedStateIndex& index,
                           const Coverage& coverage, const Premises& premises, const WatchHooks& hooks,
                           const Bounds& bounds) {
    if (!coverage.complete) return {};
    Decision decision = is_liveness(claim.kind) ? decide_run(claim, system, explorer, index, bounds)
                                                : decide_recoverable(claim, system, explorer, coverage, bounds);
    add(premises.never_met(claim, hooks), decision.never_met);
    return decision;
}

Decision decide_staged(const Spec& spec, const SystemDecl& decl, const Claim& claim, bool found,
                       const Coverage& coverage, const Bounds& bounds) {
    Decision decision;
    decision.answer = answer_of(claim, found, coverage.complete);
    if (found || !claim.assuming || !coverage.complete) return decision;
    for (Claim& premise : premises_of(claim)) {
        premise.assuming = claim.assuming;
        System system(spec, decl);
        MonitorHooks hooks(system, premise);
        Explorer explorer(system, hooks.stages());
        const bool complete = explorer.run(bounds, hooks).complete;
        if (complete && !hooks.found()) decision.never_met.push_back(premise.sentence);
    }
    return decision;
}

}  // namespace lastack
