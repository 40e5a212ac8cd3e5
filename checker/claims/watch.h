// What the checker watches for during an exploration: hooks of the explorer that evaluate claims as seldom as possible.
//
// A claim about single endpoints is evaluated once per local state; if it is about steps, once per outcome, and once
// per local state that sees a step of somebody else. A claim about both endpoints is evaluated once per pair of local
// states, or of an outcome and the other end's local state; one about an endpoint and what it has in flight once per
// half. Only what reads the network otherwise is evaluated at every state or step. Since the walk is breadth-first, the
// first time that a local state, outcome or pair is met is a nearest one: the counterexample is still shortest.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "checker/claims/claim_code.h"
#include "checker/engine/explorer.h"
#include "checker/engine/pair_marks.h"

namespace lastack {

// Where a claim was decided: in a state, or in the step from a state to `next`.
struct Finding {
    std::uint64_t index = 0;
    SystemState at;  // the state of that index, or its mirror image
    std::optional<SystemState> next;
};

// One claim under watch. A `reachable` claim of one state stage is found where its body
// holds, others where it does not.
struct Watch {
    const Claim* claim;
    ClaimCode code;
    bool looks_for;  // the value of the body that decides
    std::optional<Finding> found;
};

// All claims of one system that need no monitor.
class WatchHooks : public ExplorationHooks {
public:
    WatchHooks(System& system, const std::vector<const Claim*>& claims);

    Needs needs() const override {
        return {!network_claims_.empty() || !half_claims_.empty(), !step_claims_.empty() || !joint_claims_.empty(),
                !outcome_claims_.empty()};
    }

    bool state(std::uint64_t index, const SystemState& state) override {
        if (check_ends_) {
            for (int end = 0; end < 2; ++end) {
                if (first_use(local_seen_[end], state.end[end])) of_end(local_claims_, index, state, end);
            }
        }
        if (!pair_claims_.empty() && pairs_.mark(state.end[0], state.end[1])) all_of(pair_claims_, index, state);
        if (!network_claims_.empty()) all_of(network_claims_, index, state);
        for (int end = 0; end < 2 && !half_claims_.empty(); ++end) {
            if (halves_[end].mark(state.end[end], static_cast<std::uint32_t>(state.bag[end])))
                of_end(half_claims_, index, state, end);
        }
        return true;
    }

    bool step(std::uint64_t index, const SystemState& before, SystemState& next, const SystemStep& step) override {
        if (step.outcome && first_use(outcome_seen_[step.end], system_.machine(step.end).index_of(*step.outcome))) {
            outcome_first(index, before, next, step);
        }
        if (!outcome_claims_.empty()) {
            for (std::uint32_t end = 0; end < 2; ++end) {
                const bool idle = !step.outcome || step.end != end;
                if (idle && first_use(idle_seen_[end], before.end[end]))
                    idle_first(index, before, next, step, static_cast<int>(end));
            }
        }
        if (!step_claims_.empty()) every_step(step_claims_, index, before, next, step);
        if (!joint_claims_.empty() && first_joint(before, step)) every_step(joint_claims_, index, before, next, step);
        return true;
    }

    bool expanded(std::uint64_t index, const SystemState& state, bool leaves) override {
        if (!leaves && !end_claims_.empty()) all_of(end_claims_, index, state);
        return true;
    }

    const std::vector<std::unique_ptr<Watch>>& watches() const { return watches_; }

    // Labels of all outcomes used by the end so far.
    std::vector<std::uint32_t> labels_used(int end) const;

private:
    static bool first_use(std::vector<bool>& seen, std::size_t index) {
        if (index < seen.size() && seen[index]) return false;
        if (index >= seen.size()) seen.resize(index * 2 + 64);
        seen[index] = true;
        return true;
    }
    void all_of(const std::vector<Watch*>& claims, std::uint64_t index, const SystemState& state);
    static void of_end(const std::vector<Watch*>& claims, std::uint64_t index, const SystemState& state, int end);
    void outcome_first(std::uint64_t index, const SystemState& before, const SystemState& next, const SystemStep& step);
    void idle_first(std::uint64_t index, const SystemState& before, const SystemState& next, const SystemStep& step,
                    int end);
    static void every_step(const std::vector<Watch*>& claims, std::uint64_t index, const SystemState& before,
                           const SystemState& next, const SystemStep& step);
    // Is what the step does met for the first time beside the other end's local state?
    bool first_joint(const SystemState& before, const SystemStep& step) {
        if (!step.outcome) return joint_idle_.mark(before.end[0], before.end[1]);
        const std::size_t outcome = system_.machine(step.end).index_of(*step.outcome);
        return joint_[step.end].mark(static_cast<std::uint32_t>(outcome), before.end[1 - step.end]);
    }

    System& system_;
    std::vector<std::unique_ptr<Watch>> watches_;
    std::vector<Watch*> local_claims_, outcome_claims_, pair_claims_, half_claims_, network_claims_, end_claims_;
    std::vector<Watch*> joint_claims_, step_claims_;  // about steps, by who acts and whom with; by the network, too
    bool check_ends_ = false;
    std::vector<bool> local_seen_[2], outcome_seen_[2], idle_seen_[2];
    PairMarks pairs_, halves_[2], joint_[2], joint_idle_;
};

// Is the claim explored by itself, with a monitor? Else WatchHooks, or what follows an exploration, decides it.
bool needs_monitor(System& system, const Claim& claim);

// One claim by itself: the stage reached is part of the state. A claim under an assumption is one of these, too: steps
// that break the assumption lead nowhere, and what violates an `invariant` or `step` claim is its only stage.
class MonitorHooks : public ExplorationHooks {
public:
    MonitorHooks(System& system, const Claim& claim);

    int stages() const { return static_cast<int>(stages_.size()) + 1; }
    std::optional<std::uint64_t> found() const { return found_; }

    Needs needs() const override { return {false, true, false}; }
    SystemState start(SystemState initial) override;
    bool state(std::uint64_t index, const SystemState& state) override {
        if (state.stage != stages_.size()) return true;
        found_ = index;
        return false;
    }
    bool step(std::uint64_t, const SystemState& before, SystemState& next, const SystemStep& step) override {
        next.stage = before.stage;
        if (assuming_ && !assuming_->holds({&before, &next, &step})) {
            next = before;
            return true;
        }
        if (next.stage == stages_.size()) return true;
        if (is_step(next.stage) && reached(next.stage, {&before, &next, &step})) ++next.stage;
        pass_states(next);
        return true;
    }

private:
    bool is_step(std::size_t stage) const { return by_step_ || stages_[stage].reads_step(); }
    bool reached(std::size_t stage, const ClaimMoment& moment) const {
        return stages_[stage].holds(moment) == looks_for_;
    }
    void pass_states(SystemState& state) const;

    std::vector<ClaimCode> stages_;
    std::optional<ClaimCode> assuming_;
    bool looks_for_;  // the value of a stage's condition that reaches it
    bool by_step_;
    std::optional<std::uint64_t> found_;
};

}  // namespace lastack
