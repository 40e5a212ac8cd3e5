// Why a state space is as large as it is: how much each part of a state multiplies it, and which bounds would make it
// smaller.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/engine/explorer.h"

namespace lastack {

struct GrowthDriver {
    std::string name;   // "A.snd_nxt", "state of A", "timers of A", "in flight from A", "losses"
    double factor = 1;  // states there are, for each one that differs in more than this part
};

struct Growth {
    std::uint64_t states = 0;
    std::uint64_t waiting = 0;  // met, and not yet expanded
    int depth = 0;
    std::vector<GrowthDriver> drivers;  // all parts that multiply at all, the largest factor first
    std::vector<std::string>
        smaller;  // bounds to make smaller, of the largest drivers: "network capacity", "limit data"
};

// Looks at about two million of the states that were explored.
Growth growth_of(const System& system, const Explorer& explorer, const Coverage& coverage);

}  // namespace lastack
