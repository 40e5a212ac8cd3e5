// Claims of a checked spec, proved: what `prove` and `check --unbounded` share.
#pragma once

#include "checker/claims/check.h"
#include "cli/verbs.h"
#include "report/proof_text.h"

namespace lastack {

// Proves those claims of the report that exploration did not refute and that have a form that can be proved.
// `given`: their ids; empty: all of the report.
ProofReport prove_checked(const Spec& spec, const CheckReport& report, double seconds,
                          const std::vector<std::string>& given);

}  // namespace lastack
