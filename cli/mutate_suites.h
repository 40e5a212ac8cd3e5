// `mutate --suite`: mutants judged by suites of vectors, in place of claims.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "cli/verbs.h"
#include "harness/suite_mutation.h"
#include "model/spec.h"

namespace lastack {

// Reports on standard output; the exit code.
int mutate_by_suites(const Spec& spec, const MutateArguments& arguments);

// The profiles that stand in the files themselves, not in those that they use, and extend the subject; `specs` keeps
// them. Throws UsageError where there are none.
std::vector<SuiteMutant> written_mutants(const std::vector<std::string>& files,
                                         const std::vector<std::string>& settings, const std::string& subject,
                                         std::vector<std::unique_ptr<Spec>>& specs);

}  // namespace lastack
