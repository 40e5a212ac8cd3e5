// What a target did with a suite, for a terminal of 80 columns.
#pragma once

#include <string>
#include <vector>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

// CONFIRMED, REFUTED, INCONCLUSIVE, ERROR or SKIPPED: what the verdict says about the model's trace.
std::string word_for(Verdict verdict);

// One line for each vector and verdict, IP versions together, with what a confirmation means where it is no witness;
// after a REFUTED one the rules behind the plan, and the planned and the observed exchange side by side. runs[i] is of
// vectors[i].
std::string runs_text(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);

// The plan of a vector beside what was observed.
std::string comparison_text(const TestVector& vector, const TestRun& run);

}  // namespace lastack
