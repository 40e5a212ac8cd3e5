#include "cli/proving.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "cli/session.h"

namespace lastack {

ProofReport prove_checked(const Spec& spec, const CheckReport& report, double seconds,
                          const std::vector<std::string>& given) {
    ProofReport proofs;
    proofs.subject = report.subject;
    std::vector<const Claim*> open;
    for (const CheckResult& result : report.claims) {
        const bool asked = std::find(given.begin(), given.end(), result.claim->id) != given.end();
        if (!why_not_provable(*result.claim).empty() && !asked) {
            ++proofs.left_out;
            continue;
        }
        ProofResult one;
        one.claim = result.claim;
        one.explored = result.coverage.complete;
        if (result.answer == Answer::violated && why_not_provable(*result.claim).empty()) {
            one.counterexample = &result;
        } else {
            open.push_back(result.claim);
        }
        proofs.results.push_back(std::move(one));
    }
    ProgressLine progress;
    progress.activity("proofs");
    ProofOptions options;
    options.time = std::chrono::milliseconds(std::llround(seconds * 1000));
    options.stop = interrupted;
    std::vector<Proof> found = prove(spec, open, options);
    for (ProofResult& one : proofs.results) {
        for (Proof& proof : found) {
            if (proof.claim == one.claim) one.proof = std::move(proof);
        }
    }
    return proofs;
}

}  // namespace lastack
