// The suites that --suite names, whatever they are made of: walks, the claims of the spec, mutants.
#pragma once

#include <string>
#include <vector>

#include "cli/verbs.h"
#include "generators/walk_suite.h"

namespace lastack {

// What suites are made from.
struct SuiteSource {
    const Spec& spec;
    CheckArguments check;             // of `claims`
    std::vector<std::string> others;  // named beside it: what `mutants` is to add to
};

// Reads the spec; refuses rules that contradict each other or can never fire, unless a check does so anyhow, which the
// suite `claims` asks for. Refuses another protocol than TCP.
Spec read_for_suites(const SpecArguments& arguments, const std::vector<std::string>& suites);

// `suite`: a name, or a union of several with commas between them. Throws what make_walk_suite and run_check throw;
// OutOfPatience after an interrupt.
WalkSuiteResult make_named_suite(const SuiteSource& source, const std::string& suite, const WalkSuiteOptions& options);

}  // namespace lastack
