// `gate --baseline FILE`, `--write-baseline FILE`: what is known passes, what is new or gone fails.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "report/baseline.h"

namespace lastack {

// Reads the file that --baseline names; none where it names none. Throws BaselineError, also where it is of another
// profile, std::filesystem::filesystem_error where there is no such file.
std::optional<Baseline> given_baseline(const BaselineArguments& arguments, const std::string& profile);

// The exit code of a gate without what is known. `code`: of everything else, where that is worse.
int exit_code_beside(const BaselineComparison& comparison, const CheckReport& report, const std::string& target,
                     const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);

// Writes what --write-baseline asks for, and nothing where the run was interrupted. For people: what was written.
std::string write_baseline(const BaselineArguments& arguments, const Baseline& baseline);

}  // namespace lastack
