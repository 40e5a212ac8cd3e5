// From a walk that fails to a shortest one that does.
//
// Idea: delta debugging (Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input", 2002) on the
// inputs of a walk: every beginning of it; every end of it behind the cheapest way to where that end begins; the walk
// without one step, and without two; without its delays. Each is planned anew, since what the profile demands depends
// on all that came before. What fails twice is taken, the shortest first, until nothing that is shorter fails. So no
// step, and no two, of the result can be left out; a shorter walk of other steps may exist. Deviation: any failure
// counts, also another one than the first. Cost: some hundred vectors a round, driven at once; a round for each gain.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "checker/suites/random_walks.h"
#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

// Did the implementation do what it may not, or break down?
bool is_fault(const TestRun& run);

struct FailingWalk {
    Walk walk;
    TestVector vector;  // of it
    TestRun run;        // the last one
};

struct ShrinkMeans {
    RandomWalks& walks;
    // By block: the cheapest way to a member of it (access_walks).
    const std::vector<std::optional<Walk>>& ways;
    const TesterGraph& graph;
    std::function<std::optional<TestVector>(const Walk&)> make;  // nothing where it has no vector
    std::function<std::vector<TestRun>(const std::vector<TestVector>&)> drive;
};

FailingWalk shrink(FailingWalk found, const ShrinkMeans& means);

}  // namespace lastack
