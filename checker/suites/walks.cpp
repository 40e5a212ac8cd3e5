#include "checker/suites/walks.h"

#include <algorithm>
#include <array>
#include <map>

namespace lastack {

namespace {

constexpr std::uint32_t none = ~0U;
constexpr std::uint32_t wait_cost = 20, choice_cost = 400;

// Ways out of each vertex, one for each target and kind: the cheapest.
class Hops {
public:
    struct Hop {
        std::uint32_t cost = 0, kind = 0;
        WalkStep step;
    };

    Hops(const TesterGraph& graph, Goals* goals, bool waits) : graph_(graph), goals_(goals), waits_(waits) {
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
class Search {
public:
    Search(const TesterGraph& graph, TimedSteps& time, Hops& hops) : time_(time), hops_(hops) {
        seen_.resize(graph.size());
    }

    struct Node {
        TimedVertex at;
        std::uint32_t parent = none, kind = 0, cost = 0;
        WalkStep step;
    };

    // Visits nodes in the order of their costs, until `wanted` takes one; its number, or none.
    template <class Wanted>
    std::uint32_t run(const TimedVertex& from, std::uint32_t kind, std::uint32_t most_cost, Wanted wanted) {
        nodes_.assign(1, {from, none, kind, 0, {}});
        ++round_;
        buckets_.clear();
        buckets_[0].push_back(0);
        while (!buckets_.empty()) {
            const std::vector<std::uint32_t> now = std::move(buckets_.begin()->second);
            const std::uint32_t cost = buckets_.begin()->first;
            buckets_.erase(buckets_.begin());
            if (cost > most_cost) break;
            for (const std::uint32_t node : now) {
                if (!fresh(nodes_[node].at.vertex, nodes_[node].kind)) continue;
                if (wanted(node)) return node;
                expand(node);
            }
        }
        return none;
    }

    std::vector<WalkStep> path(std::uint32_t node) const {
        std::vector<WalkStep> steps;
        for (; nodes_[node].parent != none; node = nodes_[node].parent) steps.push_back(nodes_[node].step);
        std::reverse(steps.begin(), steps.end());
        return steps;
    }
    const Node& node(std::uint32_t number) const { return nodes_[number]; }

private:
    bool fresh(std::uint32_t vertex, std::uint32_t kind) {
        std::vector<std::pair<std::uint32_t, std::uint32_t>>& here = seen_[vertex];  // kind, round
        if (!here.empty() && here.front().second != round_) here.clear();
        for (const auto& [known, round] : here)
            if (known == kind) return false;
        here.emplace_back(kind, round_);
        return true;
    }

    void expand(std::uint32_t number) {
        const TimedVertex at = nodes_[number].at;  // a copy: the vector grows
        const std::uint32_t cost = nodes_[number].cost;
        for (const Hops::Hop& hop : hops_.of(at.vertex)) {
            if (!time_.can(at, hop.step.input)) continue;
            Node next;
            next.at = time_.after(at, hop.step.edge);
            next.parent = number;
            next.kind = hop.kind;
            next.cost = cost + hop.cost;
            next.step = hop.step;
            buckets_[next.cost].push_back(static_cast<std::uint32_t>(nodes_.size()));
            nodes_.push_back(std::move(next));
        }
    }

    TimedSteps& time_;
    Hops& hops_;
    std::vector<Node> nodes_;
    std::map<std::uint32_t, std::vector<std::uint32_t>> buckets_;
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> seen_;
    std::uint32_t round_ = 0;
};

class Planner {
public:
    Planner(const TesterGraph& graph, Goals& goals, const WalkOptions& options)
        : graph_(graph), goals_(goals), options_(options), patience_(options.stop), time_(graph),
          hops_(graph, &goals, options.waits), search_(graph, time_, hops_), reached_(goals.size()),
          left_(goals.size()) {}

    Walks run() {
        Walks result;
        while (left_ > 0) {
            Walk walk = next_walk();
            if (walk.goals.empty()) break;
            result.walks.push_back(std::move(walk));
        }
        for (std::uint32_t goal = 0; goal < goals_.size(); ++goal)
            if (!reached_[goal]) result.missed.push_back(goal);
        return result;
    }

private:
    Walk next_walk() {
        Walk walk;
        at_ = time_.start();
        kind_ = 0;
        ended_ = false;
        // On the way to a first goal everything counts; behind it, only what is nearer than the start would be.
        while (!ended_ && walk.steps.size() < options_.longest) {
            patience_();
            const std::uint32_t most = walk.steps.empty() ? none - 1 : wait_cost * 2;
            const std::uint32_t found = search_.run(at_, kind_, most, [&](std::uint32_t node) {
                return offered(search_.node(node).at, search_.node(node).kind) != nullptr;
            });
            if (found == none) break;
            for (const WalkStep& step : search_.path(found))
                if (!ended_) take(step, walk);
            if (!ended_) take_offer(walk);
        }
        return walk;
    }

    // A goal that was not reached before, of those that the time allows.
    const Goals::Offer* offered(const TimedVertex& at, std::uint32_t kind) {
        for (const Goals::Offer& offer : goals_.offers(at.vertex, kind)) {
            if (reached_[offer.goal] || (!options_.waits && graph_.is_timer(offer.input))) continue;
            if (time_.can(at, offer.input)) return &offer;
        }
        return nullptr;
    }

    void take_offer(Walk& walk) {
        const Goals::Offer* offer = offered(at_, kind_);
        if (!offer) return;
        const WalkStep step{at_.vertex, offer->input, graph_.planned(at_.vertex, offer->input)};
        take(step, walk);
    }

    void take(const WalkStep& step, Walk& walk) {
        for (const Goals::Offer& offer : goals_.offers(step.vertex, kind_)) {
            if (offer.input != step.input || reached_[offer.goal]) continue;
            reached_[offer.goal] = true;
            --left_;
            walk.goals.push_back(offer.goal);
        }
        kind_ = goals_.kind(step.vertex, step.edge);
        at_ = time_.after(at_, step.edge);
        ended_ = ended_ || (!graph_.is_settled(step.vertex, step.input) && !walk.goals.empty());
        walk.steps.push_back(step);
    }

    const TesterGraph& graph_;
    Goals& goals_;
    const WalkOptions& options_;
    Patience patience_;
    TimedSteps time_;
    Hops hops_;
    Search search_;
    std::vector<bool> reached_;
    std::size_t left_;
    TimedVertex at_;
    std::uint32_t kind_ = 0;
    bool ended_ = false;
};

}  // namespace

Walks walks_to(const TesterGraph& graph, Goals& goals, const WalkOptions& options) {
    return Planner(graph, goals, options).run();
}

std::vector<std::optional<Walk>> access_walks(const TesterGraph& graph, const WalkOptions& options) {
    TimedSteps time(graph);
    Hops hops(graph, nullptr, options.waits);
    Search search(graph, time, hops);
    std::vector<std::optional<Walk>> walks(graph.blocks());
    search.run(time.start(), 0, none - 1, [&](std::uint32_t node) {
        std::optional<Walk>& walk = walks[graph.block(search.node(node).at.vertex)];
        if (!walk) walk = Walk{search.path(node), {}};
        return false;
    });
    return walks;
}

}  // namespace lastack
