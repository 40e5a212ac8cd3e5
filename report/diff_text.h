// The comparison of two profiles, for a terminal of 80 columns and as JSON.
#pragma once

#include <string>
#include <vector>

#include "checker/compare/distinguish.h"
#include "generators/json_tree.h"
#include "generators/project.h"
#include "harness/diff_trial.h"

namespace lastack {

struct DiffReport {
    const Comparison* comparison = nullptr;
    const DiffTrial* trial = nullptr;  // whether the exchange was played; null: it was not tried
    std::vector<DeclaredDifference> declared;
    std::size_t shown = 10;              // further differences that are listed, at most
    std::vector<Projection> vectors[2];  // as A does it, as B does it; one for each IP version
};

std::string diff_text(const DiffReport& report);
JsonTree diff_json(const DiffReport& report);

}  // namespace lastack
