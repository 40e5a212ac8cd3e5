// A walk through a tester's graph (checker/suites) as a test vector: by way of a trace (generators/open_run.h) and its
// projection (generators/project.h).
#pragma once

#include <string>

#include "checker/suites/walks.h"
#include "generators/open_run.h"
#include "generators/project.h"

namespace lastack {

struct WalkVectorOptions {
    int ip = 4;
    int unit_bytes = 100;
    std::int64_t look_us = 100'000;  // how long silence is watched for at the end, at least
};

class WalkProjector {
public:
    explicit WalkProjector(const TesterGraph& graph)
        : graph_(graph), open_(graph.lts()), memo_(open_.system().profile(0), open_.system().limits(0)) {}

    // What the walk is for several vectors of it.
    Trace trace(const Walk& walk);
    // `id`, `sentence`: of the goal. Claims and goals are for the caller to add.
    Projection make(const Walk& walk, const Trace& trace, const std::string& id, const std::string& sentence,
                    const WalkVectorOptions& options);

private:
    const TesterGraph& graph_;
    OpenSystem open_;
    PlainMemo memo_;
};

}  // namespace lastack
