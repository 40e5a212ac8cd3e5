#include "checker/compare/timing.h"

#include <algorithm>

namespace lastack {

namespace {

using Timers = std::uint64_t;  // a set of a profile's timers, by index

constexpr Timers bit(int timer) { return Timers{1} << timer; }

// One of the two endpoints.
class Side {
public:
    Side(EndpointLts& lts, Observations& observations) : lts_(lts), observations_(observations) {
        const OpenAlphabet& alphabet = lts.alphabet();
        for (std::uint32_t i = 0; i < alphabet.calls + alphabet.timers; ++i)
            timer_of_.push_back(i < alphabet.calls ? -1 : lts.profile().timer(lts.own_input(i).name));
        for (std::uint32_t vertex = 0; vertex < lts.size(); ++vertex) {
            const EndState state = lts.state(vertex);
            Timers armed = 0;
            for (std::size_t i = 0; i < state.armed.size(); ++i) armed |= state.armed[i] ? bit(static_cast<int>(i)) : 0;
            armed_.push_back(armed);
        }
        for (std::size_t i = 0; i < lts.profile().timers.size(); ++i)
            if (lts.profile().timers[i].latest_us > 0) lasting_ |= bit(static_cast<int>(i));
    }

    // Timers whose every expiry is silent.
    void guess_unseen() {
        unseen_ = ~Timers{0};
        each_expiry([&](std::uint32_t vertex, const LtsEdge& edge, int timer) {
            const Observation& seen = observations_[edge.observation];
            const bool moves = !seen.state.empty() && lts_.control_state(vertex) != seen.state;
            if (seen.outside || moves || !seen.sent.empty() || !seen.signals.empty()) unseen_ &= ~bit(timer);
        });
    }
    // Strikes out those whose expiry changes the block; false: there were none.
    template <class BlockOf>
    bool strike_out(BlockOf block_of) {
        const Timers before = unseen_;
        each_expiry([&](std::uint32_t vertex, const LtsEdge& edge, int timer) {
            if (block_of(vertex) != block_of(edge.to)) unseen_ &= ~bit(timer);
        });
        return unseen_ != before;
    }

    void see() {
        find_awaited();
        lts_.see([&](std::uint32_t, const LtsEdge& edge) -> std::optional<std::uint32_t> {
            const int expired = timer_of(edge);
            if (expired >= 0 && (unseen_ & bit(expired)) != 0) return std::nullopt;
            const Timers starts = started(edge) & armed_[edge.to] & awaited_[edge.to] & lasting_ & ~unseen_;
            return starts == 0 ? edge.observation : with(edge.observation, starts);
        });
    }

private:
    int timer_of(const LtsEdge& edge) const { return edge.input < timer_of_.size() ? timer_of_[edge.input] : -1; }

    template <class Visit>
    void each_expiry(Visit visit) const {
        for (std::uint32_t vertex = 0; vertex < lts_.size(); ++vertex) {
            for (const LtsEdge& edge : lts_.built_edges(vertex)) {
                if (edge.input >= timer_of_.size()) break;  // segments come last
                if (timer_of(edge) >= 0) visit(vertex, edge, timer_of(edge));
            }
        }
    }

    Timers started(const LtsEdge& edge) const {
        Timers timers = 0;
        for (const int timer : lts_.started(edge)) timers |= bit(timer);
        return timers;
    }

    // awaited_[v]: timers that, if they run in v, may go on running until a rule takes their end.
    void find_awaited() {
        awaited_.assign(lts_.size(), 0);
        each_expiry([&](std::uint32_t vertex, const LtsEdge&, int timer) { awaited_[vertex] |= bit(timer); });
        for (bool changed = true; changed;) {
            changed = false;
            for (std::uint32_t vertex = static_cast<std::uint32_t>(lts_.size()); vertex-- > 0;) {
                Timers now = awaited_[vertex];
                for (const LtsEdge& edge : lts_.built_edges(vertex)) {
                    Timers more = awaited_[edge.to] & armed_[vertex] & armed_[edge.to] & ~now;
                    if (more == 0) continue;
                    if (const int expired = timer_of(edge); expired >= 0) more &= ~bit(expired);
                    now |= more & ~started(edge);
                }
                changed = changed || now != awaited_[vertex];
                awaited_[vertex] = now;
            }
        }
    }

    std::uint32_t with(std::uint32_t observation, Timers starts) {
        const auto [place, fresh] = known_.try_emplace({observation, starts}, 0);
        if (!fresh) return place->second;
        Observation seen = observations_[observation];
        for (std::size_t i = 0; i < lts_.profile().timers.size(); ++i)
            if ((starts & bit(static_cast<int>(i))) != 0) seen.started.push_back(lts_.timer_name(static_cast<int>(i)));
        std::sort(seen.started.begin(), seen.started.end());
        return place->second = observations_.intern(seen);
    }

    EndpointLts& lts_;
    Observations& observations_;
    std::vector<int> timer_of_;  // by input: the profile's timer; -1: a call, or no timer of this profile
    std::vector<Timers> armed_, awaited_;
    Timers lasting_ = 0, unseen_ = 0;
    std::map<std::pair<std::uint32_t, Timers>, std::uint32_t> known_;
};

}  // namespace

std::set<std::string> differently_measured(const Profile& a, const Profile& b, const OpenAlphabet& alphabet) {
    std::set<std::string> names;
    for (const TimerDecl& of_b : b.timers) {
        const auto renamed = alphabet.timer_of_b.find(of_b.name);
        const std::string& name = renamed == alphabet.timer_of_b.end() ? of_b.name : renamed->second;
        const int index = a.timer(name);
        if (index < 0) continue;
        const TimerDecl& of_a = a.timers[index];
        if (of_a.earliest_us != of_b.earliest_us || of_a.latest_us != of_b.latest_us || of_a.cap_us != of_b.cap_us)
            names.insert(name);
    }
    return names;
}

Partition observe_time(EndpointLts& a, EndpointLts& b, Observations& observations, const std::function<bool()>& stop) {
    Side of_a(a, observations), of_b(b, observations);
    of_a.guess_unseen();
    of_b.guess_unseen();
    while (true) {
        of_a.see();
        of_b.see();
        Partition partition = refine(a, b, stop);
        const std::size_t last = partition.rounds.size() - 1;
        const bool in_a = of_a.strike_out([&](std::uint32_t vertex) { return partition.block_of_a(last, vertex); });
        const bool in_b = of_b.strike_out([&](std::uint32_t vertex) { return partition.block_of_b(last, vertex); });
        if (!in_a && !in_b) return partition;
    }
}

}  // namespace lastack
