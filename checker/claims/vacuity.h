// Claims that hold because nothing puts them to the test: `e in CLOSING implies ...` where no end gets there.
//
// Idea (Beer, Ben-David, Eisner, Rodeh, Efficient detection of vacuity in temporal model checking, 2001): a claim
// that holds should have an interesting witness, a run on which its premise is true. Here the premise is what
// stands left of `implies`; each becomes a claim of its own that says "this is never so", and is watched for in the
// same exploration as everything else. Deviation: subformulas other than premises are not replaced. Cost: one watch
// for each premise.
#pragma once

#include <deque>
#include <string>
#include <vector>

#include "checker/claims/watch.h"

namespace lastack {

// The derived claims of a claim, in the order of the text: each is violated exactly where a premise is true.
// `sentence` is the premise as the spec writes it, `where` its place. Empty for kinds and bodies without a premise.
//   invariant, step, ends: each `P implies Q` in positive position, under the premises around it
//   ends: that there is a state which no step leaves comes first
//   acyclic: that a step of the kind it speaks of happens at all
// (`leads` is decided with its premise by the search for cycles.)
std::vector<Claim> premises_of(const Claim& claim);

// The premises of several claims, for one exploration; must outlive the hooks.
class Premises {
public:
    explicit Premises(const std::vector<const Claim*>& claims);
    Premises(const Premises&) = delete;
    Premises& operator=(const Premises&) = delete;

    // What WatchHooks is to watch beside the claims themselves.
    std::vector<const Claim*> claims() const;
    // Is it one of those?
    bool is_premise(const Claim* claim) const;
    // The premises of a claim that the exploration did not meet, as "'e in CLOSING' (specs/a.spec:12:8)". They say
    // something only where the exploration was complete.
    std::vector<std::string> never_met(const Claim& claim, const WatchHooks& hooks) const;

private:
    struct Derived {
        const Claim* parent;
        Claim premise;
    };
    std::deque<Derived> derived_;  // addresses stay
};

}  // namespace lastack
