// The times of a run whose steps are known: what each step asks of the instants before it, and what that leaves.
//
// Idea: all conditions of a run are bounds of the difference of two instants, a simple temporal network (Dechter,
// Meiri, Pearl, "Temporal constraint networks", 1991). Its closed matrix gives the interval of each step, exactly; and
// since it is made from the whole run at once, it is a second opinion on what an exploration found zone by zone. The
// durations keep their names (Duration), so that the same conditions serve for durations that are parameters.
#pragma once

#include <optional>
#include <vector>

#include "checker/zones/timed_system.h"
#include "checker/zones/zone_search.h"

namespace lastack {

// `later` minus `earlier` is at least, or at most, this long. Instant 0 is the beginning, instant k the k-th step.
struct TimeCondition {
    int earlier = 0, later = 0;
    bool at_least = false;
    bool strict = false;
    Duration duration;
    bool latest = false;        // of a timer, of the delay: the longest; else the shortest
    bool interleaving = false;  // only because the steps have this order, where neither needs the other one
    std::int64_t us = 0;        // the duration as a number
};

std::vector<TimeCondition> conditions_of(TimedGraph& graph, const TimedPath& path);

// The instants of the steps, first to last, since the instant `origin`; none where the conditions contradict each
// other. With `last`, in those runs whose last instant is as early, or as late, after it as can be.
enum class Extreme { none, earliest, latest };
std::optional<std::vector<StepTime>> times_of(const std::vector<TimeCondition>& conditions, int instants,
                                              int origin = 0, Extreme last = Extreme::none);

// The run as a trace, with its times.
Trace timed_trace(TimedSystem& system, const TimedPath& path, const std::vector<StepTime>& times);

}  // namespace lastack
