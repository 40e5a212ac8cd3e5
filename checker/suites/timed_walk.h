// A walk through a tester's graph in time: which timers run, for how long still, and so what can come next.
//
// The graph knows which timers run, not since when. A tester acts at once (it needs a millisecond), or waits until the
// first timer ends. So of the timers that run only the first can be waited for, and none that ends at once leaves time
// to act. How long a timer still runs is kept as an interval; who makes a vector of the walk (generators/project.h)
// keeps more exact account and has the last word. All times are microseconds.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "checker/suites/tester_graph.h"
#include "model/timekeeper.h"

namespace lastack {

struct RunningTimer {
    int timer = 0;  // index into Profile::timers
    int doublings = 0;
    std::int64_t low = 0, high = 0;  // it ends so long from now
    auto operator<=>(const RunningTimer&) const = default;
};

struct TimedVertex {
    std::uint32_t vertex = 0;
    std::vector<RunningTimer> timers;  // by index
    auto operator<=>(const TimedVertex&) const = default;
};

class TimedSteps {
public:
    // A timer can be waited for where it ends by this much before every other one.
    static constexpr std::int64_t apart_us = 60'000;
    static constexpr std::int64_t act_us = 2'000;  // what a tester needs to act
    // Who acts as late as possible comes so long before the first timer may end, and lets no less than that pass.
    static constexpr std::int64_t late_us = 100'000;

    static constexpr std::int64_t any_wait = std::int64_t{1} << 50;

    // `longest_wait_us`: for a timer, or before one; 0: none.
    explicit TimedSteps(const TesterGraph& graph, std::int64_t longest_wait_us = any_wait);

    TimedVertex start() const;
    // Has the input a reaction there, and is it its turn in time?
    bool can(const TimedVertex& at, std::uint32_t input) const;
    // `edge` is one of at.vertex, for an input that it can take.
    TimedVertex after(const TimedVertex& at, const LtsEdge& edge);
    // What the step does to the timers. Valid until it is asked about another step of that vertex.
    const TimerChanges& changes(std::uint32_t vertex, const LtsEdge& edge);
    // As late as the timers allow; nothing where they leave no time to speak of, or none runs.
    std::optional<TimedVertex> late(const TimedVertex& at) const;
    // When the first timer may end; -1: none does.
    std::int64_t first_end(const TimedVertex& at) const;

private:
    // Of the timers that run, those whose end a rule takes.
    template <class Use>
    void each_ending(const TimedVertex& at, Use use) const;
    RunningTimer started(int timer, int doublings) const;
    int timer_of(std::uint32_t input) const { return timer_of_[input - graph_.alphabet().calls]; }

    const TesterGraph& graph_;
    std::int64_t longest_wait_us_;
    std::vector<int> timer_of_;          // by input, counted from the first timer: index into Profile::timers
    std::vector<std::uint64_t> ending_;  // by block: timers whose end a rule takes
    std::vector<std::vector<std::pair<LtsEdge, TimerChanges>>> changes_;  // by vertex
};

}  // namespace lastack
