// Reading a spec and checking it: the first half of check, generate and gate.
#pragma once

#include "checker/check.h"
#include "checker/goals.h"
#include "cli/verbs.h"

namespace lastack {

// Reads the spec and refuses one whose rules contradict each other or can never fire. Throws SpecError.
Spec read_and_analyse(const std::string& path);

// Checks, with a progress line. Throws SpecError for a claim id that the spec does not have.
CheckReport run_check(const Spec& spec, const CheckArguments& arguments);

// The coverage goals of the subject, with a progress line.
GoalReport run_cover(const Spec& spec, const CheckArguments& arguments);

// Ladders of the violated claims (or of all traces) on standard output.
void print_traces(const Spec& spec, const CheckReport& report, bool all);

}  // namespace lastack
