// Visits what can be reached in time: locations of a timed graph, each with zones of the values that its clocks have.
//
// Idea: forward reachability of timed automata with a passed list under inclusion (Larsen, Pettersson and Yi, "UPPAAL
// in a nutshell", 1997). One more clock may observe: a watch starts it and says when what it shows is a hit. A clock
// that ran out where nothing took its end is due: where something does, no time passes until it has. Exact but for
// extrapolation, which keeps what can be reached; so a hit is a run, and no hit at the end means none. Cost: a zone for
// each way to be in a location that is not inside of another one.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "checker/zones/timed_graph.h"
#include "checker/zones/zone.h"

namespace lastack {

// What a search looks for. Its own states are numbers.
class TimedWatch {
public:
    struct Next {
        int state = 0;
        bool forbidden = false;                  // no run takes this step
        bool starts = false;                     // the observing clock starts, or starts anew
        bool hit = false;                        // this step is what was looked for,
        std::optional<std::int64_t> hit_before;  // but only where the observing clock shows less than this
    };
    virtual ~TimedWatch() = default;
    virtual Next at_start(int location) = 0;
    virtual Next step(int state, int from, const TimedMove& move) = 0;
    // Does the observing clock run in this state?
    virtual bool observes(int state) const { return state > 0; }
    // While it runs, more than this on the observing clock is a hit.
    std::optional<std::int64_t> patience;
    // The largest number that it is compared with.
    std::int64_t largest = 0;
    // A hit: is it enough? `observed` is what the observing clock can show then; none where it does not run.
    struct Shown {
        TimeBound most = TimeBound::none(), least = TimeBound::none();  // of the clock; of its negative
    };
    virtual bool enough(int entry, int location, int state, const std::optional<Shown>& observed) {
        (void)entry, (void)location, (void)state, (void)observed;
        return true;
    }
};

// A run without its times.
struct TimedPath {
    std::vector<int> locations;  // one more than moves
    std::vector<TimedMove> moves;
    std::vector<std::uint32_t> due;   // by location: clocks that are due, as bits
    std::vector<bool> observed_from;  // by location: the observing clock started with the step to it
};

struct ZoneBounds {
    std::uint64_t most_zones = 2'000'000;
    std::function<bool()> stop;
};

class ZoneSearch {
public:
    ZoneSearch(TimedGraph& graph, TimedWatch& watch) : graph_(graph), watch_(watch) {}

    void run(const ZoneBounds& bounds);
    bool complete() const { return complete_; }          // everything was visited
    std::optional<int> found() const { return found_; }  // the entry with the hit that was enough
    TimedPath path_to(int entry) const;
    std::uint64_t zones() const { return entries_.size(); }
    std::uint64_t steps() const { return steps_; }
    int depth() const { return entries_.empty() ? 0 : entries_.back().depth; }

private:
    struct Entry {
        Zone zone;
        int location = 0, watched = 0, parent = -1, depth = 0;
        std::uint32_t due = 0;
        bool started = false;  // the observing clock, with the step to it
        bool covered = false;  // by another one
        TimedMove move;        // that led to it
    };

    void enter(Entry entry, const std::vector<bool>& kept);
    void arrive(Entry entry);
    bool covered(const Entry& entry);
    void expand(int index);
    bool hit(int entry, const Zone& zone, int watched);
    void keep_invariant(Zone& zone, const Entry& entry);
    int observer(const Entry& entry) { return static_cast<int>(graph_.clocks(entry.location).size()) + 1; }

    TimedGraph& graph_;
    TimedWatch& watch_;
    std::vector<Entry> entries_;
    std::unordered_map<std::string, std::vector<int>> passed_;
    std::uint64_t steps_ = 0;
    bool complete_ = false;
    std::optional<int> found_;
};

}  // namespace lastack
