// Claims decided in time: `invariant`, `step`, `reachable`, and `leads P to Q` with `within` or `after`.
//
// `within`: from the first moment at which P held and Q has not come since, no more than that long. `after`: since P
// last began to hold, or since the last step of which it holds, no less than that long. A counterexample is a run; its
// times are found a second time from its steps alone (timed_path.h), and the caller replays it by the plain
// interpreter.
#pragma once

#include "checker/trace/plain_claims.h"
#include "checker/zones/timed_path.h"

namespace lastack {

struct TimedAnswer {
    bool found = false;        // a witness or a counterexample
    bool complete = false;     // everything was visited
    bool premise_met = false;  // leads: P held at some time
    std::optional<Trace> trace;
    std::vector<TimeCondition> conditions;  // of that trace, with the hit's own
    std::uint64_t zones = 0, steps = 0;
    std::uint64_t cuts = 0;  // steps that found no room in flight
    int depth = 0;
    double seconds = 0;  // of processor time
};

TimedAnswer decide_timed(const Spec& spec, const SystemDecl& decl, const Claim& claim, const ZoneBounds& bounds,
                         const TimeTable& table = {});

}  // namespace lastack
