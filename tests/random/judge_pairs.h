// Pairs of random profiles that differ in one rule, judged twice: by the comparison of profiles, and by brute force.
//
// The brute force (plain_pairs.h) shares no code with checker/: it plays both profiles with the plain interpreter,
// gives every segment that there is to both, in every local state, and asks for the greatest bisimulation.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/random/random_spec.h"

namespace lastack::testing {

struct PairCounts {
    int pairs = 0;
    int same = 0, different = 0, undecided = 0;  // by brute force
    int shown = 0;                       // different ones with a vector that one side passes and the other does not
    int branching = 0;                   // different ones that differ in choices only: no one run can show that
    int in_time = 0;                     // shown as a difference in time
    int mutants = 0, equivalent = 0;     // mutants that were judged, and those called equivalent
    std::vector<std::string> wrong;      // "seed 17: diff says bisimilar, brute force says different"
    std::vector<std::string> not_shown;  // "seed 17: <reason>"

    PairCounts& operator+=(const PairCounts& others);
};

// One pair for each seed of [first, first + count); `mutants` of each profile are judged, too.
PairCounts judge_pairs(std::uint64_t first, int count, const RandomKnobs& knobs, int mutants);

}  // namespace lastack::testing
