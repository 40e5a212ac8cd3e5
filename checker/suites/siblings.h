// Walks for the other course where the profile leaves a choice.
//
// A vector has one plan: what an implementation chooses otherwise leaves it without a verdict. So behind a choice a
// walk has siblings, which make the same steps, as far as they can be made, on each other course: an implementation
// that keeps to one way of choosing is led to the goals by one of them. Deviation from adaptive tests (a tree with a
// branch for each answer): the branches are vectors of their own, and what chooses now so and now otherwise may miss
// them all. Only the first choice of a walk is varied; later ones follow it where the same rules leave them.
#pragma once

#include <vector>

#include "checker/suites/walks.h"

namespace lastack {

// Those that reach at least one of the walk's goals behind its first choice; each names those that it reaches.
std::vector<Walk> siblings_of(const TesterGraph& graph, Goals& goals, TimedSteps& time, const Walk& walk);

}  // namespace lastack
