// Idea: one breadth-first walk over the region gives the numbers, the distances and the rows of the edges at once,
// since rows are written in the order in which vertices are numbered. Steps are made again by expansion.
// Cost: one expansion of each state. A vertex takes 20 bytes, an edge 6; during the walk 4 more bytes a state, the
// index, and 24 for each vertex that waits.
#include "checker/claims/state_graph.h"

#include <algorithm>
#include <deque>
#include <utility>

#include "checker/engine/state_index.h"

namespace lastack {

namespace {

class RegionWalk {
public:
    RegionWalk(System& system, const Explorer& explorer, const StateIndex& index, Requirements& requirements,
               const RegionLimits& limits)
        : system_(system), explorer_(explorer), requirements_(requirements), limits_(limits), index_(index),
          vertex_(explorer.size(), Entry::none) {}

    StateGraph run(const std::vector<Entry>& entries, const Bounds& bounds) {
        graph_.fair.first.push_back(0);
        auto entry = entries.begin();
        // An entry takes its number before anything that lies farther away.
        const auto take_entries = [&](std::uint32_t depth) {
            for (; entry != entries.end() && entry->depth <= depth; ++entry) {
                if (vertex_[entry->state] == Entry::none)
                    number(entry->state, explorer_.state(entry->state), Entry::none, entry->depth);
            }
        };
        for (std::uint32_t v = 0; v < graph_.state.size() || entry != entries.end();) {
            if (v == graph_.state.size()) {
                take_entries(entry->depth);
                continue;
            }
            take_entries(graph_.distance[v] + 1);
            if (v % 8192 == 0 && bounds.stop && bounds.stop()) return stopped("interrupted");
            expand(v++);
            if (graph_.end && limits_.stop_at_end) break;
            if (graph_.fair.target.size() > limits_.max_edges) return stopped("too many steps to keep in memory");
        }
        graph_.fair.enabled = requirements_.enabled();
        graph_.fair.met = requirements_.met();
        graph_.fair.weak = requirements_.weak();
        graph_.fair.strong = requirements_.strong();
        return std::move(graph_);
    }

private:
    StateGraph stopped(const char* why) {
        graph_.incomplete = why;
        return std::move(graph_);
    }

    void number(std::uint32_t state, const SystemState& itself, std::uint32_t parent, std::uint32_t distance) {
        waiting_.push_back(itself);
        vertex_[state] = static_cast<std::uint32_t>(graph_.state.size());
        graph_.state.push_back(state);
        graph_.parent.push_back(parent);
        graph_.distance.push_back(distance);
    }

    void expand(std::uint32_t v) {
        const SystemState before = waiting_.front();
        waiting_.pop_front();
        const std::uint64_t cuts = system_.cuts();
        bool ends = true;
        row_.clear();
        system_.expand(before, [&](const SystemState& next, const SystemStep& step) {
            ends = false;
            if (limits_.allows_step && !limits_.allows_step(before, next, step)) return;
            const std::uint32_t state = index_.at(next);
            if (!limits_.allowed[state]) return;
            if (vertex_[state] == Entry::none) number(state, next, v, graph_.distance[v] + 1);
            row_.emplace_back(vertex_[state], class_into(state, step, limits_, requirements_));
        });
        const bool counts = limits_.visited.empty() || limits_.visited[graph_.state[v]];
        if (ends && counts && system_.cuts() == cuts && !graph_.end) graph_.end = v;
        std::sort(row_.begin(), row_.end());
        row_.erase(std::unique(row_.begin(), row_.end()), row_.end());
        for (const auto& [target, edge_class] : row_) {
            graph_.fair.target.push_back(target);
            graph_.fair.edge_class.push_back(edge_class);
        }
        graph_.fair.first.push_back(static_cast<std::uint32_t>(graph_.fair.target.size()));
        graph_.fair.vertex_class.push_back(requirements_.class_of(before));
    }

    System& system_;
    const Explorer& explorer_;
    Requirements& requirements_;
    const RegionLimits& limits_;
    const StateIndex& index_;
    std::vector<std::uint32_t> vertex_;  // by the explorer's index
    std::deque<SystemState> waiting_;    // numbered, and not yet expanded
    std::vector<std::pair<std::uint32_t, std::uint16_t>> row_;
    StateGraph graph_;
};

}  // namespace

std::uint16_t class_into(std::uint32_t state, const SystemStep& step, const RegionLimits& limits,
                         Requirements& requirements) {
    const std::uint16_t own = requirements.class_of(step);
    return !limits.visited.empty() && limits.visited[state] ? requirements.meeting_visit(own) : own;
}

StateGraph state_graph(System& system, const Explorer& explorer, const StateIndex& index, Requirements& requirements,
                       const std::vector<Entry>& entries, const RegionLimits& limits, const Bounds& bounds) {
    return RegionWalk(system, explorer, index, requirements, limits).run(entries, bounds);
}

}  // namespace lastack
