// Testing at random, for as long as one likes: walks (checker/suites/random_walks.h) are made vectors and driven in
// batches; what fails is run again, to tell noise from a fault, and shrunk (harness/shrink.h).
//
// The conformance relation is that of every vector, ioco with time (generators/project.h). While a batch is driven the
// next one is made, by a thread. Of vectors nothing is kept but their verdicts, and the findings.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "checker/suites/random_walks.h"
#include "harness/driver.h"
#include "harness/shrink.h"
#include "harness/target.h"

namespace lastack {

struct WalkFinding {
    std::uint64_t number = 0;     // of the walk, from 1
    std::size_t first_steps = 0;  // that it had when it was found
    FailingWalk shortest;
};

struct WalkReport {
    std::uint64_t walks = 0;                // that were driven
    std::uint64_t steps = 0;                // of them
    std::uint64_t not_made = 0;             // walks that time allows no vector
    std::array<std::uint64_t, 5> count{};   // of those driven, by verdict
    std::uint64_t unsteady = 0;             // that failed, and not when they were run again
    std::uint64_t again = 0;                // faults at a place where one was found before
    std::string unsteady_reason;            // of the last one
    std::size_t reactions = 0, walked = 0;  // of the tester's graph; of these, in some walk
    double seconds = 0;
    std::vector<WalkFinding> findings;  // no two with the same steps
};

struct WalkTestOptions {
    RandomWalkOptions walk;
    std::vector<int> ip_versions = {4, 6};  // by lot
    int unit_bytes = 100;
    double seconds = 10;  // after which no new batch begins
    std::uint64_t most_walks = ~std::uint64_t{0};
    std::size_t most_findings = 10;  // then it ends
    std::size_t batch = 500;
    DriveOptions drive;
    std::function<void(const WalkFinding&)> found;    // told as soon as it is shrunk
    std::function<void(const WalkReport&)> progress;  // after each batch
};

WalkReport test_by_walks(Target& target, const TesterGraph& graph, const WalkTestOptions& options);

}  // namespace lastack
