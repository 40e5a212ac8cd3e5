// The mutation score of a property set: of the mistakes that one could make in a profile, how many would it notice?
//
// Each mutant (checker/mutation/mutants.h) takes the place of the subject in every system; the claims are decided until
// one is not as expected. Cheap explorations come first, and each stops as soon as it has shown enough, so that a
// typical mutant costs little. Deviation: where the spec states how long the cheapest trace is, the fewest steps
// are compared instead, with those of the original. Cost: a survivor costs all explorations, and a comparison of
// local states.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine/explorer.h"
#include "checker/mutation/mutants.h"

namespace lastack {

enum class Fate {
    killed,         // a claim's answer, its length or its premise is not as expected any more
    stillborn,      // it breaks its own declarations: a value leaves its range, or two rules match at once
    equivalent,     // nobody can tell it from the original
    not_exercised,  // the change makes no difference in any system: states, steps and rules are the same
    survived,       // different, and noticed by no claim
    undecided,      // noticed by no claim, but some exploration hit a limit
};
std::string to_string(Fate fate);

struct MutantResult {
    Mutant mutant;
    Fate fate = Fate::undecided;
    std::string killer;  // the claim that noticed it
    std::string reason;  // "holds, not violated in 5"; stillborn: which declaration; undecided: what limited it
};

struct LeftOut {
    std::string claim, reason;
};

struct MutationReport {
    std::string profile;
    std::vector<std::string> systems, claims;  // that judged
    std::vector<std::string> in_part;          // of these claims, those that the bound on states leaves open
    std::vector<LeftOut> left_out;             // claims that are not as expected of the original, or not decided
    std::vector<MutantResult> mutants;         // in the order of mutants_of; those not tried are absent
    bool equivalence_tested = false;           // false: too many local states, so no mutant counts as equivalent
    std::size_t planned = 0;                   // more than mutants.size() where the run was interrupted
    bool interrupted = false;                  // `stop` said so before all were tried

    std::size_t count(Fate fate) const;
    // Those that could be noticed: all but the stillborn and the equivalent ones.
    std::size_t counted() const;
    // Killed of these, in per cent; nothing where there are none.
    std::optional<double> score() const;
};

struct MutationOptions {
    // max_states: for each exploration. A mutant may have four times the states of the original, too.
    Bounds bounds;
    std::vector<Mutant::Operator> operators = claim_operators;
    std::size_t most_pairs = 2'000;  // of local states that the test for equivalence looks at; fewer than fit: no test
    int jobs = 1;                    // threads; the report is the same for any number
    std::function<void(std::size_t done, std::size_t all)> progress;  // called by one thread at a time
};

// Of the spec's subject, by all claims of the spec. Throws ModelError where the original profile is broken itself.
MutationReport mutation_score(const Spec& spec, const MutationOptions& options);

}  // namespace lastack
