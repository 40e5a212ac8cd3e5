// From indices of the explorer to a trace that can be shown and replayed.
#pragma once

#include <vector>

#include "checker/explorer.h"
#include "checker/trace.h"

namespace lastack {

Snapshot snapshot_of(const System& system, const SystemState& state);
TraceStep step_of(const System& system, const SystemState& after, const SystemStep& step);

// The trace through the given states, which follow each other by steps for which `wanted(before, next, step)` holds and
// which lead to the given next state; the first such step is taken. `hooks.step` sets stages, as in the run.
template <class Hooks>
Trace trace_along(System& system, const std::vector<SystemState>& states, Hooks&& hooks) {
    Trace trace;
    trace.system = system.decl().name;
    trace.initial = snapshot_of(system, states.front());
    for (std::size_t i = 0; i + 1 < states.size(); ++i) {
        bool found = false;
        system.expand(states[i], [&](SystemState next, const SystemStep& step) {
            if (found) return;
            hooks.step(i, states[i], next, step);
            if (next != states[i + 1]) return;
            trace.steps.push_back(step_of(system, next, step));
            found = true;
        });
    }
    return trace;
}

}  // namespace lastack
