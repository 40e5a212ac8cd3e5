// `mutate --suite`: mutants judged by suites of vectors, in place of claims.
#pragma once

#include "cli/verbs.h"
#include "model/spec.h"

namespace lastack {

// Reports on standard output; the exit code.
int mutate_by_suites(const Spec& spec, const MutateArguments& arguments);

}  // namespace lastack
