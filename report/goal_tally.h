// What a run says of the goals of its vectors. A goal has often several vectors: one for each course that the profile
// leaves open, of which an implementation takes one, and those that pass through it on the way to another. So few goals
// are left undecided where many vectors are.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

// Of each goal and IP version the first that holds: a vector with it was confirmed; one was refuted, there or earlier;
// one was inconclusive; none came to its end.
struct GoalTally {
    std::size_t confirmed = 0, refuted = 0, undecided = 0, not_driven = 0;
    std::size_t all() const { return confirmed + refuted + undecided + not_driven; }
    bool operator==(const GoalTally&) const = default;
};

// runs[i] is of vectors[i].
GoalTally goal_tally(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);
// The runs that were led off their course by a choice that the profile leaves to the implementation, where the vector
// of the course that it took went on to a verdict, or all of whose goals other vectors have confirmed. They are the
// branches of an adaptive test that were not needed, and leave nothing open.
std::vector<bool> on_other_courses(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);
// A line; empty where there are no goals.
std::string goal_tally_text(const GoalTally& tally);

}  // namespace lastack
