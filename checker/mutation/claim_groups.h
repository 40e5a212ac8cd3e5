// The claims of a spec, decided until one is not as expected: what a mutant is put to.
//
// The same engines and the same decisions (checker/claims/decide.h) as in checker/claims/check.h, without traces. Two
// things make it quick: an exploration stops at the first finding that was not to be there, and where a finding is
// expected after a certain number of steps it stops behind that number.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "checker/claims/check.h"

namespace lastack {

// What is expected of a claim here. Without traces their cost is not known, so the number is another one than that of
// Expectation::shortest, which counts the steps of the cheapest trace.
struct GroupExpectation {
    bool holds = true;
    bool vacuous = false;   // holds, and its premise is never true
    int fewest_steps = -1;  // to a witness or a counterexample, whatever it costs; -1: any number
};

// One exploration, and the claims that it decides.
struct ClaimGroup {
    const SystemDecl* system = nullptr;
    std::vector<const Claim*> watched;     // by hooks on the way
    std::vector<const Claim*> afterwards;  // recoverable, and claims about infinite runs: on the explored system
    const Claim* staged = nullptr;         // with a monitor; then there are no others
    bool each_step = false;                // is shown to hooks, which makes the exploration slow
    std::map<const Claim*, GroupExpectation> expected;
    std::uint64_t states = 0, cost = 0, fingerprint = 0;  // of the original: set by whoever measured them

    std::vector<const Claim*> claims() const;
};

// All claims of a spec about systems that have the subject, with what the spec expects of
// them but without numbers of steps. Of one system, those that are decided by words of states and those that ask for
// each step are two groups: the former explore ten times as fast, and notice most of what there is to notice.
std::vector<ClaimGroup> claim_groups_of(const Spec& spec);

// What was decided of a claim of a group.
struct ClaimAnswer {
    const Claim* claim = nullptr;
    Answer answer = Answer::unknown;
    int fewest_steps = -1;               // of a trace, where there is one; of a lasso, its stem and loop
    std::vector<std::string> never_met;  // premises that are never true
    std::string note;                    // what limits the answer

    bool vacuous() const { return answer == Answer::holds && !never_met.empty(); }
};

// Is the answer what was expected? Never for an unknown one.
bool as_expected(const ClaimAnswer& answer, const GroupExpectation& expected);
// "violated in 5", "holds", "vacuous: 'e in CLOSING' (a.spec:3:4) is never true".
std::string to_string(const ClaimAnswer& answer);
std::string to_string(const GroupExpectation& expected);  // "holds in 3", "violated", "vacuous"

struct GroupResult {
    Coverage coverage;
    // Of all that was explored, to the end or to the bound: states, steps, local states, reactions. Equal ones mean
    // that nothing differs there; 0 where it ended early, or a monitor took part.
    std::uint64_t fingerprint = 0;
};

// Told the answers one by one; false: enough.
using TakesAnswer = std::function<bool(const ClaimAnswer&)>;

// Decides the claims of a group in `spec`, which may have another profile as its subject than the spec of the group.
// `hurry`: stop as soon as a claim is surely not as expected; claims that are open then get no answer. Throws
// ModelError, std::length_error as explorations do.
GroupResult decide_group(const Spec& spec, const ClaimGroup& group, const Bounds& bounds, bool hurry,
                         const TakesAnswer& answered);

}  // namespace lastack
