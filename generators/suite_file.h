// A suite as one file, JSON lines: a head that says what the suite is, then a vector a line (generators/vector_json.h).
#pragma once

#include <string>
#include <vector>

#include "generators/vector.h"
#include "generators/walk_suite.h"

namespace lastack {

// The first line: the format, the suite's name and guarantee, the profile, how many goals there are and are reached.
std::string suite_head(const WalkSuiteResult& result, const Profile& profile);

// Throws VectorFormatError, with the line.
std::vector<TestVector> suite_from_lines(const std::string& text);

}  // namespace lastack
