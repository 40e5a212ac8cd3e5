// The same results as JSON documents, for programs. Members are described in docs/json.md.
#pragma once

#include <vector>

#include "checker/claims/check.h"
#include "generators/json_tree.h"
#include "harness/driver.h"
#include "report/explanation.h"

namespace lastack {

JsonTree check_json(const Spec& spec, const CheckReport& report);
// runs[i] is of vectors[i]. `fallback`: why it is not the running kernel, which was wanted; or empty.
JsonTree runs_json(const Target& target, const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs,
                   const std::string& fallback = "", const Explanations& explained = {});

}  // namespace lastack
