// A profile is never refuted by itself: random profiles from spec to verdict.
//
// Each drivable random spec is checked, its vectors are made (claims and coverage goals), and `sim` plays the profile
// that they were made of, with every freedom that the profile leaves taken both ways. What a run may end in is pass or
// inconclusive.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/vector.h"
#include "model/spec.h"
#include "tests/random/random_spec.h"

namespace lastack::testing {

struct VectorTally {
    std::size_t specs = 0, vectors = 0, not_made = 0, runs = 0, passed = 0, inconclusive = 0, failed = 0, errors = 0;
    std::size_t plain_runs = 0, plain_inconclusive = 0;  // of profiles without a `may`
    std::size_t rewritten = 0;                           // vectors that read back otherwise than they were written
    std::vector<std::uint64_t> bad;                      // seeds with a failure, an error or a rewritten vector
    std::vector<std::string> reasons;                    // of the first few of them, one line each
};

VectorTally& operator+=(VectorTally& sum, const VectorTally& other);

// The vectors of a spec, of its claims and of its coverage goals, by explorations of so many states; how many were not
// made is counted where it is asked for.
std::vector<TestVector> vectors_of(const Spec& spec, std::size_t* not_made = nullptr,
                                   std::uint64_t max_states = 60'000);
// Has the profile a rule that may be used or not?
bool has_choice(const Profile& profile);

// Plays the vectors of each profile, by that profile of `player`, with each `may` both ways and timers at all of their
// times.
VectorTally play_all(const Spec& player, const std::vector<TestVector>& vectors, std::uint64_t seed);

// Both for one spec, and whether what was written reads back.
VectorTally judge_vectors_of(const RandomSpec& random);

// Seeds from `first` on, each with knobs of its own (drivable, with and without choices).
VectorTally judge_vectors(std::uint64_t first, std::uint64_t count);

// The knobs of a seed, as judge_vectors() sets them.
RandomKnobs vector_knobs(std::uint64_t seed);

}  // namespace lastack::testing
