#include "checker/suites/walks.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

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

    Hops(const TesterGraph& graph, Goals* goals, const WalkOptions& options)
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
class Search {
public:
    Search(const TesterGraph& graph, TimedSteps& time, Hops& hops) : time_(time), hops_(hops) {
        seen_.resize(graph.size());
    }

    struct Node {
        const Hops::Hop* hop = nullptr;  // null: the start
        std::uint32_t parent = none, cost = 0, kind = 0;
        std::uint32_t at = none;  // where in time, once it was visited
    };
    const TimedVertex& at(std::uint32_t node) const { return times_[nodes_[node].at]; }
    std::uint32_t kind(std::uint32_t node) const { return nodes_[node].kind; }

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
        for (const Hops::Hop& hop : hops_.of(at(number).vertex)) {
            buckets_[cost + hop.cost].push_back(static_cast<std::uint32_t>(nodes_.size()));
            nodes_.push_back({&hop, number, cost + hop.cost, hop.kind, none});
        }
    }

    TimedSteps& time_;
    Hops& hops_;
    std::vector<Node> nodes_;
    std::vector<TimedVertex> times_;
    std::map<std::uint32_t, std::vector<std::uint32_t>> buckets_;
    std::vector<std::uint32_t> now_;  // the bucket at hand
    std::size_t next_ = 0;            // in it
    std::uint32_t open_ = none;       // visited, its ways out not looked at yet
    std::vector<std::vector<std::pair<std::uint32_t, std::uint32_t>>> seen_;
    std::uint32_t round_ = 0;
};

class Planner {
public:
    Planner(const TesterGraph& graph, Goals& goals, const WalkOptions& options)
        : graph_(graph), goals_(goals), options_(options), patience_(options.stop),
          time_(graph, options.longest_wait_us), hops_(graph, &goals, options), from_start_(graph, time_, hops_),
          search_(graph, time_, hops_), reached_(goals.size()), left_(goals.size()) {
        from_start_.begin(time_.start(), 0);
        nearest_ = from_start_.next(none - 1);
    }

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
            Search& search = walk.steps.empty() ? from_start_ : search_;
            const std::uint32_t found = walk.steps.empty() ? nearest_to_start() : nearest();
            if (found == none) break;
            for (const WalkStep& step : search.path(found))
                if (!ended_) take(step, walk);
            if (!ended_) take_offer(walk);
        }
        return walk;
    }

    bool is_wanted(const Search& search, std::uint32_t node) {
        return offered(search.at(node), search.kind(node)) != nullptr;
    }
    // A node without a new goal never has one again: the search from the start goes on where the last walk's stopped.
    std::uint32_t nearest_to_start() {
        while (nearest_ != none && !is_wanted(from_start_, nearest_)) nearest_ = from_start_.next(none - 1);
        return nearest_;
    }
    std::uint32_t nearest() {
        search_.begin(at_, kind_);
        std::uint32_t node = search_.next(wait_cost * 2);
        while (node != none && !is_wanted(search_, node)) node = search_.next(wait_cost * 2);
        return node;
    }

    // A goal that was not reached before, of those that the time allows.
    const Goals::Offer* offered(const TimedVertex& at, std::uint32_t kind) {
        for (const Goals::Offer& offer : goals_.offers(at.vertex, kind)) {
            if (!reached_[offer.goal] && is_possible(at, offer)) return &offer;
        }
        return nullptr;
    }

    bool is_possible(const TimedVertex& at, const Goals::Offer& offer) {
        if (!offer.sequel) return time_.can(at, offer.input);
        TimedVertex now = at;
        bool possible = go(now, {offer.input, offer.sequel->late});
        for (const Goals::Planned& next : offer.sequel->steps) possible = possible && go(now, next);
        return possible && (offer.sequel->look_us == 0 || is_quiet(now, offer.sequel->look_us));
    }
    // A step of a sequel.
    bool go(TimedVertex& at, const Goals::Planned& next) {
        if (next.late) {
            const std::optional<TimedVertex> later = time_.late(at);
            if (!later) return false;
            at = *later;
        }
        if (!time_.can(at, next.input) || !graph_.is_settled(at.vertex, next.input)) return false;
        at = time_.after(at, graph_.planned(at.vertex, next.input));
        return true;
    }
    // No timer ends for so long.
    bool is_quiet(const TimedVertex& at, std::int64_t look_us) const {
        const std::int64_t first = time_.first_end(at);
        return look_us <= options_.longest_wait_us && (first < 0 || first > look_us + TimedSteps::apart_us);
    }

    void take_offer(Walk& walk) {
        const Goals::Offer* offer = offered(at_, kind_);
        if (!offer) return;
        const Goals::Offer chosen = *offer;
        if (!chosen.sequel) return take(next_step(chosen.input, false), walk);
        take(next_step(chosen.input, chosen.sequel->late), walk);
        for (const Goals::Planned& next : chosen.sequel->steps)
            if (!ended_) take(next_step(next.input, next.late), walk);
        if (reached_[chosen.goal]) return;
        reach(chosen.goal, walk);
        if (chosen.sequel->look_us == 0) return;
        walk.look_us = chosen.sequel->look_us;
        ended_ = true;
    }
    WalkStep next_step(std::uint32_t input, bool late) const {
        return {at_.vertex, input, graph_.planned(at_.vertex, input), late};
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
    Hops hops_;
    Search from_start_, search_;
    std::uint32_t nearest_ = none;  // to the start, of the nodes that may have a new goal
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
    TimedSteps time(graph, options.longest_wait_us);
    Hops hops(graph, nullptr, options);
    Search search(graph, time, hops);
    std::vector<std::optional<Walk>> walks(graph.blocks());
    search.begin(time.start(), 0);
    for (std::uint32_t node = search.next(none - 1); node != none; node = search.next(none - 1)) {
        std::optional<Walk>& walk = walks[graph.block(search.at(node).vertex)];
        if (!walk) walk = Walk{search.path(node), {}};
    }
    return walks;
}

}  // namespace lastack
