// Why does a mutant live on that no vector kills?
//
// Asked of the comparison of both endpoints (checker/compare/distinguish.h), in this order: are they bisimilar, does
// the original allow all that the mutant does (checker/compare/bisimulation.h), is there an exchange that a vector can
// play and that the mutant fails (harness/diff_trial.h); and what is left says what kind of difference it is. Cost: two
// labelled transition systems and a refinement, then up to some hundred vectors.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "checker/compare/distinguish.h"
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
    std::optional<TestVector> vector;  // of `missed`: that exchange; the original passes it, the mutant fails it

    bool may_be_killed() const {
        return survival != Survival::equivalent && survival != Survival::conforming && survival != Survival::stillborn;
    }
};

// In two steps, since the second one is dear: whether anybody can tell the two apart, and what tells them. The profiles
// and limits outlive it.
class SurvivorExplainer {
public:
    SurvivorExplainer(const Profile& original, const Limits& limits, const Profile& mutant,
                      const Limits& limits_of_mutant, const SurvivorOptions& options);
    ~SurvivorExplainer();
    SurvivorExplainer(const SurvivorExplainer&) = delete;
    SurvivorExplainer& operator=(const SurvivorExplainer&) = delete;

    // Equivalent, conforming, stillborn or undecided; nothing where the two differ.
    std::optional<Survivor> not_to_be_told();
    // Where they differ: what tells them apart, or why nothing does.
    Survivor difference();

private:
    Comparison compare_them(const Profile& a, const Profile& b, bool states) const;
    bool nobody_sees() const;

    const Profile& original_;
    const Profile& mutant_;
    const Limits& limits_;
    const Limits& limits_of_mutant_;
    const SurvivorOptions& options_;
    std::unique_ptr<Comparison> comparison_;  // once it was asked for
};

Survivor explain_survivor(const Profile& original, const Limits& limits, const Profile& mutant,
                          const Limits& limits_of_mutant, const SurvivorOptions& options);

}  // namespace lastack
