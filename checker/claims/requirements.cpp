// Everything is worked out on first use and looked up from then on: a local state, a bag or an outcome once each.
// Cost: two table look-ups for the class of a state's part, one hash look-up for that of a state or a step.
#include "checker/claims/requirements.h"

#include <algorithm>
#include <stdexcept>

namespace lastack {

Requirements::Requirements(System& system, const std::vector<Fairness>& fairness, bool visits) : system_(system) {
    for (const Fairness& one : fairness) spell_out(one);
    count_ = single_.size() + (visits ? 1 : 0);
    weak_ = strong_ = RequirementSet(count_);
    for (std::size_t i = 0; i < single_.size(); ++i) (single_[i].strong ? strong_ : weak_).add(i);
    if (!visits) return;
    visit_ = single_.size();
    weak_.add(*visit_);
}

void Requirements::spell_out(const Fairness& fairness) {
    for (int end = 0; end < 2; ++end) {
        if (fairness.end >= 0 && fairness.end != end) continue;
        Single single;
        single.family = fairness.family;
        single.strong = fairness.strong;
        single.end = end;
        single.name = fairness.name;
        if (fairness.family == Fairness::Family::delivery) {
            for (std::size_t id = 0; id < system_.sent_by(1 - end).size(); ++id) {
                single.segment = static_cast<SegmentId>(id);
                single_.push_back(single);
            }
        } else if (fairness.family == Fairness::Family::timers && fairness.name.empty()) {
            for (const TimerDecl& timer : system_.machine(end).profile().timers) {
                single.name = timer.name;
                single_.push_back(single);
            }
        } else {
            single_.push_back(single);
        }
    }
}

std::uint16_t Requirements::Classes::of(const RequirementSet& set, std::vector<RequirementSet>& sets) {
    const auto [place, fresh] = numbers.try_emplace(set, static_cast<std::uint16_t>(sets.size()));
    if (fresh) {
        if (sets.size() == 65'535) throw std::length_error("fairness tells more than 65,535 kinds of steps apart");
        sets.push_back(set);
    }
    return place->second;
}

RequirementSet Requirements::enabled_in(int end, LocalId local) {
    RequirementSet set(count_);
    for (const Outcome& outcome : system_.machine(end).spontaneous(local)) {
        const Label& label = system_.machine(end).label(outcome.label);
        const auto family = label.trigger == Trigger::timer ? Fairness::Family::timers : Fairness::Family::calls;
        for (std::size_t i = 0; i < single_.size(); ++i) {
            const Single& single = single_[i];
            if (single.family == family && single.end == end && single.name == label.name) set.add(i);
        }
    }
    return set;
}

RequirementSet Requirements::in_flight(int sender, BagId bag) const {
    RequirementSet set(count_);
    const std::vector<SegmentId>& content = system_.bags(sender).content(bag);
    for (std::size_t i = 0; i < single_.size(); ++i) {
        const Single& single = single_[i];
        if (single.family != Fairness::Family::delivery || single.end == sender) continue;
        if (std::find(content.begin(), content.end(), single.segment) != content.end()) set.add(i);
    }
    return set;
}

RequirementSet Requirements::met_by(const SystemStep& step) const {
    RequirementSet set(count_);
    if (!step.outcome) return set;
    const bool delivers = step.kind == SystemStep::Kind::deliver;
    const Label& label = system_.machine(step.end).label(step.outcome->label);
    const std::vector<TimerDecl>& timers = system_.machine(step.end).profile().timers;
    for (std::size_t i = 0; i < single_.size(); ++i) {
        const Single& single = single_[i];
        if (single.end != step.end) continue;
        bool met = false;
        if (single.family == Fairness::Family::delivery) {
            met = delivers && single.segment == step.segment;
        } else {
            const auto family = label.trigger == Trigger::timer ? Fairness::Family::timers : Fairness::Family::calls;
            met = !delivers && single.family == family && single.name == label.name;
            // A timer that is started again has not been running for long: weak fairness asks no more of it.
            if (single.family == Fairness::Family::timers && !single.strong) {
                met = met || std::any_of(label.started.begin(), label.started.end(),
                                         [&](int timer) { return timers[timer].name == single.name; });
            }
        }
        if (met) set.add(i);
    }
    return set;
}

std::uint16_t Requirements::part_class(int part, std::uint32_t id) {
    std::vector<std::uint32_t>& known = part_classes_[part];
    if (id >= known.size()) known.resize(id * 2 + 64, unknown);
    if (known[id] == unknown) {
        const RequirementSet set = part < 2 ? enabled_in(part, id) : in_flight(part - 2, id);
        known[id] = part_numbers_[part].of(set, part_sets_[part]);
    }
    return static_cast<std::uint16_t>(known[id]);
}

std::uint32_t Requirements::class_of(const SystemState& state) {
    const std::uint16_t parts[4] = {part_class(0, state.end[0]), part_class(1, state.end[1]),
                                    part_class(2, static_cast<std::uint32_t>(state.bag[0])),
                                    part_class(3, static_cast<std::uint32_t>(state.bag[1]))};
    std::uint64_t key = 0;
    for (const std::uint16_t part : parts) key = key << 16 | part;
    const auto [place, fresh] = state_classes_.try_emplace(key, static_cast<std::uint32_t>(enabled_.size()));
    if (fresh) {
        RequirementSet set(count_);
        for (int part = 0; part < 4; ++part) set |= part_sets_[part][parts[part]];
        if (visit_) set.add(*visit_);
        enabled_.push_back(std::move(set));
    }
    return place->second;
}

std::uint16_t Requirements::class_of(const SystemStep& step) {
    using Kind = SystemStep::Kind;
    // Losing and doubling meet nothing, whatever is lost; a call or expiry is told by its label alone.
    std::uint64_t key = ~std::uint64_t{0};
    if (step.outcome) {
        const std::uint64_t segment = step.kind == Kind::deliver ? std::uint64_t{step.segment} + 1 : 0;
        key = segment << 40 | std::uint64_t{step.end} << 32 | step.outcome->label;
    }
    const auto place = step_classes_.find(key);
    if (place != step_classes_.end()) return place->second;
    return step_classes_[key] = step_numbers_.of(met_by(step), met_);
}

std::uint16_t Requirements::meeting_visit(std::uint16_t step_class) {
    RequirementSet set = met_[step_class];
    set.add(visit_.value());
    return step_numbers_.of(set, met_);
}

}  // namespace lastack
