// Two endpoints and a network between them, as one transition system: initial state and the steps out of a state.
//
// A step is: a call or timer expiry at one end with what it sends, or one network action on one segment in
// flight (lose it, duplicate it, deliver it with what the receiver does). A segment sent into a full direction is
// lost where the network loses; otherwise the step is cut, and counted (`cuts`). Budgets count losses by the
// network and by overflow, and duplications. Transitions are counted one for each enabled step, also where it
// leads to a known state. Not thread-safe (tables grow on use).
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>

#include "model/bag_table.h"
#include "model/machine.h"

namespace lastack {

struct SystemState {
    std::array<LocalId, 2> end{};
    std::array<BagId, 2> bag{};  // bag[e]: what endpoint e sent
    std::uint8_t losses = 0;     // only counted under a budget
    std::uint8_t duplicates = 0;
    std::uint8_t stage = 0;  // of a monitor (checker/claims/watch.h), 0 without one
    bool operator==(const SystemState&) const = default;
};

// The state with its ends exchanged, in a system whose ends share their tables.
inline SystemState mirror_image(SystemState state) {
    std::swap(state.end[0], state.end[1]);
    std::swap(state.bag[0], state.bag[1]);
    return state;
}

struct SystemStep {
    enum class Kind : std::uint8_t { spontaneous, deliver, lose, duplicate };
    Kind kind = Kind::spontaneous;
    std::uint8_t end = 0;   // the acting endpoint; for deliver the receiver; for lose and duplicate the sender
    SegmentId segment = 0;  // deliver, lose, duplicate
    const Outcome* outcome = nullptr;  // spontaneous, deliver; valid during the visit only
};

class System {
public:
    // Profiles are looked up in the spec; "subject" is spec.subject. The spec must outlive the system.
    // Ends that are alike (is_symmetric) share their tables. Throws SpecError for limits that no profile has and the
    // like.
    System(const Spec& spec, const SystemDecl& decl);

    const SystemDecl& decl() const { return decl_; }
    const Network& network() const { return decl_.network; }
    Machine& machine(int end) { return *machines_[end]; }
    const Machine& machine(int end) const { return *machines_[end]; }
    SegmentTable& sent_by(int end) { return *segments_[end]; }
    const SegmentTable& sent_by(int end) const { return *segments_[end]; }
    BagTable& bags(int end) { return *bags_[end]; }
    const BagTable& bags(int end) const { return *bags_[end]; }

    // Both ends number local states, segments and what is in flight alike: a state with its ends exchanged is one, too.
    bool shares_tables() const { return machines_[0] == machines_[1]; }
    SystemState initial() const { return {}; }
    std::uint64_t cuts() const { return cuts_; }

    // Calls visit(next, step) for each enabled step, in a fixed order.
    template <class Visit>
    void expand(const SystemState& state, Visit&& visit) {
        for (int end = 0; end < 2; ++end) {
            for (const Outcome& outcome : machines_[end]->spontaneous(state.end[end])) {
                SystemState next = state;
                if (take(outcome, end, next))
                    visit(next, SystemStep{SystemStep::Kind::spontaneous, static_cast<std::uint8_t>(end), 0, &outcome});
            }
        }
        for (int sender = 0; sender < 2; ++sender) network_steps(state, sender, visit);
    }

private:
    template <class Visit>
    void network_steps(const SystemState& state, int sender, Visit&& visit) {
        using Kind = SystemStep::Kind;
        const int receiver = 1 - sender;
        for (const BagTable::Take take_ : bags_[sender]->takes(state.bag[sender])) {
            SystemState rest = state;
            rest.bag[sender] = take_.rest;
            if (loses_) {
                SystemState next = rest;
                if (spend_loss(next))
                    visit(next, SystemStep{Kind::lose, static_cast<std::uint8_t>(sender), take_.segment, nullptr});
            }
            if (duplicates_) {
                SystemState next = state;
                next.bag[sender] = bags_[sender]->twice(state.bag[sender], take_.segment);
                if (next.bag[sender] != BagTable::full && spend_duplicate(next)) {
                    visit(next, SystemStep{Kind::duplicate, static_cast<std::uint8_t>(sender), take_.segment, nullptr});
                }
            }
            for (const Outcome& outcome :
                 machines_[receiver]->receive(state.end[receiver], take_.segment, *segments_[sender])) {
                SystemState next = rest;
                if (take(outcome, receiver, next)) {
                    visit(next,
                          SystemStep{Kind::deliver, static_cast<std::uint8_t>(receiver), take_.segment, &outcome});
                }
            }
        }
    }

    // Applies an outcome of `end`; false where the step is cut.
    bool take(const Outcome& outcome, int end, SystemState& next) {
        next.end[end] = outcome.after;
        for (int i = 0; i < outcome.sent_count; ++i) {
            const BagId after = bags_[end]->put(next.bag[end], outcome.sent[i]);
            if (after != BagTable::full) {
                next.bag[end] = after;
            } else if (!loses_ || !spend_loss(next)) {
                ++cuts_;
                return false;
            }
        }
        return true;
    }
    bool spend_loss(SystemState& next) const {
        if (loss_budget_ < 0) return true;
        if (next.losses >= loss_budget_) return false;
        ++next.losses;
        return true;
    }
    bool spend_duplicate(SystemState& next) const {
        if (duplicate_budget_ < 0) return true;
        if (next.duplicates >= duplicate_budget_) return false;
        ++next.duplicates;
        return true;
    }

    const SystemDecl& decl_;
    bool loses_, duplicates_;
    int loss_budget_, duplicate_budget_;
    std::array<std::shared_ptr<SegmentTable>, 2> segments_;
    std::array<std::shared_ptr<BagTable>, 2> bags_;
    std::array<std::shared_ptr<Machine>, 2> machines_;
    std::uint64_t cuts_ = 0;
};

// The profile at an end of a system, under the settings of the system; the index of the control state that it begins
// in, and its limits there.
const Profile& profile_at(const Spec& spec, const SystemDecl& decl, int end);
int start_at(const Spec& spec, const SystemDecl& decl, int end);
Limits limits_at(const Spec& spec, const SystemDecl& decl, int end);

// Are both ends alike: profile, limits, calls and where they begin?
bool is_symmetric(const Spec& spec, const SystemDecl& decl);

}  // namespace lastack
