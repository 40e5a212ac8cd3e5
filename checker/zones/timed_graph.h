// What a timed exploration walks: locations with the clocks that run in them, and the moves between them. Clocks have
// values only in the exploration (checker/zones/zone_search.h); here they have owners and durations.
//
// Source of meaning: docs/spec-language.md, "Timers in time" and "A system in time". A clock is a running timer of an
// end or a segment in flight. How long they run is said by model/timekeeper.h and by the network of the system.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/trace/trace.h"

namespace lastack {

// How long something lasts: a number of its own, or what stands in a TimeTable, so that it can be a parameter as well.
struct Duration {
    enum class Kind { fixed, timer, delay };
    Kind kind = Kind::fixed;
    std::int64_t us = 0;     // fixed
    int end = 0, timer = 0;  // timer
    int doublings = 0;       // timer
    bool operator==(const Duration&) const = default;
};

struct RunningClock {
    Duration duration;  // of a timer, or of a segment on its way
    std::int64_t earliest_us = 0, latest_us = 0;
    // Something happens by then: a rule takes the timer's end, the segment arrives. False: a timer whose end no rule
    // takes here; it stays due.
    bool forced = true;
    bool operator==(const RunningClock&) const = default;
};

struct TimedMove {
    int target = 0;
    int expires = 0;        // the clock, counted from 1, that has to have run its earliest time; 0: none
    int at_once = 0;        // the clock that must not have run at all: a segment is lost as it is sent; 0: none
    std::vector<int> from;  // the target's clocks in this location, counted from 1; 0: started by this move
    int actor = -1;         // the end that does something: what it did before comes before; -1: the network
    int step = 0;           // which step it is, for who made the location
    int which = -1;         // deliver, lose, duplicate: of segments that are alike, the one sent so many before
};

class TimedGraph {
public:
    virtual ~TimedGraph() = default;
    // The clocks of a location, and what leads out of it. Valid as long as the graph is.
    virtual int initial() = 0;
    virtual const std::vector<RunningClock>& clocks(int location) = 0;
    virtual const std::vector<TimedMove>& moves(int location) = 0;
};

}  // namespace lastack
