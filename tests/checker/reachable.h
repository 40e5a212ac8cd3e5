// All states of a small system, by the textbook walk with a set: for tests that look at each of them.
#pragma once

#include <set>
#include <tuple>
#include <vector>

#include "model/system.h"

namespace lastack::testing {

using StateNumbers = std::tuple<LocalId, LocalId, BagId, BagId, int, int, int>;

inline StateNumbers numbers_of(const SystemState& state) {
    return {state.end[0], state.end[1], state.bag[0], state.bag[1], state.losses, state.duplicates, state.stage};
}

inline std::vector<SystemState> reachable_states(System& system) {
    std::vector<SystemState> states{system.initial()};
    std::set<StateNumbers> known{numbers_of(states[0])};
    for (std::size_t i = 0; i < states.size(); ++i) {
        const SystemState before = states[i];
        system.expand(before, [&](const SystemState& next, const SystemStep&) {
            if (known.insert(numbers_of(next)).second) states.push_back(next);
        });
    }
    return states;
}

}  // namespace lastack::testing
