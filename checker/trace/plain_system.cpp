#include "checker/trace/plain_system.h"

#include <algorithm>
#include <set>

#include "model/plain.h"
#include "model/system.h"

namespace lastack {

PlainSystem::PlainSystem(const Spec& spec, const SystemDecl& decl) : decl_(&decl) {
    for (int end = 0; end < 2; ++end) {
        profiles_[end] = &profile_at(spec, decl, end);
        limits_[end] = limits_at(spec, decl, end);
    }
}

Snapshot PlainSystem::initial() const {
    Snapshot state;
    for (int end = 0; end < 2; ++end) state.end[end] = plain_initial(*profiles_[end], decl_->start[end]);
    return state;
}

bool PlainSystem::may_lose(Snapshot& state) const {
    const Network& network = decl_->network;
    if (!network.loses) return false;
    if (network.loss_budget < 0) return true;
    return ++state.losses <= network.loss_budget;
}

void PlainSystem::add_reactions(const Snapshot& rest, int end, const Input& input, TraceStep::Kind kind,
                                Steps& out) const {
    for (const Reaction& reaction : plain_react(*profiles_[end], limits_[end], rest.end[end], input)) {
        TraceStep step;
        step.kind = kind;
        step.end = end;
        step.name = input.name;
        step.segment = input.segment;
        step.sent = reaction.sent;
        step.rules = reaction.rules;
        step.signals = reaction.signals;
        step.result = reaction.result;
        step.after = rest;
        step.after.end[end] = reaction.after;
        std::vector<Segment>& flight = step.after.flight[end];
        bool possible = true;
        for (const Segment& segment : reaction.sent) {
            if (static_cast<int>(flight.size()) < decl_->network.capacity) {
                flight.push_back(segment);
            } else {
                possible = possible && may_lose(step.after);
            }
        }
        if (decl_->network.reorders) std::sort(flight.begin(), flight.end());
        if (possible) out.enabled.push_back(std::move(step));
        out.cuts += !possible;
    }
}

void PlainSystem::end_steps(const Snapshot& state, int end, Steps& out) const {
    for (const std::string& call : decl_->calls[end]) {
        add_reactions(state, end, Input{Trigger::call, call, {}}, TraceStep::Kind::call, out);
    }
    for (const TimerDecl& timer : profiles_[end]->timers) {
        add_reactions(state, end, Input{Trigger::timer, timer.name, {}}, TraceStep::Kind::timer, out);
    }
}

// A queue loses and doubles only what stands at its head; why that is enough stands in docs/spec-language.md.
void PlainSystem::network_steps(const Snapshot& state, int sender, Steps& out) const {
    const Network& network = decl_->network;
    const std::vector<Segment>& flight = state.flight[sender];
    const std::size_t candidates = network.reorders ? flight.size() : std::min<std::size_t>(1, flight.size());
    for (std::size_t i = 0; i < candidates; ++i) {
        if (i > 0 && flight[i] == flight[i - 1]) continue;
        Snapshot rest = state;
        rest.flight[sender].erase(rest.flight[sender].begin() + static_cast<std::ptrdiff_t>(i));
        TraceStep step;
        step.end = sender;
        step.segment = flight[i];
        step.kind = TraceStep::Kind::lose;
        step.after = rest;
        if (may_lose(step.after)) out.enabled.push_back(step);
        if (network.duplicates && static_cast<int>(flight.size()) < network.capacity &&
            (network.duplicate_budget < 0 || state.duplicates < network.duplicate_budget)) {
            step.kind = TraceStep::Kind::duplicate;
            step.after = state;
            step.after.flight[sender].insert(step.after.flight[sender].begin() + static_cast<std::ptrdiff_t>(i),
                                             flight[i]);
            if (network.duplicate_budget >= 0) ++step.after.duplicates;
            out.enabled.push_back(step);
        }
        add_reactions(rest, 1 - sender, Input{Trigger::segment, "", flight[i]}, TraceStep::Kind::deliver, out);
    }
}

std::vector<TraceStep> PlainSystem::steps(const Snapshot& state, int* cuts) const {
    Steps out;
    for (int end = 0; end < 2; ++end) end_steps(state, end, out);
    for (int sender = 0; sender < 2; ++sender) network_steps(state, sender, out);
    if (cuts) *cuts = out.cuts;
    return std::move(out.enabled);
}

PlainCount plain_explore(const PlainSystem& system) {
    PlainCount count;
    std::set<Snapshot> seen{system.initial()};
    std::vector<Snapshot> level{system.initial()};
    while (!level.empty()) {
        std::vector<Snapshot> next;
        for (const Snapshot& state : level) {
            for (const TraceStep& step : system.steps(state)) {
                ++count.transitions;
                if (seen.insert(step.after).second) next.push_back(step.after);
            }
        }
        if (!next.empty()) ++count.depth;
        level = std::move(next);
    }
    count.states = seen.size();
    return count;
}

}  // namespace lastack
