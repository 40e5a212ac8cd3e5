// Reading a spec and checking it: the first half of check, generate and gate.
#pragma once

#include "checker/claims/check.h"
#include "checker/coverage/coverage.h"
#include "checker/coverage/goals.h"
#include "cli/verbs.h"

namespace lastack {

// All of standard input, but no more than so many bytes and what was read with the last of them; an interrupt ends the
// wait for it. Throws Interrupted, std::filesystem::filesystem_error.
std::string standard_input(std::size_t most);

// Reads the spec, from a file or from standard input. Throws SpecError, Interrupted.
Spec read(const SpecArguments& arguments);

// The same, and refuses a spec whose rules contradict each other or can never fire.
Spec read_and_analyse(const SpecArguments& arguments);

// The system of that name. Throws SpecError, which names those that there are.
const SystemDecl& system_named(const Spec& spec, const std::string& file, const std::string& name);

// Checks, with a progress line. Looks through the rules as read_and_analyse() does, before it or, where there are
// threads for both, beside it. Throws SpecError; also for a claim or a system that the spec does not have.
CheckReport run_check(const Spec& spec, const CheckArguments& arguments);

// "data=1": names and numbers, as --limit takes them. Throws UsageError.
std::map<std::string, int> limits_given(const std::vector<std::string>& words);

// What of the subject the systems exercise, with a progress line.
UseReport run_use(const Spec& spec, const CheckArguments& arguments);

// The coverage goals of the subject, with a progress line.
GoalReport run_cover(const Spec& spec, const CheckArguments& arguments);

// Ladders of the violated claims, or of all traces.
std::string traces_text(const Spec& spec, const CheckReport& report, bool all);

// Writes every trace as CLAIM.itf.json, CLAIM.mmd and CLAIM.svg into a directory that is made where missing; returns
// how many traces. Their names: file_stem() in generators/suite.h.
std::size_t save_traces(const Spec& spec, const CheckReport& report, const std::string& directory);

}  // namespace lastack
