// From indices of the explorer to a trace that can be shown and replayed.
#pragma once

#include <vector>

#include "checker/engine/explorer.h"
#include "checker/trace/trace.h"

namespace lastack {

Snapshot snapshot_of(const System& system, const SystemState& state);
TraceStep step_of(const System& system, const SystemState& after, const SystemStep& step);

// The states along a shortest path to the state of that index, both ends included. A
// monitor's hooks set the stages again.
std::vector<SystemState> states_on_path(Explorer& explorer, std::uint64_t index, ExplorationHooks& hooks);
std::vector<SystemState> states_on_path(Explorer& explorer, std::uint64_t index);  // without a monitor

// The run of the system that a path of states stands for, each of which is the next state or its mirror image; it ends
// in `last`, which is the last one of the path or its mirror image.
std::vector<SystemState> unfolded(System& system, const std::vector<SystemState>& path, const SystemState& last);

// The states along a shortest path to a state that a hook saw under that index: see Explorer about mirror images.
std::vector<SystemState> states_to(System& system, Explorer& explorer, std::uint64_t index, const SystemState& seen);

// Appends the first step from a state that is wanted, `wanted(next, step)`, to a trace that leads to that state; false:
// there is none. Everybody who makes a trace longer does it here.
template <class Wanted>
bool append_step(System& system, const SystemState& from, Trace& trace, Wanted&& wanted) {
    bool found = false;
    system.expand(from, [&](SystemState next, const SystemStep& step) {
        if (found || !wanted(next, step)) return;
        trace.steps.push_back(step_of(system, next, step));
        found = true;
    });
    return found;
}

// The trace through the given states, each of which is one step from the one before; the first such step is taken. A
// monitor's hooks set the stages again.
Trace trace_along(System& system, const std::vector<SystemState>& states, ExplorationHooks& hooks);
Trace trace_along(System& system, const std::vector<SystemState>& states);  // without a monitor

}  // namespace lastack
