// Claims proved for every bound: any limits, any number of segments in flight.
//
// Invariants and claims about steps are tried on abstractions that allow more than the system does, the most general
// one first; what holds there holds in the system. Each try looks for lemmas (candidates.h), keeps those that are
// inductive (inductive.h) and asks whether the claim follows. Nothing here finds a counterexample: where no try
// succeeds the answer is `unknown`, and exploration is what refutes.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <vector>

#include "checker/proof/candidates.h"

namespace lastack {

// How free the limits of a system are when lemmas are looked for. Once there is a proof each limit is let go as far as
// the same lemmas still prove the claim: to any value from its declared lowest on, or to its declared range.
enum class Freedom {
    every,     // each has any value from its declared lowest on (one of 0..1 is a switch, and has both)
    switched,  // each has any value of its declared range, but what the system sets to 0 is 0
    given,     // as the system has them
};

struct ProofOptions {
    std::chrono::milliseconds time{60'000};  // for all claims of a system
    std::function<bool()> stop;
};

struct ProofQuery {
    std::string name, smtlib;  // see Query in inductive.h
};

struct Proof {
    const Claim* claim = nullptr;
    bool proved = false;
    Environment environment = Environment::anyone;
    std::vector<std::string> limits;      // "retries >= 0", "uto = 0": what the proof says of them
    std::vector<std::string> invariant;   // inductive by itself; empty: the claim follows from the rules alone
    std::vector<ProofQuery> certificate;  // each is unsat
    std::vector<std::string> tried;       // where it is not proved: what was, and how that ended
    double seconds = 0;                   // until it was proved, of all that was done for its system
};

// Can a claim of this form be proved at all? Empty if so, else why not.
std::string why_not_provable(const Claim& claim);

// In the order of `claims`. The spec must outlive the result.
std::vector<Proof> prove(const Spec& spec, const std::vector<const Claim*>& claims, const ProofOptions& options);

}  // namespace lastack
