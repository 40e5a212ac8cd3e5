// How walks through a tester's graph find their way: the steps out of each vertex, and the cheapest walks in time.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "checker/suites/walks.h"

namespace lastack {

// What steps cost: a wait for a timer as much as twenty others; one behind which the profile leaves open what follows.
inline constexpr std::uint32_t wait_cost = 20, choice_cost = 400;

// Ways out of each vertex, one for each target and kind: the cheapest.
class WalkHops {
public:
    struct Hop {
        std::uint32_t cost = 0, kind = 0;
        WalkStep step;
    };

    WalkHops(const TesterGraph& graph, Goals* goals, const WalkOptions& options)
        : graph_(graph), goals_(goals), waits_(options.longest_wait_us > 0) {
        all_.resize(graph.size());
        known_.resize(graph.size());
    }

    const std::vector<Hop>& of(std::uint32_t vertex) {
        if (!known_[vertex]) find(vertex);
        known_[vertex] = true;
        return all_[vertex];
    }

private:
    static bool same(const LtsEdge& one, const LtsEdge& other) { return one.same_label(other) && one.to == other.to; }

    void find(std::uint32_t vertex) {
        std::map<std::pair<std::uint32_t, std::uint32_t>, Hop> best;
        const std::uint32_t block = graph_.block(vertex);
        for (const LtsEdge& edge : graph_.lts().edges(vertex)) {
            if (!graph_.reaction(block, edge.input) || (!waits_ && graph_.is_timer(edge.input))) continue;
            if (graph_.is_settled(vertex, edge.input) && !same(edge, graph_.planned(vertex, edge.input))) continue;
            const std::uint32_t kind = goals_ ? goals_->kind(vertex, edge) : 0;
            if (edge.to == vertex && !goals_) continue;
            const std::uint32_t cost = (graph_.is_timer(edge.input) ? wait_cost : 1) +
                                       (graph_.is_settled(vertex, edge.input) ? 0 : choice_cost);
            const auto [place, fresh] = best.try_emplace({edge.to, kind}, Hop{cost, kind, {vertex, edge.input, edge}});
            if (!fresh && cost < place->second.cost) place->second = {cost, kind, {vertex, edge.input, edge}};
        }
        for (const auto& [key, hop] : best) all_[vertex].push_back(hop);
    }

    const TesterGraph& graph_;
    Goals* goals_;
    bool waits_;
    std::vector<std::vector<Hop>> all_;
    std::vector<bool> known_;
};

// Dijkstra's search with a bucket for each cost; of a vertex (and the kind of the step into it) the first arrival
// counts.
class WalkSearch {
public:
    static constexpr std::uint32_t none = ~0U;

    WalkSearch(const TesterGraph& graph, TimedSteps& time, WalkHops& hops) : time_(time), hops_(hops) {
        seen_.resize(graph.size());
    }

    struct Node {
        const WalkHops::Hop* hop = nullptr;  // null: the start
        std::uint32_t parent = none, cost = 0, kind = 0;
        std::uint32_t at = none;  // where in time, once it was visited
    };
    const TimedVertex& at(std::uint32_t node) const { return times_[nodes_[node].at]; }
    std::uint32_t kind(std::uint32_t node) const { return nodes_[node].kind; }
    std::uint32_t cost(std::uint32_t node) const { return nodes_[node].cost; }

    void begin(const TimedVertex& from, std::uint32_t kind) {
        nodes_.assign(1, {nullptr, none, 0, kind, 0});
        times_.assign(1, from);
        ++round_;
        buckets_.clear();
        now_.assign(1, 0);
        next_ = 0;
        open_ = none;
    }
    // Visits one node more, in the order of costs; its number, or none.
    std::uint32_t next(std::uint32_t most_cost) {
        if (open_ != none) expand(open_);
        open_ = none;
        for (;;) {
            for (; next_ < now_.size(); ++next_) {
                if (!arrive(now_[next_])) continue;
                open_ = now_[next_++];
                return open_;
            }
            if (buckets_.empty() || buckets_.begin()->first > most_cost) return none;
            now_ = std::move(buckets_.begin()->second);
            next_ = 0;
            buckets_.erase(buckets_.begin());
        }
    }

    std::vector<WalkStep> path(std::uint32_t node) const {
        std::vector<WalkStep> steps;
        for (; nodes_[node].parent != none; node = nodes_[node].parent) steps.push_back(nodes_[node].hop->step);
        std::reverse(steps.begin(), steps.end());
        return steps;
    }

private:
    // False where it was there before, or time does not allow the step.
    bool arrive(std::uint32_t number) {
        Node& node = nodes_[number];
        const std::uint32_t vertex = node.hop ? node.hop->step.edge.to : times_[0].vertex;
        std::vector<std::pair<std::uint32_t, std::uint32_t>>& here = seen_[vertex];  // kind, round
        if (!here.empty() && here.front().second != round_) here.clear();
        for (const auto& [known, round] : here)
            if (known == node.kind) return false;
        if (node.hop) {
            const std::uint32_t input = node.hop->step.input, before = nodes_[node.parent].at;
            if (!time_.can(times_[before], input)) return false;
            node.at = static_cast<std::uint32_t>(times_.size());
            times_.push_back(time_.after(times_[before], node.hop->step.edge));
        }
        here.emplace_back(node.kind, round_);
        return true;
    }

    void expand(std::uint32_t number) {
        const std::uint32_t cost = nodes_[number].cost;
        for (const WalkHops::Hop& hop : hops_.of(at(number).vertex)) {
            buckets_[cost + hop.cost].push_back(static_cast<std::uint32_t>(nodes_.size()));
            nodes_.push_back({&hop, number, cost + hop.cost, hop.kind, none});
        }
    }

    TimedSteps& time_;
    WalkHops& hops_;
    std::vector<Node> nodes_;
    std::vector<TimedVertex> times_;
    std::map<std::uint32_t, std::vector<std::uint32_t>> buckets_;
    std::vector<std::uint32_t> now_;  // the bucket at hand
    std::size_t next_ = 0;            // in it
    std::uint32_t open_ = none;       // visited, its ways out not looked at yet
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> seen_;
    std::uint32_t round_ = 0;
};

// Who takes walks, one after the other, and keeps which goals they have reached.
class Walker {
public:
    Walker(const TesterGraph& graph, Goals& goals, const WalkOptions& options)
        : graph_(graph), goals_(goals), options_(options), patience_(options.stop),
          time_(graph, options.longest_wait_us), reached_(goals.size()), left_(goals.size()) {}

protected:
    void begin() {
        at_ = time_.start();
        kind_ = 0;
        ended_ = false;
    }

    void reach(std::uint32_t goal, Walk& walk) {
        reached_[goal] = true;
        --left_;
        walk.goals.push_back(goal);
    }

    void take(const WalkStep& step, Walk& walk) {
        for (const Goals::Offer& offer : goals_.offers(step.vertex, kind_)) {
            if (offer.input == step.input && !offer.sequel && !reached_[offer.goal]) reach(offer.goal, walk);
        }
        kind_ = goals_.kind(step.vertex, step.edge);
        if (step.late) at_ = time_.late(at_).value();
        at_ = time_.after(at_, step.edge);
        ended_ = ended_ || (!graph_.is_settled(step.vertex, step.input) && !walk.goals.empty());
        walk.steps.push_back(step);
    }

    const TesterGraph& graph_;
    Goals& goals_;
    const WalkOptions& options_;
    Patience patience_;
    TimedSteps time_;
    std::vector<bool> reached_;
    std::size_t left_;
    TimedVertex at_;          // where the walk at hand is
    std::uint32_t kind_ = 0;  // of its last step
    bool ended_ = false;      // it cannot go on
};

}  // namespace lastack
