// A system of a spec as a timed graph: its states and steps are those of model/system.h; the clocks are the running
// timers of both ends and the ages of the segments in flight.
//
// A segment arrives when it has been on its way for the network's delay, and it never lives longer. Where the network
// reorders, a segment that is lost or doubled is so as it is sent: losing it later takes room in the network and
// changes nothing else. In a queue it is lost when it is first in line, as in the untimed system. Cost: a location for
// each state of the system with each count of doublings that its timers have there.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <unordered_map>

#include "checker/trace/path.h"
#include "checker/zones/timed_graph.h"
#include "model/system.h"
#include "model/timekeeper.h"

namespace lastack {

// Other durations than those of the spec: for questions about parameters.
struct TimeTable {
    struct Doubled {
        std::int64_t earliest_us = 0, latest_us = 0, cap_us = 0;
    };
    std::map<std::string, Doubled> timers;  // by name, at both ends
    std::optional<std::int64_t> delay_from_us, delay_to_us;
};

class TimedSystem : public TimedGraph {
public:
    // The spec must outlive it.
    TimedSystem(const Spec& spec, const SystemDecl& decl, const TimeTable& table = {});

    int initial() override;
    const std::vector<RunningClock>& clocks(int location) override;
    const std::vector<TimedMove>& moves(int location) override;

    // An untimed state and the steps out of it; several locations may share them.
    struct Edge {
        SystemState next;
        SystemStep step;
        Outcome outcome;  // spontaneous, deliver
    };
    int node_of(int location) const { return locations_[static_cast<std::size_t>(location)].node; }
    int nodes() const { return static_cast<int>(nodes_.size()); }
    const SystemState& state(int node) const { return nodes_[static_cast<std::size_t>(node)].state; }
    const std::vector<Edge>& edges(int node);
    TraceStep step_of(int node, int step);
    Snapshot snapshot(int node) const { return snapshot_of(system_, state(node)); }
    System& system() { return system_; }
    int locations() const { return static_cast<int>(locations_.size()); }
    // The profile at an end, with the durations that count here.
    const Profile& profile(int end) const { return profiles_[end]; }
    std::int64_t delay_from_us() const { return delay_from_; }
    std::int64_t delay_to_us() const { return delay_to_; }

private:
    struct Local {
        std::vector<int> running;  // timers
        std::vector<bool> taken;   // does a rule take the end of that one?
    };
    struct Node {
        SystemState state;
        bool expanded = false;
        std::vector<Edge> edges;
    };
    struct Location {
        int node = 0;
        std::vector<int> doublings;  // of the running timers of A, then of B
        std::vector<RunningClock> clocks;
        bool expanded = false;
        std::vector<TimedMove> moves;
    };

    // What one end has in flight, with the clocks of that.
    struct InFlight {
        std::vector<SegmentId> content;
        std::vector<int> ages;
    };

    int node(const SystemState& state);
    int location(int node, std::vector<int> doublings);
    const Local& local(int end, LocalId id);
    const TimerChanges& changes(int end, LocalId before, const Edge& edge);
    int saturated(int end, int timer, int doublings) const;
    void add_moves(const Location& from, int step, std::vector<TimedMove>& moves);
    void take_segment(const Edge& edge, int which, InFlight (&flight)[2], TimedMove& move) const;
    void add_sent(const Edge& edge, InFlight& sent) const;
    TimedMove move_along(const Location& from, const Edge& edge, int which);

    System system_;
    Profile profiles_[2];
    Limits limits_[2];
    std::int64_t delay_from_ = 0, delay_to_ = 0;
    std::deque<Node> nodes_;
    std::unordered_map<std::string, int> node_ids_, location_ids_;
    std::deque<Location> locations_;
    std::vector<std::optional<Local>> locals_[2];
    std::unordered_map<std::string, TimerChanges> changes_[2];
};

}  // namespace lastack
