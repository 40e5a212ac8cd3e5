#include "checker/suites/random_walks.h"

#include <algorithm>
#include <tuple>

namespace lastack {

namespace {

constexpr std::size_t drawn = 4;              // inputs of which the one that was seen least is taken
constexpr std::uint32_t choice_handicap = 8;  // an input that leaves a choice counts as seen so much more often
constexpr std::size_t late_one_in = 8, leave_closed_one_in = 2;

}  // namespace

RandomWalks::RandomWalks(const TesterGraph& graph, const RandomWalkOptions& options)
    : graph_(graph), options_(options), time_(graph, options.longest_wait_us), dice_(options.seed),
      seen_(graph.reactions().size()) {}

bool RandomWalks::is_open(std::uint32_t input, std::int64_t waited_us) const {
    if (!time_.can(at_, input)) return false;
    if (!graph_.is_timer(input)) return true;
    const std::int64_t most = options_.most_waiting_us - waited_us;
    return std::all_of(at_.timers.begin(), at_.timers.end(),
                       [&](const RunningTimer& one) { return one.low > time_.first_end(at_) || one.high <= most; });
}

// A kind first, or segments, which are many, would leave no turn to calls and timers.
std::optional<std::uint32_t> RandomWalks::draw(std::int64_t waited_us) {
    std::vector<std::uint32_t> calls, timers, segments;
    for (const LtsEdge& edge : graph_.lts().edges(at_.vertex)) {
        auto& kind = graph_.is_call(edge.input) ? calls : graph_.is_timer(edge.input) ? timers : segments;
        if (!kind.empty() && kind.back() == edge.input) continue;
        if (is_open(edge.input, waited_us)) kind.push_back(edge.input);
    }
    std::vector<const std::vector<std::uint32_t>*> kinds;
    for (const auto* kind : {&calls, &timers, &segments, &segments})  // segments twice as often
        if (!kind->empty()) kinds.push_back(kind);
    if (kinds.empty()) return std::nullopt;
    const std::vector<std::uint32_t>& kind = *kinds[lot(kinds.size())];
    std::uint32_t best = 0, least = ~0U;
    for (std::size_t i = 0; i < drawn; ++i) {
        const std::uint32_t input = kind[lot(kind.size())];
        const std::uint32_t seen = seen_[graph_.reaction(graph_.block(at_.vertex), input).value()] +
                                   (graph_.is_settled(at_.vertex, input) ? 0 : choice_handicap);
        if (seen < least) std::tie(best, least) = std::tuple(input, seen);
    }
    return best;
}

std::uint32_t RandomWalks::member_of_class(std::uint32_t first) {
    const EndpointLts::Classes& classes = graph_.lts().classes(at_.vertex);
    const auto size = static_cast<std::size_t>(std::count(classes.begin(), classes.end(), first));
    std::size_t left = lot(size);
    for (std::uint32_t input = first; input < classes.size(); ++input)
        if (classes[input] == first && left-- == 0) return input;
    return first;
}

void RandomWalks::take(const WalkStep& step, Walk& walk) {
    if (step.late) at_ = time_.late(at_).value();
    at_ = time_.after(at_, step.edge);
    walk.steps.push_back(step);
}

Walk RandomWalks::next() {
    Walk walk;
    at_ = time_.start();
    std::int64_t waited_us = 0;
    const std::size_t length = 1 + lot(options_.longest);
    while (walk.steps.size() < length) {
        if (graph_.lts().control_state(at_.vertex) == "CLOSED" && !walk.steps.empty() && lot(leave_closed_one_in) == 0)
            break;
        const std::optional<std::uint32_t> input = draw(waited_us);
        if (!input) break;
        WalkStep step{at_.vertex, *input, graph_.planned(at_.vertex, *input), false};
        if (!graph_.is_settled(at_.vertex, *input)) {
            const auto edges = graph_.lts().edges(at_.vertex, *input);
            step.edge = edges[lot(edges.size())];
        }
        const std::int64_t first_end = time_.first_end(at_);
        if (graph_.is_timer(*input)) {
            waited_us += first_end;
        } else {
            if (options_.alike) step.input = member_of_class(*input);
            step.late = first_end > 0 && first_end <= options_.most_waiting_us - waited_us && time_.late(at_) &&
                        lot(late_one_in) == 0;
            if (step.late) waited_us += first_end;
        }
        const std::uint32_t reaction = graph_.reaction(graph_.block(at_.vertex), *input).value();
        walked_ += seen_[reaction]++ == 0;
        take(step, walk);
    }
    return walk;
}

std::vector<WalkInput> RandomWalks::inputs_of(const Walk& walk) {
    std::vector<WalkInput> inputs;
    for (const WalkStep& step : walk.steps) inputs.push_back({step.input, step.late, step.edge.observation});
    return inputs;
}

std::optional<Walk> RandomWalks::along(const std::vector<WalkInput>& inputs) {
    Walk walk;
    at_ = time_.start();
    for (const WalkInput& next : inputs) {
        const std::optional<TimedVertex> then = next.late ? time_.late(at_) : at_;
        if (!then || !time_.can(*then, next.input)) return std::nullopt;
        const auto edges = graph_.lts().edges(at_.vertex, next.input);
        const auto course = std::find_if(edges.begin(), edges.end(),
                                         [&](const LtsEdge& edge) { return edge.observation == next.seen; });
        const bool follows = course == edges.end() || graph_.is_settled(at_.vertex, next.input);
        const LtsEdge& edge = follows ? graph_.planned(at_.vertex, next.input) : *course;
        take({at_.vertex, next.input, edge, next.late}, walk);
    }
    return walk;
}

}  // namespace lastack
