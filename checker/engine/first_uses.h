// What one exploration used of each end's reactions, each by its first use: the one record behind coverage and goals.
//
// Reactions are evaluated once per (local state, input), so the first use of an outcome is a nearest one, and tells the
// rules that fired, the state they fired in and what they answered.
#pragma once

#include <vector>

#include "checker/engine/explorer.h"

namespace lastack {

struct FirstUse {
    std::uint64_t index = 0;  // of the state before
    SystemState before;       // the state of that index, or its mirror image
    SystemState next;
    SystemStep::Kind kind = SystemStep::Kind::spontaneous;
    SegmentId segment = 0;  // deliver
    std::uint32_t label = 0;
};

// Hooks of an exploration.
class FirstUses {
public:
    explicit FirstUses(System& system) : system_(system) {}

    Needs needs() const { return {}; }
    SystemState start(const SystemState& initial) const { return initial; }
    bool state(std::uint64_t, const SystemState&) { return true; }
    bool expanded(std::uint64_t, const SystemState&, bool) { return true; }
    bool step(std::uint64_t index, const SystemState& before, const SystemState& next, const SystemStep& step) {
        if (!step.outcome) return true;
        std::vector<bool>& seen = seen_[step.end];
        const std::size_t outcome = system_.machine(step.end).index_of(*step.outcome);
        if (outcome >= seen.size()) seen.resize(outcome * 2 + 64);
        if (seen[outcome]) return true;
        seen[outcome] = true;
        uses_[step.end].push_back({index, before, next, step.kind, step.segment, step.outcome->label});
        return true;
    }

    // In the order in which they were met.
    const std::vector<FirstUse>& of(int end) const { return uses_[end]; }

private:
    System& system_;
    std::vector<bool> seen_[2];  // by index of the outcome
    std::vector<FirstUse> uses_[2];
};

}  // namespace lastack
