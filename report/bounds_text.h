// How long states and a close last, and for which times a claim holds: for people, at most 80 columns, and as JSON.
#pragma once

#include <string>

#include "checker/zones/condition.h"
#include "checker/zones/stay_bounds.h"
#include "generators/json_tree.h"

namespace lastack {

// "0 s", "0.25 s", "12.3 s", "1 h": microseconds as far as they matter.
std::string seconds_text(std::int64_t us);

std::string stays_text(const std::vector<StayBounds>& stays, std::int64_t horizon_us);
// "at least 0 s, at most 60.2 s".
std::string bounds_text(const StayBounds& bounds, std::int64_t horizon_us);
// The run of the longest stay, a step a line with its time since the stay began.
std::string worst_text(const StayBounds& bounds);

// A trace that has times, a step a line.
std::string timed_trace_text(const Trace& trace, const Profile& profile);

// The steps of a run in time, a line each.
std::string timed_steps_text(const std::vector<StayStep>& steps);

// The members are in docs/time.md. `runs`: with the run of each longest time, or of each point that is violated.
JsonTree stay_json(const StayBounds& bounds, bool runs);
JsonTree condition_json(const WeakestCondition& condition, const Profile& profile, bool runs);

}  // namespace lastack
