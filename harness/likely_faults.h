// Which mistakes would look like this: of a run that was refuted, the mutants whose run of the same vector is the same.
//
// Each mutant is played by `sim`, once taking what the profile leaves open and once not. Alike are runs that fail in
// the same step, with the same packets, results and states until then; times are not compared, since sim's are its own.
// So a mistake that is named explains what was seen, and need not be the one that was made. Cost: a run for each
// mutant.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "harness/driver.h"
#include "harness/suite_mutation.h"

namespace lastack {

struct LikelyFault {
    std::string id, op, sentence;  // as of the mutant
    Where where;
};

// Does `sim`, playing this profile, do the same with the vector as was seen in the run?
bool looks_like(const Profile& profile, const TestVector& vector, const TestRun& run);

// In the order of the mutants, no more than `most`.
std::vector<LikelyFault> likely_faults(const std::vector<SuiteMutant>& mutants, const TestVector& vector,
                                       const TestRun& run, std::size_t most, const std::function<bool()>& stop);

}  // namespace lastack
