// A mutation score, for a terminal of 80 columns and for programs.
#pragma once

#include <string>

#include "checker/mutation/mutation.h"
#include "generators/json_tree.h"

namespace lastack {

// The claims that judged, each survivor with its place, its sentence and why nobody noticed, how many mutants met which
// end, the score. `all`: every mutant with its end, not only the survivors.
std::string mutation_text(const MutationReport& report, bool all);

// Members are described in docs/coverage.md.
JsonTree mutation_json(const MutationReport& report);

}  // namespace lastack
