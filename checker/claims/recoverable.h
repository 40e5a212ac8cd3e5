// AG EF: from every reachable state, can a state where the body holds still be reached?
#pragma once

#include <functional>
#include <optional>

#include "checker/claims/claim_code.h"
#include "checker/engine/explorer.h"

namespace lastack {

// The first state in order of discovery from which the body is out of reach; nothing where there is none.
// `explorer` must have explored everything. Nothing is decided where `bounds.stop` ended it: complete is false then.
struct Recovery {
    bool complete = true;
    std::optional<std::uint64_t> lost;
    std::function<bool(const SystemState&)>
        is_lost;  // of reachable states, where one is lost; lives as long as the explorer
};
Recovery find_unrecoverable(Explorer& explorer, const ClaimCode& body, const Bounds& bounds);

}  // namespace lastack
