// One try of all vectors, as drive() makes several (harness/driver.h).
#pragma once

#include <vector>

#include "harness/driver.h"

namespace lastack {

std::vector<TestRun> drive_once(Target& target, const std::vector<TestVector>& vectors, const DriveOptions& options);

}  // namespace lastack
