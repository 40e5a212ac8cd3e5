// What explains a refuted vector beside its report: the command that drives it again, the packets of the run as a file,
// and the mistakes that would look like this.
#pragma once

#include <string>
#include <vector>

#include "cli/verbs.h"
#include "generators/vector.h"
#include "harness/driver.h"
#include "model/spec.h"

namespace lastack {

// For people: of the first vectors that were refuted and should not have been. Writes the file that is asked for, too.
// `again`: the command that drives them, but for the one vector. `spec` may be null where no faults are asked for.
std::string explain_refuted(const ExplainArguments& arguments, const Spec* spec,
                            const std::vector<std::string>& settings, const std::string& again,
                            const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);

}  // namespace lastack
