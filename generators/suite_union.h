// Vectors of several suites as one suite, each exchange once.
//
// A vector whose exchange is the beginning of another one's is not needed: the longer one decides its claims as well,
// and lists them. That holds only where no silence was watched for at its end for longer than any step takes, as
// vectors of claims do. Walks are reduced to each other before they are made vectors (checker/suites/cover.h); here
// comes together what other ways make. Idea: vectors are sorted by what a tester does and sees in them, so that what
// begins like one stands right behind it. Cost: that of sorting; all vectors are in memory.
#pragma once

#include <cstdint>
#include <vector>

#include "generators/vector.h"

namespace lastack {

// In the order given. `short_look_us`: silence at the end of a vector up to which a longer one replaces it.
std::vector<TestVector> united(std::vector<TestVector> vectors, std::int64_t short_look_us);

}  // namespace lastack
