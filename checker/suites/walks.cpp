#include "checker/suites/walks.h"

#include <optional>

#include "checker/suites/walk_search.h"

namespace lastack {

namespace {

constexpr std::uint32_t none = WalkSearch::none;

class Planner : Walker {
public:
    Planner(const TesterGraph& graph, Goals& goals, const WalkOptions& options)
        : Walker(graph, goals, options), hops_(graph, &goals, options), from_start_(graph, time_, hops_),
          search_(graph, time_, hops_) {
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
        begin();
        // On the way to a first goal everything counts; behind it, only what is nearer than the start would be.
        while (!ended_ && walk.steps.size() < options_.longest) {
            patience_();
            WalkSearch& search = walk.steps.empty() ? from_start_ : search_;
            const std::uint32_t found = walk.steps.empty() ? nearest_to_start() : nearest();
            if (found == none) break;
            for (const WalkStep& step : search.path(found))
                if (!ended_) take(step, walk);
            if (!ended_) take_offer(walk);
        }
        return walk;
    }

    bool is_wanted(const WalkSearch& search, std::uint32_t node) {
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

    WalkHops hops_;
    WalkSearch from_start_, search_;
    std::uint32_t nearest_ = none;  // to the start, of the nodes that may have a new goal
};

}  // namespace

Walks walks_to(const TesterGraph& graph, Goals& goals, const WalkOptions& options) {
    return Planner(graph, goals, options).run();
}

std::vector<std::optional<Walk>> access_walks(const TesterGraph& graph, const WalkOptions& options) {
    TimedSteps time(graph, options.longest_wait_us);
    WalkHops hops(graph, nullptr, options);
    WalkSearch search(graph, time, hops);
    std::vector<std::optional<Walk>> walks(graph.blocks());
    search.begin(time.start(), 0);
    for (std::uint32_t node = search.next(none - 1); node != none; node = search.next(none - 1)) {
        std::optional<Walk>& walk = walks[graph.block(search.at(node).vertex)];
        if (!walk) walk = Walk{search.path(node), {}};
    }
    return walks;
}

}  // namespace lastack
