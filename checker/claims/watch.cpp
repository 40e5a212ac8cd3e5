#include "checker/claims/watch.h"

#include "checker/claims/liveness.h"

namespace lastack {

WatchHooks::WatchHooks(System& system, const std::vector<const Claim*>& claims) : system_(system) {
    for (const Claim* claim : claims) {
        if (claim->kind == Claim::Kind::recoverable || is_liveness(claim->kind)) continue;
        watches_.push_back(std::make_unique<Watch>(Watch{claim, ClaimCode(system, claim->stages.front()),
                                                         claim->kind == Claim::Kind::reachable, std::nullopt}));
        Watch* watch = watches_.back().get();
        const bool per_end = watch->code.per_end() && !watch->looks_for;
        if (claim->kind == Claim::Kind::ends) {
            end_claims_.push_back(watch);
        } else if (claim->kind == Claim::Kind::step) {
            const bool of_network = watch->code.reads_network() || watch->code.reads_network_steps();
            (per_end ? outcome_claims_ : of_network ? step_claims_ : joint_claims_).push_back(watch);
        } else if (watch->code.reads_network()) {
            (watch->code.per_half() && !watch->looks_for ? half_claims_ : network_claims_).push_back(watch);
        } else {
            (per_end ? local_claims_ : pair_claims_).push_back(watch);
        }
    }
    check_ends_ = !local_claims_.empty();
}

void WatchHooks::all_of(const std::vector<Watch*>& claims, std::uint64_t index, const SystemState& state) {
    for (Watch* watch : claims) {
        if (!watch->found && watch->code.holds({&state, nullptr, nullptr}) == watch->looks_for)
            watch->found = Finding{index, state, {}};
    }
}

void WatchHooks::of_end(const std::vector<Watch*>& claims, std::uint64_t index, const SystemState& state, int end) {
    for (Watch* watch : claims) {
        if (!watch->found && !watch->code.holds_for_end({&state, nullptr, nullptr}, end))
            watch->found = Finding{index, state, {}};
    }
}

void WatchHooks::outcome_first(std::uint64_t index, const SystemState& before, const SystemState& next,
                               const SystemStep& step) {
    for (Watch* watch : outcome_claims_) {
        if (!watch->found && !watch->code.holds_for_end({&before, &next, &step}, step.end))
            watch->found = Finding{index, before, next};
    }
}

// A step of the other end or of the network: it leaves this end's state as it is, and is a step all the same.
void WatchHooks::idle_first(std::uint64_t index, const SystemState& before, const SystemState& next,
                            const SystemStep& step, int end) {
    for (Watch* watch : outcome_claims_) {
        if (!watch->found && !watch->code.holds_for_end({&before, &next, &step}, end))
            watch->found = Finding{index, before, next};
    }
}

void WatchHooks::every_step(const std::vector<Watch*>& claims, std::uint64_t index, const SystemState& before,
                            const SystemState& next, const SystemStep& step) {
    for (Watch* watch : claims) {
        if (!watch->found && !watch->code.holds({&before, &next, &step})) watch->found = Finding{index, before, next};
    }
}

std::vector<std::uint32_t> WatchHooks::labels_used(int end) const {
    std::vector<std::uint32_t> labels;
    const std::size_t known = system_.machine(end).outcome_count();
    for (std::size_t i = 0; i < outcome_seen_[end].size() && i < known; ++i) {
        if (outcome_seen_[end][i]) labels.push_back(system_.machine(end).outcome(i).label);
    }
    return labels;
}

bool needs_monitor(System& system, const Claim& claim) {
    if (claim.assuming) return true;
    if (claim.kind != Claim::Kind::reachable) return false;
    return claim.stages.size() > 1 || ClaimCode(system, claim.stages.front()).reads_step();
}

MonitorHooks::MonitorHooks(System& system, const Claim& claim)
    : looks_for_(claim.kind == Claim::Kind::reachable), by_step_(claim.kind == Claim::Kind::step) {
    if (claim.assuming) assuming_.emplace(system, *claim.assuming);
    for (const Expr& stage : claim.stages) stages_.emplace_back(system, stage);
}

void MonitorHooks::pass_states(SystemState& state) const {
    while (state.stage < stages_.size() && !is_step(state.stage) && reached(state.stage, {&state, nullptr, nullptr})) {
        ++state.stage;
    }
}

SystemState MonitorHooks::start(SystemState initial) {
    pass_states(initial);
    return initial;
}

}  // namespace lastack
