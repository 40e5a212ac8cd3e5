#include "checker/zones/timed_path.h"

#include <algorithm>
#include <utility>

namespace lastack {

namespace {

TimeCondition condition(int earlier, int later, bool at_least, const RunningClock& clock, bool latest) {
    TimeCondition made{earlier, later, at_least, false, clock.duration, latest, false, 0};
    made.us = latest ? clock.latest_us : clock.earliest_us;
    return made;
}

// `later` is at least `earlier`, or, the other way round, at most that.
TimeCondition in_order(int earlier, int later, bool at_least) {
    TimeCondition made;
    made.earlier = earlier;
    made.later = later;
    made.at_least = at_least;
    return made;
}

// Whose time it is up to that a clock is not overdue: a timer's end, the receiver of a segment.
int keeper(const RunningClock& clock) {
    return clock.duration.kind == Duration::Kind::delay ? 1 - clock.duration.end : clock.duration.end;
}

}  // namespace

std::vector<TimeCondition> conditions_of(TimedGraph& graph, const TimedPath& path) {
    std::vector<TimeCondition> found;
    std::vector<int> started(graph.clocks(path.locations[0]).size(), 0);  // by clock: the instant
    int acted[2] = {0, 0};
    const int last = static_cast<int>(path.moves.size());
    for (int now = 1; now <= last; ++now) {
        const std::size_t i = static_cast<std::size_t>(now - 1);
        const std::vector<RunningClock>& clocks = graph.clocks(path.locations[i]);
        const TimedMove& move = path.moves[i];
        const auto since = [&](int clock) { return started[static_cast<std::size_t>(clock - 1)]; };
        found.push_back(in_order(now - 1, now, true));
        found.back().interleaving = now < last;
        if (now == last)
            for (int k = 0; k < now; ++k) found.push_back(in_order(k, now, true));
        if (move.actor >= 0) found.push_back(in_order(std::exchange(acted[move.actor], now), now, true));
        for (int clock = 1; clock <= static_cast<int>(clocks.size()); ++clock) {
            const RunningClock& each = clocks[static_cast<std::size_t>(clock - 1)];
            if (!each.forced) continue;
            if ((path.due[i] >> (clock - 1) & 1) != 0) {
                found.push_back(condition(since(clock), now - 1, true, each, true));
                found.back().strict = true;
                found.push_back(in_order(now - 1, now, false));
            } else {
                found.push_back(condition(since(clock), now, false, each, true));
                const bool taken = move.expires == clock || move.at_once == clock;
                const bool theirs = each.duration.kind == Duration::Kind::timer && keeper(each) == move.actor;
                found.back().interleaving = now < last && !taken && !theirs;
            }
        }
        if (move.expires > 0)
            found.push_back(
                condition(since(move.expires), now, true, clocks[static_cast<std::size_t>(move.expires - 1)], false));
        if (move.at_once > 0) {
            found.push_back(in_order(since(move.at_once), now, true));
            found.push_back(in_order(since(move.at_once), now, false));
        }
        std::vector<int> next;
        for (const int old : move.from) next.push_back(old > 0 ? since(old) : now);
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
    if (last == Extreme::latest && !most.unbounded()) zone.constrain(origin, end, TimeBound::at_most(-inside(most)));
    if (last == Extreme::earliest) zone.constrain(end, origin, TimeBound::at_most(-inside(zone.most(origin, end))));
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
