// The ways in which `may` rules can decide about one arriving segment, numbered: for languages in which a step has no
// choice inside.
#pragma once

#include <cstddef>
#include <vector>

#include "generators/model_text.h"

namespace lastack {

// For each step of `on segment`: 0 where no `may` case is used, or which one, from 1 in the order of may_cases().
using Choice = std::vector<int>;

struct MayCase {
    const Rule* rule;
    std::size_t place;  // of the case in its rule
};
std::vector<MayCase> may_cases(const Step& step);

// Every choice that can arise; the first one is all zeros. A run of rules belongs to exactly one of them: a step that
// it does not reach counts as 0. Throws SpecError, at the step, where there are more than 4096.
std::vector<Choice> choices_of(const EndKind& kind);

}  // namespace lastack
