// What an exploration shows to whoever checks something on the way: the explorer's one
// interface to claims, coverage and counts.
//
// A class derives from ExplorationHooks and overrides what it wants to see; the members here look at nothing and let
// the exploration go on. Hooks belong to one exploration of one system, and are called by one thread at a time,
// whatever the number of threads that explore.
//
// The fewer things hooks need to see (Needs), the faster the exploration is: states are expanded a word of 64 at a
// time, and state by state only where `every_step` asks for that.
//
// Where both ends are alike they share their tables, and hooks that do not ask for every step see steps out of a state
// and out of its mirror image under one index: both are as far from the start. Where the two are counted once
// (Bounds::mirrored), states are shown in both forms, too.
#pragma once

#include <cstdint>

#include "model/system.h"

namespace lastack {

// What hooks must see; without these, what the members below say of them.
struct Needs {
    bool every_state = false;
    bool every_step = false;  // Explorer::run() refuses it together with Bounds::mirrored
    bool idle_steps = false;  // for each local state of an end, a step that is not of this end
};

class ExplorationHooks {
public:
    virtual ~ExplorationHooks() = default;

    // Asked once, before anything is shown.
    virtual Needs needs() const { return {}; }

    // The initial state, with its stage set where this is a monitor.
    virtual SystemState start(SystemState initial) { return initial; }

    // The members below return false to end the exploration, which happens at the end of the level at the latest.
    // Whoever ends it may still be shown what is left of the level.

    // A new state. `index` is its number in the order of discovery, in which no state is nearer to the start than the
    // one before. With `every_state` each one; else at least one of each pair of local
    // states and stage that is new, the nearest first.
    virtual bool state(std::uint64_t /*index*/, const SystemState& /*state*/) { return true; }

    // An enabled step out of state `index`, which is `before`. With `every_step` each one, in order of discovery; then
    // a monitor may set `next.stage`, or lead elsewhere altogether, and must depend on nothing but its arguments: steps
    // are shown once more when a path is found. Else at least one nearest step for each outcome of each end.
    virtual bool step(std::uint64_t /*index*/, const SystemState& /*before*/, SystemState& /*next*/,
                      const SystemStep& /*step*/) {
        return true;
    }

    // All steps of a state were seen. `leaves`: one of them leads elsewhere, or was cut for want of room in the
    // network. With `every_step` each state is shown, else only those that no step leaves.
    virtual bool expanded(std::uint64_t /*index*/, const SystemState& /*state*/, bool /*leaves*/) { return true; }
};

}  // namespace lastack
