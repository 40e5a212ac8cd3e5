// A part of an explored system's state graph, as arrays for graph algorithms: the region that claims about infinite
// runs search for fair cycles.
#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "checker/claims/fair_cycles.h"
#include "checker/claims/requirements.h"
#include "checker/engine/explorer.h"
#include "checker/engine/state_index.h"

namespace lastack {

// A state in which a run enters the region.
struct Entry {
    static constexpr std::uint32_t none = std::numeric_limits<std::uint32_t>::max();
    std::uint32_t state = 0;      // index in the explorer
    std::uint32_t before = none;  // the state before it, where the step into it matters
    std::uint32_t depth = 0;      // steps from the initial state
};

// What belongs to the region: states and steps that are allowed, as far as they are reached from an entry by such.
struct RegionLimits {
    std::vector<bool> allowed;  // by the explorer's index
    // Empty: every step.
    std::function<bool(const SystemState& before, const SystemState& after, const SystemStep& step)> allows_step;
    // By the explorer's index: a run counts only where it comes to some of these again and again, or ends in one.
    // Empty: any run.
    std::vector<bool> visited;
    bool stop_at_end = true;  // the region is built no further than to the first state that no step leaves
    std::uint64_t max_edges = 400'000'000;
};

// The class of a step that leads to the state of that index.
std::uint16_t class_into(std::uint32_t state, const SystemStep& step, const RegionLimits& limits,
                         Requirements& requirements);

// Vertices are numbered in order of `distance`, which is the least number of steps from the initial state to an entry
// and on inside the region. Edges from a vertex to the same target of the same class are one edge.
struct StateGraph {
    FairGraph fair;
    std::vector<std::uint32_t> state;     // by vertex: index in the explorer
    std::vector<std::uint32_t> parent;    // by vertex: the vertex before it, or Entry::none at an entry
    std::vector<std::uint32_t> distance;  // by vertex
    // The nearest vertex that no step of the system leaves, and none was cut there; one to be `visited`.
    std::optional<std::uint32_t> end;
    std::string incomplete;  // why the region is not complete; empty: it is
};

// `entries` ascend in depth. `explorer` must have explored everything; `index` is of its states.
StateGraph state_graph(System& system, const Explorer& explorer, const StateIndex& index, Requirements& requirements,
                       const std::vector<Entry>& entries, const RegionLimits& limits, const Bounds& bounds);

}  // namespace lastack
