// What was observed in runs, as a pcapng file: a section for each run, with how each packet was judged.
#pragma once

#include <vector>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

// Of those that did not pass and were driven; runs[i] is of vectors[i]. Empty where there are none. Each has a tester's
// port of its own, so that they can be told apart.
std::vector<unsigned char> runs_pcapng(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);

}  // namespace lastack
