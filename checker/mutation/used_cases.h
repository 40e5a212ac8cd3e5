// Which cases of a profile's rules can fire at all, whatever a tester does?
//
// A mutant whose change stands where nothing fires is its original: the identity is a bisimulation. That is decided by
// one exploration of the original for all such mutants, in place of a comparison for each. Cost: that of the endpoint's
// labelled transition system, once.
#pragma once

#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "checker/compare/open_alphabet.h"
#include "checker/mutation/mutants.h"

namespace lastack {

class UsedCases {
public:
    // Where there are more than `max_states` local states, nothing is known to be unused. Throws OutOfPatience.
    UsedCases(const Profile& profile, const Limits& limits, const AlphabetOptions& alphabet, std::size_t max_states,
              const std::function<bool()>& stop = {});

    // Is the change one that nothing can reach? `changed` is the profile with it.
    bool out_of_reach(const Mutant& mutant, const Profile& changed) const;

private:
    const Profile& profile_;
    bool known_ = false;
    std::set<std::string> fired_;  // "fin/2": a rule and the number of its case
    std::set<int> reached_;        // control states
};

}  // namespace lastack
