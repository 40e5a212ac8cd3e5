// A claim's fairness, spelled out for one system: single requirements, where each is enabled and which steps meet it.
//
// Meaning: docs/liveness.md. A timer or call is enabled where its end's rules allow it, a segment's delivery where that
// segment is in flight; that a step may be cut for want of room changes nothing. What matters of a state or a step are
// the sets of requirements only; equal sets get one number (a class), so that a large graph stays small.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "checker/claims/fair_cycles.h"
#include "model/system.h"

namespace lastack {

class Requirements {
public:
    // The system must outlive this, and must have been explored: segments are known then. `visits`: it is asked of a
    // run, too, that steps into certain states come again and again (meeting_visit).
    Requirements(System& system, const std::vector<Fairness>& fairness, bool visits = false);

    // Throw std::length_error past 65,535 different kinds of parts or steps.
    std::uint32_t class_of(const SystemState& state);
    std::uint16_t class_of(const SystemStep& step);
    // The class of steps of that class which lead into such a state.
    std::uint16_t meeting_visit(std::uint16_t step_class);

    // The sets behind the classes so far, and which requirements are weak, which strong.
    const std::vector<RequirementSet>& enabled() const { return enabled_; }
    const std::vector<RequirementSet>& met() const { return met_; }
    const RequirementSet& weak() const { return weak_; }
    const RequirementSet& strong() const { return strong_; }
    std::size_t size() const { return count_; }

private:
    struct Single {
        Fairness::Family family = Fairness::Family::timers;
        bool strong = false;
        int end = 0;            // whose timer or call; delivery: who is to get the segment
        std::string name;       // timer or call
        SegmentId segment = 0;  // delivery
    };
    // Numbers for sets, in order of first use.
    struct Classes {
        std::map<RequirementSet, std::uint16_t> numbers;
        std::uint16_t of(const RequirementSet& set, std::vector<RequirementSet>& sets);
    };

    void spell_out(const Fairness& fairness);
    RequirementSet enabled_in(int end, LocalId local);
    RequirementSet in_flight(int sender, BagId bag) const;
    RequirementSet met_by(const SystemStep& step) const;
    std::uint16_t part_class(int part, std::uint32_t id);

    System& system_;
    std::vector<Single> single_;
    std::size_t count_ = 0;             // of requirements: those of single_, and perhaps the visit
    std::optional<std::size_t> visit_;  // its number; weak, and enabled in every state
    RequirementSet weak_, strong_;

    // A state has four parts (two local states, two bags); the class of a state is looked up
    // by the classes of its parts.
    static constexpr std::uint32_t unknown = ~std::uint32_t{0};
    std::array<std::vector<std::uint32_t>, 4> part_classes_;  // by local state or bag
    std::array<Classes, 4> part_numbers_;
    std::array<std::vector<RequirementSet>, 4> part_sets_;
    std::unordered_map<std::uint64_t, std::uint32_t> state_classes_;
    std::vector<RequirementSet> enabled_;

    std::unordered_map<std::uint64_t, std::uint16_t> step_classes_;
    Classes step_numbers_;
    std::vector<RequirementSet> met_;
};

}  // namespace lastack
