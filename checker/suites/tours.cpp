#include "checker/suites/tours.h"

#include <algorithm>

#include "checker/suites/least_flow.h"
#include "checker/suites/walk_search.h"

namespace lastack {

namespace {

constexpr std::uint32_t no_step = WalkSearch::none;
constexpr std::size_t most_next = 24;  // steps that one is joined with, the nearest

// A step that is to be taken.
struct Wanted {
    WalkStep step;
    std::vector<WalkStep> access;  // the cheapest way to it
    std::uint32_t cost = 0;        // of that
    TimedVertex behind;
    std::vector<std::uint32_t> goals;
    bool goes_on = false;  // what follows is certain
};

struct Join {
    std::uint32_t from = 0, to = 0, cost = 0;
};

// Which wanted step follows which; no_step: a walk ends there.
std::vector<std::uint32_t> followers(const std::vector<Wanted>& wanted, const std::vector<Join>& joins) {
    const std::size_t count = wanted.size(), source = 2 * count, start = source + 1, sink = start + 1;
    LeastFlow flow(sink + 1);
    flow.add_arc(source, start, static_cast<long>(count), 0);
    for (std::size_t i = 0; i < count; ++i) {
        if (wanted[i].goes_on) flow.add_arc(source, i, 1, 0);
        flow.add_arc(start, count + i, 1, wanted[i].cost);
        flow.add_arc(count + i, sink, 1, 0);
    }
    std::vector<std::size_t> arcs;
    for (const Join& join : joins) arcs.push_back(flow.add_arc(join.from, count + join.to, 1, join.cost));
    flow.run(source, sink);
    std::vector<std::uint32_t> next(count, no_step);
    for (std::size_t i = 0; i < joins.size(); ++i)
        if (flow.used(arcs[i]) > 0) next[joins[i].from] = joins[i].to;
    return next;
}

// The first steps of all walks. Rounds are cut where it costs least.
std::vector<std::uint32_t> heads(const std::vector<Wanted>& wanted, std::vector<std::uint32_t>& next,
                                 const std::vector<Join>& joins) {
    std::vector<std::uint32_t> before(wanted.size(), no_step), heads;
    std::vector<bool> seen(wanted.size());
    for (std::uint32_t i = 0; i < next.size(); ++i)
        if (next[i] != no_step) before[next[i]] = i;
    const auto begin_at = [&](std::uint32_t head) {
        heads.push_back(head);
        for (std::uint32_t at = head; at != no_step && !seen[at]; at = next[at]) seen[at] = true;
    };
    for (std::uint32_t i = 0; i < next.size(); ++i)
        if (before[i] == no_step) begin_at(i);
    std::vector<std::uint32_t> join_cost(wanted.size());
    for (const Join& join : joins)
        if (next[join.from] == join.to) join_cost[join.to] = join.cost;
    const auto more = [&](std::uint32_t at) { return std::int64_t{wanted[at].cost} - join_cost[at]; };
    for (std::uint32_t i = 0; i < next.size(); ++i) {
        if (seen[i]) continue;
        std::uint32_t head = i;
        for (std::uint32_t at = next[i]; at != i; at = next[at])
            if (more(at) < more(head)) head = at;
        next[before[head]] = no_step;
        begin_at(head);
    }
    return heads;
}

class Postman : Walker {
public:
    Postman(const TesterGraph& graph, Goals& goals, const WalkOptions& options)
        : Walker(graph, goals, options), hops_(graph, nullptr, options), search_(graph, time_, hops_),
          wanted_at_(graph.size()) {
        begin();
    }

    Walks run(const Walks& greedy) {
        choose(greedy);
        const std::vector<Join> joins = find_joins();
        std::vector<std::uint32_t> next = followers(wanted_, joins);
        for (const std::uint32_t head : heads(wanted_, next, joins)) {
            for (std::uint32_t at = head; at != no_step; at = next[at]) {
                patience_();
                if (!is_reached(wanted_[at])) come_to(wanted_[at]);
            }
            end_walk();
        }
        for (std::uint32_t goal = 0; goal < goals_.size(); ++goal)
            if (!reached_[goal]) result_.missed.push_back(goal);
        return std::move(result_);
    }

private:
    // For each goal the step by which these walks reach it.
    void choose(const Walks& walks) {
        std::vector<bool> chosen(goals_.size());
        for (const Walk& walk : walks.walks) {
            for (const WalkStep& step : walk.steps) {
                std::vector<std::uint32_t> here;
                for (const Goals::Offer& offer : goals_.offers(step.vertex, 0))
                    if (offer.input == step.input && !offer.sequel && !chosen[offer.goal]) here.push_back(offer.goal);
                if (here.empty()) continue;
                for (const std::uint32_t goal : here) chosen[goal] = true;
                wanted_at_[step.vertex].push_back(static_cast<std::uint32_t>(wanted_.size()));
                wanted_.push_back({step, {}, 0, {}, std::move(here), graph_.is_settled(step.vertex, step.input)});
            }
        }
        find_access();
    }

    void find_access() {
        std::vector<bool> found(wanted_.size());
        std::size_t left = wanted_.size();
        search_.begin(time_.start(), 0);
        for (std::uint32_t node = search_.next(no_step - 1); node != no_step && left > 0;
             node = search_.next(no_step - 1)) {
            patience_();
            for (const std::uint32_t one : wanted_at_[search_.at(node).vertex]) {
                Wanted& wanted = wanted_[one];
                if (found[one] || !time_.can(search_.at(node), wanted.step.input)) continue;
                found[one] = true;
                --left;
                wanted.access = search_.path(node);
                wanted.cost = search_.cost(node);
                wanted.behind = time_.after(search_.at(node), wanted.step.edge);
            }
        }
    }

    std::vector<Join> find_joins() {
        std::uint32_t farthest = 0;
        for (const Wanted& one : wanted_) farthest = std::max(farthest, one.cost);
        std::vector<Join> joins;
        for (std::uint32_t from = 0; from < wanted_.size(); ++from) {
            if (!wanted_[from].goes_on) continue;
            patience_();
            const std::size_t before = joins.size();
            std::vector<bool> found(wanted_.size());
            search_.begin(wanted_[from].behind, 0);
            for (std::uint32_t node = search_.next(farthest); node != no_step && joins.size() < before + most_next;
                 node = search_.next(farthest)) {
                const TimedVertex& at = search_.at(node);
                for (const std::uint32_t to : wanted_at_[at.vertex]) {
                    if (to == from || found[to] || search_.cost(node) > wanted_[to].cost ||
                        !time_.can(at, wanted_[to].step.input))
                        continue;
                    found[to] = true;
                    joins.push_back({from, to, search_.cost(node)});
                }
            }
        }
        return joins;
    }

    bool is_reached(const Wanted& one) const {
        return std::all_of(one.goals.begin(), one.goals.end(), [&](std::uint32_t goal) { return reached_[goal]; });
    }

    // In the walk at hand, where that goes on and it is no nearer from the start.
    void come_to(const Wanted& one) {
        if (walk_.steps.empty() || walk_.steps.size() >= options_.longest || ended_ || !go_to(one)) {
            end_walk();
            for (const WalkStep& step : one.access) take(step, walk_);
        }
        if (!ended_) take(one.step, walk_);
    }
    bool go_to(const Wanted& one) {
        search_.begin(at_, 0);
        for (std::uint32_t node = search_.next(one.cost); node != no_step; node = search_.next(one.cost)) {
            if (search_.at(node).vertex != one.step.vertex || !time_.can(search_.at(node), one.step.input)) continue;
            for (const WalkStep& step : search_.path(node))
                if (!ended_) take(step, walk_);
            return !ended_;
        }
        return false;
    }

    void end_walk() {
        if (!walk_.goals.empty()) result_.walks.push_back(std::move(walk_));
        walk_ = {};
        begin();
    }

    WalkHops hops_;
    WalkSearch search_;
    std::vector<Wanted> wanted_;
    std::vector<std::vector<std::uint32_t>> wanted_at_;  // by vertex
    Walks result_;
    Walk walk_;
};

}  // namespace

Walks tours_to(const TesterGraph& graph, Goals& goals, const WalkOptions& options) {
    Walks greedy = walks_to(graph, goals, options);
    Walks tours = Postman(graph, goals, options).run(greedy);
    const bool fewer = tours.missed.size() < greedy.missed.size() ||
                       (tours.missed.size() == greedy.missed.size() && tours.steps() < greedy.steps());
    return std::move(fewer ? tours : greedy);
}

}  // namespace lastack
