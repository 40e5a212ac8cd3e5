// A suite as one file, JSON lines: a head that says what the suite is, then a vector a line (generators/vector_json.h).
#pragma once

#include <string>
#include <vector>

#include "checker/suites/goals.h"
#include "generators/vector.h"

namespace lastack {

// The first line: the format, the suite's name and guarantee, the profile.
std::string suite_head(const WalkSuite& suite, const Profile& profile);

// Throws VectorFormatError, with the line.
std::vector<TestVector> suite_from_lines(const std::string& text);

}  // namespace lastack
