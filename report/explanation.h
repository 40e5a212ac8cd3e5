// What explains a refuted vector beside its run: the command that drives it again, and mistakes that would look alike.
#pragma once

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "generators/vector.h"
#include "harness/likely_faults.h"

namespace lastack {

struct Explanation {
    std::string again;                // a command for a shell
    bool faults_tried = false;        // were they asked for?
    bool profile_does_so = false;     // the profile itself does the same: the vector is not one of it
    std::vector<LikelyFault> faults;  // of the profile, that would look like this
};

using Explanations = std::map<std::size_t, Explanation>;  // by the index of the vector

std::string explanations_text(const std::vector<TestVector>& vectors, const Explanations& explanations);

// "specs/linux.spec:120", or nothing where the mutant was made.
std::string place_of(const LikelyFault& fault);

}  // namespace lastack
