// What `lastack prove` says, for people and for programs.
#pragma once

#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "checker/proof/prover.h"
#include "generators/json_tree.h"

namespace lastack {

// A claim that was asked for: refuted by exploration, else what the prover says.
struct ProofResult {
    const Claim* claim = nullptr;
    const CheckResult* counterexample = nullptr;  // null: exploration found none
    bool explored = false;                        // all of the system, within its bounds
    Proof proof;                                  // where there is no counterexample
    std::vector<std::string> files;               // certificates that were written
    std::string answer() const { return counterexample ? "violated" : proof.proved ? "proved" : "unknown"; }
};

struct ProofReport {
    std::string subject;
    std::vector<ProofResult> results;
    std::size_t left_out = 0;  // claims of forms that no proof is for
};

std::string proof_text(const ProofReport& report, bool verbose);
JsonTree proof_json(const ProofReport& report);

// Beside a check: which of the claims that hold do so for every bound.
std::string unbounded_text(const ProofReport& report);
JsonTree unbounded_json(const ProofReport& report);  // the same list as the claims of proof_json()

// Of a proof: "any peer; buffer >= 0, retries >= 0".
std::string proof_scope(const Proof& proof);

}  // namespace lastack
