// What explains a refuted vector beside its report: the command that drives it again, the packets of the run as a file,
// and the mistakes that would look like this.
#pragma once

#include <string>
#include <vector>

#include "cli/verbs.h"
#include "generators/vector.h"
#include "harness/driver.h"
#include "model/spec.h"
#include "report/explanation.h"

namespace lastack {

// Of the first vectors that were refuted and should not have been. Writes the file that is asked for, too. `spec` may
// be null where no faults are asked for.
Explanations explain_refuted(const ExplainArguments& arguments, const Spec* spec,
                             const std::vector<std::string>& settings, const std::vector<TestVector>& vectors,
                             const std::vector<TestRun>& runs);

// The words of a command line as a shell takes them, but for `--only TEXT`.
std::string command_line(int argc, const char* const* argv);

// Drops those whose ids have not that text. Throws UsageError where none is left.
void keep_only(const std::string& only, std::vector<TestVector>& vectors);

}  // namespace lastack
