#include "page/walked_system.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/plain.h"

namespace lastack {

WalkedSystem::WalkedSystem(const Spec& spec, const SystemDecl& decl) : system_(spec, decl) { add(system_.initial()); }

std::size_t WalkedSystem::add(const Snapshot& snapshot) {
    const auto [place, is_new] = numbers_.emplace(snapshot, states_.size());
    if (is_new) states_.push_back(snapshot);
    return place->second;
}

std::optional<std::size_t> WalkedSystem::known(const Snapshot& snapshot) const {
    const auto found = numbers_.find(snapshot);
    return found == numbers_.end() ? std::nullopt : std::optional(found->second);
}

const std::vector<TraceStep>& WalkedSystem::steps(std::size_t state) {
    if (steps_.size() <= state) steps_.resize(state + 1);
    if (!steps_[state]) steps_[state] = system_.steps(states_[state]);
    return *steps_[state];
}

std::vector<std::size_t> WalkedSystem::follow(const Trace& trace) {
    std::vector<std::size_t> taken;
    std::size_t here = add(trace.initial);
    for (const TraceStep& step : trace.steps) {
        const std::vector<TraceStep>& all = steps(here);
        taken.push_back(static_cast<std::size_t>(std::find(all.begin(), all.end(), step) - all.begin()));
        here = add(step.after);
    }
    return taken;
}

std::array<std::string, 4> WalkedSystem::texts(std::size_t state) const {
    const Snapshot& snapshot = states_[state];
    std::array<std::string, 4> all;
    for (int end = 0; end < 2; ++end) {
        all[end] = describe(system_.profile(end), system_.limits(end), snapshot.end[end]);
        for (const Segment& segment : snapshot.flight[end])
            all[2 + end] += (all[2 + end].empty() ? "" : "; ") + to_string(segment, system_.vocabulary());
    }
    return all;
}

std::string WalkedSystem::rules(const TraceStep& step) { return fmt::format("{}", fmt::join(step.rules, ", ")); }

}  // namespace lastack
