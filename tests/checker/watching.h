// Hooks that write down all that an exploration shows them, in words that do not depend on the order of numbering.
#pragma once

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "checker/engine/explorer.h"

namespace lastack::testing {

// What an end did: in which state, on which input, by which rules, and what came of it.
struct Deed {
    int end = 0;
    EndState before;
    Trigger trigger = Trigger::call;
    std::string input;  // the call, the timer or the segment
    std::vector<std::string> rules;
    EndState after;
    std::vector<Segment> sent;

    auto operator<=>(const Deed&) const = default;
};

// A state that no step leaves, without what is numbered: its ends, and how much is in flight.
using Rest = std::tuple<int, EndState, EndState, std::size_t, std::size_t>;

class Recorder : public ExplorationHooks {
public:
    Recorder(System& system, const Explorer& explorer, Needs needs)
        : system_(system), explorer_(explorer), needs_(needs) {}

    Needs needs() const override { return needs_; }

    bool step(std::uint64_t index, const SystemState& before, SystemState&, const SystemStep& step) override {
        const int depth = explorer_.depth_of(index);
        for (int end = 0; end < 2; ++end) {
            if (step.outcome && step.end == end)
                note(deeds_[end], system_.machine(end).index_of(*step.outcome), depth, before, step);
            else
                note(idle_[end], before.end[end], depth, before, step);
        }
        return true;
    }

    bool expanded(std::uint64_t index, const SystemState& state, bool leaves) override {
        if (leaves) return true;
        const auto in_flight = [&](int end) { return system_.bags(end).content(state.bag[end]).size(); };
        resting_.insert({explorer_.depth_of(index), system_.machine(0).decode(state.end[0]),
                         system_.machine(1).decode(state.end[1]), in_flight(0), in_flight(1)});
        return true;
    }

    // Everything that some step did, and the least depth at which a step did it.
    std::map<Deed, int> deeds() const {
        std::map<Deed, int> all;
        for (int end = 0; end < 2; ++end) {
            for (const auto& [number, first] : deeds_[end]) keep_least(all, deed(end, number, first), first.depth);
        }
        return all;
    }

    // The local states of an end in which somebody else's step was seen, and the least depth of one.
    std::map<EndState, int> idle(int end) const {
        std::map<EndState, int> all;
        for (const auto& [local, first] : idle_[end])
            keep_least(all, system_.machine(end).decode(static_cast<LocalId>(local)), first.depth);
        return all;
    }

    const std::multiset<Rest>& resting() const { return resting_; }

private:
    struct First {
        int depth = 0;
        LocalId before = 0;
        SystemStep::Kind kind = SystemStep::Kind::spontaneous;
        std::uint8_t end = 0;
        SegmentId segment = 0;
    };
    using Firsts = std::map<std::size_t, First>;

    static void note(Firsts& firsts, std::size_t number, int depth, const SystemState& before, const SystemStep& step) {
        const First now{depth, before.end[step.end], step.kind, step.end, step.segment};
        const auto [place, is_new] = firsts.try_emplace(number, now);
        if (!is_new && depth < place->second.depth) place->second = now;
    }

    template <class Key>
    static void keep_least(std::map<Key, int>& all, const Key& key, int depth) {
        const auto [place, is_new] = all.try_emplace(key, depth);
        if (!is_new) place->second = std::min(place->second, depth);
    }

    Deed deed(int end, std::size_t number, const First& first) const {
        const Machine& machine = system_.machine(end);
        const Outcome& outcome = machine.outcome(number);
        const Label& label = machine.label(outcome.label);
        Deed deed{
            end, machine.decode(first.before), label.trigger, label.name, label.rules, machine.decode(outcome.after),
            {}};
        if (first.kind == SystemStep::Kind::deliver)
            deed.input = to_string(system_.sent_by(1 - end)[first.segment], {});
        for (int i = 0; i < outcome.sent_count; ++i) deed.sent.push_back(system_.sent_by(end)[outcome.sent[i]]);
        return deed;
    }

    System& system_;
    const Explorer& explorer_;
    Needs needs_;
    Firsts deeds_[2], idle_[2];
    std::multiset<Rest> resting_;
};

}  // namespace lastack::testing
