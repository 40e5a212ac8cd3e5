// A walk through a system by hand, on the plain interpreter: a run with a place in it. Nothing here reads or prints.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "checker/trace/plain_system.h"

namespace lastack {

// A command that the walk cannot follow; what() says why. The walk is as it was.
class WalkError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

class SteppedWalk {
public:
    explicit SteppedWalk(const PlainSystem& system);  // the system must outlive the walk

    // Enabled here, in a fixed order.
    const std::vector<TraceStep>& events() const { return events_; }
    const Snapshot& here() const;
    std::size_t place() const { return place_; }  // steps behind us
    std::size_t length() const { return run_.steps.size(); }
    Trace so_far() const;  // the steps behind us

    // Each throws WalkError where there is no such event or place. `take` counts events from 1; steps that lay ahead
    // after `undo` or `go_to` are forgotten by it.
    void take(std::size_t event);
    void undo();
    void go_to(std::size_t place);

    // Puts a whole run in the place of this one, step by step. Throws WalkError with the first step that is not one
    // of the model's.
    void replay(const Trace& trace);

    // State, variables and timers of both ends, what is in flight, the enabled events with their numbers; 80 columns.
    std::string text() const;

private:
    void move_to(std::size_t place);

    const PlainSystem& system_;
    Trace run_;
    std::size_t place_ = 0;
    std::vector<TraceStep> events_;
};

// "A calls close: sends FIN,ACK seq=0 ack=0 -> FIN-WAIT-1 (close)": what happens, the new state, the rules.
std::string event_text(const PlainSystem& system, const Snapshot& before, const TraceStep& step);

}  // namespace lastack
