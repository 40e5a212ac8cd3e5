#include "checker/claims/watch.h"

#include "checker/claims/liveness.h"

namespace lastack {

namespace {

void save_state(const SystemState& state, ByteWriter& out) {
    for (const LocalId local : state.end) out.put(local);
    for (const BagId bag : state.bag) out.put(bag);
    for (const std::uint8_t number : {state.losses, state.duplicates, state.stage}) out.put(number);
}

SystemState load_state(ByteReader& in) {
    SystemState state;
    for (LocalId& local : state.end) local = in.get<LocalId>();
    for (BagId& bag : state.bag) bag = in.get<BagId>();
    for (std::uint8_t* const number : {&state.losses, &state.duplicates, &state.stage})
        *number = in.get<std::uint8_t>();
    return state;
}

}  // namespace

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
            (per_end ? outcome_claims_ : step_claims_).push_back(watch);
        } else if (watch->code.reads_network()) {
            network_claims_.push_back(watch);
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

void WatchHooks::local_first(std::uint64_t index, const SystemState& state, int end) {
    for (Watch* watch : local_claims_) {
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

void WatchHooks::every_step(std::uint64_t index, const SystemState& before, const SystemState& next,
                            const SystemStep& step) {
    for (Watch* watch : step_claims_) {
        if (!watch->found && !watch->code.holds({&before, &next, &step})) watch->found = Finding{index, before, next};
    }
}

void WatchHooks::save(ByteWriter& out) const {
    out.put(std::uint64_t{watches_.size()});
    for (const auto& watch : watches_) {
        const std::optional<Finding>& found = watch->found;
        out.put(static_cast<std::uint8_t>(!found ? 0 : !found->next ? 1 : 2));
        if (!found) continue;
        out.put(found->index);
        save_state(found->at, out);
        if (found->next) save_state(*found->next, out);
    }
    for (const auto* seen : {&local_seen_, &outcome_seen_, &idle_seen_}) {
        for (const std::vector<bool>& marks : *seen) out.put(marks);
    }
    pairs_.save(out);
}

void WatchHooks::load(ByteReader& in) {
    in.require(in.get<std::uint64_t>() == watches_.size());
    for (const auto& watch : watches_) {
        const auto kind = in.get_below<std::uint8_t>(3);
        if (kind == 0) continue;
        Finding& found = watch->found.emplace();
        found.index = in.get<std::uint64_t>();
        found.at = load_state(in);
        if (kind == 2) found.next = load_state(in);
    }
    for (auto* seen : {&local_seen_, &outcome_seen_, &idle_seen_}) {
        for (std::vector<bool>& marks : *seen) marks = in.get_bits();
    }
    pairs_.load(in);
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
