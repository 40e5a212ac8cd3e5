// A suite of vectors for the first-order mutants that other suites let live.
//
// Each mutant is played with the vectors of the others, then with those that were made for mutants before it. Where it
// passes all of them, and it is neither equivalent nor conforming, the shortest exchange that a vector can play and the
// mutant fails (harness/survivors.h) is the next vector. Idea: mutation analysis that generates (R. DeMillo, A. J.
// Offutt, "Constraint-based automatic test data generation", 1991), with the comparison of both endpoints in place of a
// solver. Its goals are those mutants; a vector lists all that it was the first one to kill. Cost: that of scoring the
// others.
#pragma once

#include "generators/walk_suite.h"
#include "harness/suite_mutation.h"

namespace lastack {

// `others`: of the same limits; those that the profile itself fails do not judge. Of `options` those count that are
// about vectors, the limits, and `only` (in the ids of mutants). Throws OutOfPatience where `stop` said so.
WalkSuiteResult make_mutant_suite(const Profile& profile, std::vector<TestVector> others,
                                  const WalkSuiteOptions& options);

}  // namespace lastack
