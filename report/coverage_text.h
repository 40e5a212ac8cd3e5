// What of a profile was exercised, for a terminal of 80 columns and for programs.
#pragma once

#include <string>

#include "checker/coverage/coverage.h"
#include "generators/json_tree.h"

namespace lastack {

// Shares in per cent, then each rule, case, choice and clause that no step uses.
std::string coverage_text(const UseReport& report);

// Members are described in docs/coverage.md.
JsonTree use_json(const UseReport& report);

}  // namespace lastack
