// Why does a mutant live on that no vector kills?
//
// Asked of the comparison of both endpoints (checker/compare/distinguish.h), in this order: are they bisimilar, does
// the original allow all that the mutant does (checker/compare/bisimulation.h), is there an exchange that a vector can
// play and that the mutant fails (harness/diff_trial.h); and what is left says what kind of difference it is. Cost: two
// labelled transition systems and a refinement, then up to some hundred vectors.
#pragma once

#include <functional>
#include <optional>
#include <string>

#include "checker/compare/open_alphabet.h"
#include "harness/suite_mutation.h"

namespace lastack {

// What a tester may do to the profile: the calls that a vector can make, and text as a tester's graph has it
// (checker/suites/tester_graph.h).
AlphabetOptions testers_alphabet(const Profile& profile);

struct SurvivorOptions {
    std::size_t max_states = 50'000;  // local states of each side
    std::function<bool()> stop;
};

struct Survivor {
    Survival survival = Survival::undecided;
    std::string reason;
    std::optional<TellingExchange> exchange;
};

Survivor explain_survivor(const Profile& original, const Limits& limits, const Profile& mutant,
                          const Limits& limits_of_mutant, const SurvivorOptions& options);

}  // namespace lastack
