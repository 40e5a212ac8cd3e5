// The mutation score of suites, for a terminal of 80 columns and for programs.
#pragma once

#include <string>

#include "generators/json_tree.h"
#include "harness/suite_mutation.h"

namespace lastack {

// What judged, each mutant that could be killed and that some suite misses with its place and the reason, the score of
// each suite. `all`: every mutant, with the vector that kills it.
std::string suite_mutation_text(const SuiteMutationReport& report, bool all);

// Members are described in docs/mutation.md.
JsonTree suite_mutation_json(const SuiteMutationReport& report);

}  // namespace lastack
