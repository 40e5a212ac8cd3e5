#include "checker/suites/siblings.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "checker/suites/cover.h"

namespace lastack {

namespace {

bool same_course(const LtsEdge& one, const LtsEdge& other) {
    return one.to == other.to && one.observation == other.observation;
}

class Varied {
public:
    Varied(const TesterGraph& graph, TimedSteps& time, const Walk& walk) : graph_(graph), time_(time), walk_(walk) {}

    std::size_t first_choice() const {
        std::size_t i = 0;
        while (i < walk_.steps.size() && graph_.is_settled(walk_.steps[i].vertex, walk_.steps[i].input)) ++i;
        return i;
    }

    // The walk with another course at its first choice, and then the same inputs as far as time and the endpoint allow;
    // before that a timer is waited for, where its end leads to where the walk was.
    Walk along(std::size_t choice, const LtsEdge& other) {
        varied_ = {};
        at_ = time_.start();
        for (std::size_t i = 0; i < choice; ++i) take(walk_.steps[i], walk_.steps[i].edge);
        take(walk_.steps[choice], other);
        come_back_to(walk_.steps[choice].edge.to);
        for (std::size_t i = choice + 1; i < walk_.steps.size(); ++i) {
            const WalkStep& step = walk_.steps[i];
            const std::optional<TimedVertex> then = step.late ? time_.late(at_) : at_;
            if (!then || !time_.can(*then, step.input)) return std::move(varied_);
            take(step, course(at_.vertex, step.input, other));
        }
        varied_.look_us = walk_.look_us;
        return std::move(varied_);
    }

private:
    void take(const WalkStep& step, const LtsEdge& edge) {
        if (step.late) at_ = time_.late(at_).value();
        varied_.steps.push_back({at_.vertex, step.input, edge, step.late});
        at_ = time_.after(at_, edge);
    }

    void come_back_to(std::uint32_t vertex) {
        for (std::uint32_t input = 0; input < graph_.alphabet().inputs.size(); ++input) {
            if (!graph_.is_timer(input) || !time_.can(at_, input) || !graph_.is_settled(at_.vertex, input)) continue;
            const LtsEdge& edge = graph_.planned(at_.vertex, input);
            if (edge.to == vertex) return take({at_.vertex, input, edge, false}, edge);
        }
    }

    const LtsEdge& course(std::uint32_t vertex, std::uint32_t input, const LtsEdge& chosen) const {
        for (const LtsEdge& edge : graph_.lts().edges(vertex, input))
            if (edge.label == chosen.label) return edge;
        return graph_.planned(vertex, input);
    }

    const TesterGraph& graph_;
    TimedSteps& time_;
    const Walk& walk_;
    Walk varied_;
    TimedVertex at_;
};

}  // namespace

std::vector<Walk> siblings_of(const TesterGraph& graph, Goals& goals, TimedSteps& time, const Walk& walk) {
    Varied varied(graph, time, walk);
    const std::size_t choice = varied.first_choice();
    std::vector<Walk> siblings;
    if (choice == walk.steps.size()) return siblings;
    std::vector<LtsEdge> courses{walk.steps[choice].edge};
    for (const LtsEdge& edge : graph.lts().edges(walk.steps[choice].vertex, walk.steps[choice].input)) {
        if (std::any_of(courses.begin(), courses.end(), [&](const LtsEdge& one) { return same_course(one, edge); }))
            continue;
        courses.push_back(edge);
        Walk sibling = varied.along(choice, edge);
        sibling.goals = goals_reached(goals, sibling, choice);
        std::erase_if(sibling.goals, [&](std::uint32_t goal) {
            return std::find(walk.goals.begin(), walk.goals.end(), goal) == walk.goals.end();
        });
        if (!sibling.goals.empty()) siblings.push_back(std::move(sibling));
    }
    return siblings;
}

}  // namespace lastack
