// The cheapest traces: of all runs that decide a claim, one with the fewest losses, then the fewest duplicates, then
// the fewest segments sent, then the fewest steps. What a reader is shown then has nothing in it that is not needed.
#pragma once

#include <compare>
#include <functional>
#include <string>
#include <vector>

#include "checker/engine/explorer.h"
#include "checker/trace/trace.h"

namespace lastack {

class ClaimCode;
class MonitorHooks;

// What a trace costs; compared in this order.
struct TraceCost {
    int losses = 0;      // by the network, and of segments that found no room
    int duplicates = 0;  // by the network
    int segments = 0;    // sent by the endpoints, also those that found no room
    int steps = 0;
    auto operator<=>(const TraceCost&) const = default;
};

TraceCost cost_of(const Trace& trace);
std::string to_string(const TraceCost& cost);  // "0 losses, 1 duplicate, 4 segments, 7 steps"

// What is looked for, and the cheapest trace to it so far.
struct CheapestGoal {
    enum class Where {
        state,  // a state in which the body of `code` has the value `wanted`
        step,   // a step of which the body of `code` does not hold
        end,    // as `state`, and no step leaves it
        lost,   // a state for which `lost` is true
        stage   // a state in which the monitor has seen all of its stages
    };
    Where where = Where::state;
    const ClaimCode* code = nullptr;  // state, step, end
    bool wanted = false;              // state, end
    std::function<bool(const SystemState&)> lost;
    Trace trace;           // in: any trace that ends in such a place; out: a cheapest one, where `minimal`
    bool minimal = false;  // out: nothing cheaper exists
};

// How many states the search may keep, about 40 bytes each; goals that need more keep the trace that they came with.
constexpr std::uint64_t cheapest_states = 30'000'000;

// Finds the cheapest trace of every goal in one search. Goals of kind `stage` need the monitor, all others must have
// none. Ends early where `bounds.stop` says so or its max_states are reached. Returns how many states were kept.
std::uint64_t find_cheapest(System& system, std::vector<CheapestGoal>& goals, const Bounds& bounds,
                            MonitorHooks* monitor = nullptr);

}  // namespace lastack
