#include "checker/zones/timed_path.h"

#include <algorithm>

namespace lastack {

std::vector<TimeCondition> conditions_of(TimedGraph& graph, const TimedPath& path) {
    std::vector<TimeCondition> found;
    std::vector<int> started(graph.clocks(path.locations[0]).size(), 0);  // by clock: the instant
    const Duration none;
    for (std::size_t i = 0; i < path.moves.size(); ++i) {
        const int before = static_cast<int>(i), now = before + 1;
        const std::vector<RunningClock> clocks = graph.clocks(path.locations[i]);
        const TimedMove& move = path.moves[i];
        found.push_back({before, now, true, false, none, false, 0});
        for (std::size_t k = 0; k < clocks.size(); ++k) {
            if (!clocks[k].forced) continue;
            if ((path.due[i] >> k & 1) != 0) {
                found.push_back({started[k], before, true, true, clocks[k].duration, true, clocks[k].latest_us});
                found.push_back({before, now, false, false, none, false, 0});
            } else {
                found.push_back({started[k], now, false, false, clocks[k].duration, true, clocks[k].latest_us});
            }
        }
        if (move.expires > 0) {
            const RunningClock& clock = clocks[static_cast<std::size_t>(move.expires - 1)];
            found.push_back({started[static_cast<std::size_t>(move.expires - 1)], now, true, false, clock.duration,
                             false, clock.earliest_us});
        }
        if (move.at_once > 0)
            found.push_back({started[static_cast<std::size_t>(move.at_once - 1)], now, false, false, none, false, 0});
        std::vector<int> next;
        for (const int old : move.from) next.push_back(old > 0 ? started[static_cast<std::size_t>(old - 1)] : now);
        started = std::move(next);
    }
    return found;
}

std::optional<std::vector<StepTime>> times_of(const std::vector<TimeCondition>& conditions, int instants, int origin,
                                              Extreme last) {
    Zone zone = Zone::any(instants - 1);  // instant k is the clock k: their differences are all that counts
    for (const TimeCondition& each : conditions) {
        const std::int64_t us = each.at_least ? -each.us : each.us;
        const TimeBound bound = each.strict ? TimeBound::below(us) : TimeBound::at_most(us);
        const bool possible = each.at_least ? zone.constrain(each.earlier, each.later, bound)
                                            : zone.constrain(each.later, each.earlier, bound);
        if (!possible) return std::nullopt;
    }
    // What is not reached is told as the microsecond inside of it.
    const auto inside = [](TimeBound bound) { return bound.us() - (bound.reached() ? 0 : 1); };
    const int end = instants - 1;
    const TimeBound most = zone.most(end, origin);
    if (last == Extreme::latest && !most.unbounded())
        zone.constrain(origin, end, TimeBound::at_most(-inside(most)));
    if (last == Extreme::earliest)
        zone.constrain(end, origin, TimeBound::at_most(-inside(zone.most(origin, end))));
    std::vector<StepTime> times;
    for (int k = 1; k < instants; ++k) {
        const TimeBound latest = zone.most(k, origin);
        const TimeBound earliest = zone.most(origin, k);
        times.push_back({earliest.unbounded() ? no_bound_us : -inside(earliest),
                         latest.unbounded() ? no_bound_us : inside(latest)});
    }
    return times;
}

Trace timed_trace(TimedSystem& system, const TimedPath& path, const std::vector<StepTime>& times) {
    Trace trace;
    trace.system = system.system().decl().name;
    trace.initial = system.snapshot(system.node_of(path.locations[0]));
    for (std::size_t i = 0; i < path.moves.size(); ++i)
        trace.steps.push_back(system.step_of(system.node_of(path.locations[i]), path.moves[i].step));
    trace.times.assign(times.begin(), times.begin() + static_cast<std::ptrdiff_t>(trace.steps.size()));
    return trace;
}

}  // namespace lastack
