// The claims of a spec, decided until one is not as expected: what a mutant is put to.
//
// The same engines and the same decisions (checker/claims/decide.h) as in checker/claims/check.h, without traces. Two
// things make it quick: an exploration stops at the first finding that was not to be there, and where a finding is
// expected at a certain length it stops behind that length.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "checker/claims/check.h"

namespace lastack {

// One exploration, and the claims that it decides.
struct ClaimGroup {
    const SystemDecl* system = nullptr;
    std::vector<const Claim*> watched;     // by hooks on the way
    std::vector<const Claim*> afterwards;  // recoverable, and claims about infinite runs: on the explored system
    const Claim* staged = nullptr;         // with a monitor; then there are no others
    // What is expected of each; `shortest` is the fewest steps here, not those of the cheapest trace.
    std::map<const Claim*, Expectation> expected;
    std::uint64_t states = 0, cost = 0, fingerprint = 0;  // of the original: set by whoever measured them

    std::vector<const Claim*> claims() const;
};

// All claims of a spec about systems that have the subject, with what the spec expects of them but without lengths.
std::vector<ClaimGroup> claim_groups_of(const Spec& spec);

struct Ruling {
    const Claim* claim = nullptr;
    Answer answer = Answer::unknown;
    int length = -1;                     // of the shortest trace, where there is one; of a lasso, its stem and loop
    std::vector<std::string> never_met;  // premises that are never true
    std::string note;                    // what limits the answer

    bool vacuous() const { return answer == Answer::holds && !never_met.empty(); }
};

// Is the ruling what was expected? Never for an unknown one.
bool as_expected(const Ruling& ruling, const Expectation& expected);
// "violated in 5", "holds", "vacuous: 'e in CLOSING' (a.spec:3:4) is never true".
std::string to_string(const Ruling& ruling);
std::string to_string(const Expectation& expected);  // "holds in 3", "violated", "vacuous"

struct Heard {
    Coverage coverage;
    // Of all that was explored, to the end or to the bound: states, steps, local states, reactions. Equal ones mean
    // that nothing differs there; 0 where it ended early, or a monitor took part.
    std::uint64_t fingerprint = 0;
};

// Decides the claims of a group in `spec`, which may have another profile as its subject than the spec of the
// group, and hands each ruling over; false: enough. `hurry`: stop as soon as a claim is surely not as expected;
// claims that are open then get no ruling. Throws ModelError, std::length_error as
// explorations do.
Heard hear(const Spec& spec, const ClaimGroup& group, const Bounds& bounds, bool hurry,
           const std::function<bool(const Ruling&)>& ruled);

}  // namespace lastack
