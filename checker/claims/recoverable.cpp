#include "checker/claims/recoverable.h"

#include <memory>

#include "checker/engine/backward_reach.h"

namespace lastack {

Recovery find_unrecoverable(Explorer& explorer, const ClaimCode& body, const Bounds& bounds) {
    const StateTest test{[&](const SystemState& state) {
                             return body.holds({&state, nullptr, nullptr});
                         },
                         !body.reads_network()};
    std::optional<StateSet> good = states_that_reach(explorer, test, bounds.stop);
    if (!good) return {false, {}, {}};
    const std::optional<std::uint64_t> lost = first_outside(explorer, *good);
    if (!lost) return {true, {}, {}};
    return {true, lost,
            [&explorer, good = std::make_shared<const StateSet>(*std::move(good))](const SystemState& state) {
                const std::optional<Levels::Place> place = explorer.find(state);
                return place && !good->has(*place);
            }};
}

}  // namespace lastack
