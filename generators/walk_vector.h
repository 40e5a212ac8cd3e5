// A walk through a tester's graph (checker/suites) as a test vector: by way of a trace (generators/open_run.h) and its
// projection (generators/project.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/suites/walks.h"
#include "generators/open_run.h"
#include "generators/project.h"

namespace lastack {

struct WalkVectorOptions {
    int ip = 4;
    int unit_bytes = 100;
    std::int64_t look_us = 100'000;             // how long silence is watched for at the end, at least
    std::optional<std::uint32_t> moments = {};  // as in ProjectionOptions, where the timers are told apart so as well
};

// Of walks that begin alike the beginning is worked out once.
class WalkProjector {
public:
    explicit WalkProjector(const TesterGraph& graph);
    ~WalkProjector();

    // `id`, `sentence`: of the goal. Claims and goals are for the caller to add.
    Projection make(const Walk& walk, const std::string& id, const std::string& sentence,
                    const WalkVectorOptions& options);

private:
    struct Beginnings;  // of the vectors for one IP version and unit, with moments or without
    void follow(const Walk& walk);
    Projection project(const Walk& walk, const Claim& claim, const WalkVectorOptions& options,
                       std::optional<std::uint32_t> moments);

    const TesterGraph& graph_;
    OpenSystem open_;
    PlainMemo memo_;
    std::vector<WalkStep> steps_;     // of the walk before
    Trace trace_;                     // the same as a trace
    std::vector<std::size_t> taken_;  // steps of it, by steps of the walk
    std::map<std::tuple<int, int, bool>, Beginnings> beginnings_;
};

}  // namespace lastack
