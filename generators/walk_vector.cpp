#include "generators/walk_vector.h"

#include <algorithm>
#include <set>

namespace lastack {

namespace {

// Steps of the trace that come as late as they can: those of the endpoint are the walk's, in order.
std::set<std::size_t> late_steps(const Walk& walk, const Trace& trace) {
    std::set<std::size_t> late;
    std::size_t own = 0;
    for (std::size_t i = 0; i < trace.steps.size(); ++i)
        if (trace.steps[i].end == 0 && walk.steps[own++].late) late.insert(i);
    return late;
}

}  // namespace

Trace WalkProjector::trace(const Walk& walk) {
    std::vector<OpenStep> run;
    for (const WalkStep& step : walk.steps) run.push_back({step.input, step.edge});
    return trace_of(graph_.lts(), run, memo_);
}

Projection WalkProjector::make(const Walk& walk, const Trace& trace, const std::string& id, const std::string& sentence,
                               const WalkVectorOptions& options) {
    Claim claim;
    claim.id = id;
    claim.kind = Claim::Kind::reachable;
    claim.system = trace.system;
    claim.sentence = sentence;
    ProjectionOptions projection;
    projection.ip = options.ip;
    projection.unit_bytes = options.unit_bytes;
    projection.look_us = std::max(options.look_us, walk.look_us);
    projection.memo = &memo_;
    projection.late = late_steps(walk, trace);
    projection.goes_on_in_the_same_state = projection.any_peer = true;
    Projection made = project(open_.system(), claim, trace, 0, projection);
    if (made.vector) std::erase(made.vector->clauses, "");
    return made;
}

}  // namespace lastack
