// What several targets did with the same vectors, as far as it differs.
#pragma once

#include <string>
#include <vector>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

struct TargetRuns {
    std::string target;         // "linux-vm:6.1", as it was asked for
    std::vector<TestRun> runs;  // runs[i] is of vectors[i]
};

// Of the vectors that no target skipped: those whose verdicts differ, with each target's; then how many had one
// verdict, but other packets or results of calls, and the first of these. Instants are not compared: what a window
// allows is the same.
std::string differences_text(const std::vector<TestVector>& vectors, const std::vector<TargetRuns>& targets);

}  // namespace lastack
