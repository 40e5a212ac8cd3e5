// One endpoint in time: first in an open world, in which the application calls, and any segment that the peer of a
// system can send arrives, at any moment; then, from some step on that enters another state, in a silent one, in which
// nothing happens any more but the endpoint's own timers.
//
// Clocks are the endpoint's running timers, by model/timekeeper.h; segments need none, since they come at any time.
// Cost: a location for each local state, with the doublings of its timers, in each of the worlds.
#pragma once

#include <deque>
#include <optional>
#include <string>
#include <unordered_map>

#include "checker/zones/timed_graph.h"
#include "model/machine.h"
#include "model/timekeeper.h"

namespace lastack {

class TimedEndpoint : public TimedGraph {
public:
    enum class World : std::uint8_t { open, silent };

    // All must outlive it. `arriving` has, at this moment, the segments that may come; those whose arrival the profile
    // cannot count (ModelError) are left out. `sent` numbers what the machine sends.
    TimedEndpoint(Machine& machine, const SegmentTable& arriving, const SegmentTable& sent);

    // What may be asked about: a stay in this control state, which was entered with this value of the variable
    // `closed`, where there is one.
    struct Stay {
        int state = 0;
        std::optional<bool> closed;
        auto operator<=>(const Stay&) const = default;
    };
    Stay stay_at(int location) const { return stay_of(locations_[static_cast<std::size_t>(location)].local); }
    World world(int location) const { return locations_[static_cast<std::size_t>(location)].world; }
    LocalId local(int location) const { return locations_[static_cast<std::size_t>(location)].local; }

    int initial() override;
    const std::vector<RunningClock>& clocks(int location) override {
        return locations_[static_cast<std::size_t>(location)].clocks;
    }
    const std::vector<TimedMove>& moves(int location) override;

    // "timer rto expires: sends FIN,ACK seq=1 ack=1", for people.
    std::string text_of(int location, const TimedMove& move) const;
    const Machine& machine() const { return machine_; }

private:
    struct Step {
        Outcome outcome;
        std::optional<SegmentId> arrives;
    };
    struct Location {
        LocalId local = 0;
        World world = World::open;
        std::vector<int> doublings;
        std::vector<int> running;
        std::vector<RunningClock> clocks;
        bool expanded = false;
        std::vector<Step> steps;
        std::vector<TimedMove> moves;
    };

    Stay stay_of(LocalId local) const;
    int location(LocalId local, World world, std::vector<int> doublings);
    std::vector<Step> steps_of(const Location& from);
    void add(const Location& from, int index, std::vector<TimedMove>& moves);
    std::vector<int> running(LocalId local) const;
    int saturated(int timer, int doublings) const;

    Machine& machine_;
    const SegmentTable& arriving_;
    const SegmentTable& sent_;
    SegmentId may_arrive_;
    int closed_;  // variable, or -1
    std::deque<Location> locations_;
    std::unordered_map<std::string, int> ids_;
};

}  // namespace lastack
