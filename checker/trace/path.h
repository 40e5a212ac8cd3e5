// From indices of the explorer to a trace that can be shown and replayed.
#pragma once

#include <vector>

#include "checker/engine/explorer.h"
#include "checker/trace/trace.h"

namespace lastack {

Snapshot snapshot_of(const System& system, const SystemState& state);
TraceStep step_of(const System& system, const SystemState& after, const SystemStep& step);

// Hooks that change nothing: for walking a path again without a monitor.
struct WalkAgain {
    bool step(std::uint64_t, const SystemState&, SystemState&, const SystemStep&) { return true; }
};

// The states along a shortest path to the state of that index, both ends included.
template <class Hooks>
std::vector<SystemState> states_on_path(Explorer& explorer, std::uint64_t index, Hooks&& hooks) {
    std::vector<SystemState> states;
    for (const std::uint64_t i : explorer.path_to(index, hooks)) states.push_back(explorer.state(i));
    return states;
}

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

// The trace through the given states, which follow each other by steps for which `wanted(before, next, step)` holds and
// which lead to the given next state; the first such step is taken. `hooks.step` sets stages, as in the run.
template <class Hooks>
Trace trace_along(System& system, const std::vector<SystemState>& states, Hooks&& hooks) {
    Trace trace;
    trace.system = system.decl().name;
    trace.initial = snapshot_of(system, states.front());
    for (std::size_t i = 0; i + 1 < states.size(); ++i) {
        append_step(system, states[i], trace, [&](SystemState& next, const SystemStep& step) {
            hooks.step(i, states[i], next, step);
            return next == states[i + 1];
        });
    }
    return trace;
}

}  // namespace lastack
