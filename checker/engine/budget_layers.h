// What a state has beside its halves, as one small number: losses and duplicates spent of the budgets, and a monitor's
// stage.
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "checker/engine/halves.h"

namespace lastack {

class BudgetLayers {
public:
    static constexpr std::int32_t none = -1;

    // `stages`: how many stages a monitor distinguishes, 1 without one.
    BudgetLayers(const Network& network, int stages)
        : losses_(static_cast<std::uint32_t>(std::max(network.loss_budget, 0) + 1)),
          duplicates_(static_cast<std::uint32_t>(std::max(network.duplicate_budget, 0) + 1)),
          count_(losses_ * duplicates_ * static_cast<std::uint32_t>(stages)),
          after_(count_ * HalfStep::cost_count, none) {
        for (std::uint32_t layer = 0; layer < count_; ++layer) {
            for (std::uint32_t cost = 0; cost < HalfStep::cost_count; ++cost) {
                const std::uint32_t losses = cost & 15, duplicates = cost >> 4;
                const std::uint32_t spent = layer % losses_, doubled = layer / losses_ % duplicates_;
                const bool within = spent + losses < losses_ && doubled + duplicates < duplicates_ && losses < 15;
                if (within)
                    after_[layer * HalfStep::cost_count + cost] =
                        static_cast<std::int32_t>(layer + losses + duplicates * losses_);
            }
        }
    }

    std::uint32_t count() const { return count_; }
    std::uint32_t of(const SystemState& state) const {
        return state.losses + losses_ * (state.duplicates + duplicates_ * state.stage);
    }
    void put_into(SystemState& state, std::uint32_t layer) const {
        state.losses = static_cast<std::uint8_t>(layer % losses_);
        state.duplicates = static_cast<std::uint8_t>(layer / losses_ % duplicates_);
        state.stage = static_cast<std::uint8_t>(layer / losses_ / duplicates_);
    }

    // The layer after a step that costs so much; `none` where a budget does not allow it.
    std::int32_t after(std::uint32_t layer, std::uint32_t cost) const {
        return cost == 0 ? static_cast<std::int32_t>(layer) : after_[layer * HalfStep::cost_count + cost];
    }

private:
    std::uint32_t losses_, duplicates_, count_;
    std::vector<std::int32_t> after_;  // layer * cost_count + cost
};

}  // namespace lastack
