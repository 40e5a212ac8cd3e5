#include "checker/suites/timed_walk.h"

#include <algorithm>

namespace lastack {

RunningTimer TimedSteps::started(int timer, int doublings) const {
    const RunTime time = run_time(graph_.lts().profile().timers[static_cast<std::size_t>(timer)], doublings);
    return {timer, doublings, time.earliest_us, time.latest_us};
}

TimedVertex TimedSteps::start() const {
    TimedVertex first;
    const EndpointLts& lts = graph_.lts();
    for (const TimerStart& one : timers_at_start(lts.profile(), lts.limits(), lts.state(0)).started)
        first.timers.push_back(started(one.timer, 0));
    return first;
}

bool TimedSteps::can(const TimedVertex& at, std::uint32_t input) const {
    const std::uint32_t block = graph_.block(at.vertex);
    if (!graph_.reaction(block, input)) return false;
    const int own = graph_.is_timer(input) ? timer_of(input) : -1;
    std::int64_t mine = act_us;  // the latest moment of what is to come next
    for (const RunningTimer& running : at.timers) {
        if (running.timer == own) mine = running.high + apart_us;
    }
    // A tester that acts comes before a timer that may end later; one that waits must know which is first.
    const auto is_late = [&](const RunningTimer& other) { return own < 0 ? other.high < mine : other.low < mine; };
    const auto first_timer = static_cast<std::uint32_t>(graph_.alphabet().calls);
    for (std::uint32_t i = first_timer; i < first_timer + graph_.alphabet().timers; ++i) {
        if (i == input || !graph_.reaction(block, i)) continue;  // a timer that runs and whose end nobody takes waits
        const int timer = timer_of(i);
        for (const RunningTimer& other : at.timers)
            if (other.timer == timer && is_late(other)) return false;
    }
    return true;
}

const TimerChanges& TimedSteps::changes(std::uint32_t vertex, const LtsEdge& edge) {
    const auto [place, fresh] = changes_.try_emplace({vertex, edge.input, edge.to, edge.label});
    if (fresh) {
        const EndpointLts& lts = graph_.lts();
        Reaction reaction;
        reaction.after = lts.state(edge.to);
        reaction.started = lts.started(edge);
        place->second =
            timer_changes(lts.profile(), lts.limits(), lts.state(vertex), lts.own_input(edge.input), reaction);
    }
    return place->second;
}

TimedVertex TimedSteps::after(const TimedVertex& at, const LtsEdge& edge) {
    const TimerChanges& change = changes(at.vertex, edge);
    const int expired = graph_.is_timer(edge.input) ? timer_of(edge.input) : -1;
    std::int64_t least = 0, most = 0;  // of the time that passes
    int doublings = 0;
    for (const RunningTimer& running : at.timers) {
        if (running.timer == expired)
            std::tie(least, most, doublings) = std::tuple(running.low, running.high, running.doublings);
    }
    TimedVertex next{edge.to, {}};
    const auto is_started = [&](int timer) {
        return std::find_if(change.started.begin(), change.started.end(),
                            [&](const TimerStart& one) { return one.timer == timer; });
    };
    for (const RunningTimer& running : at.timers) {
        const bool stopped =
            std::find(change.stopped.begin(), change.stopped.end(), running.timer) != change.stopped.end();
        if (stopped || running.timer == expired || is_started(running.timer) != change.started.end()) continue;
        next.timers.push_back({running.timer, running.doublings, std::max<std::int64_t>(running.low - most, 0),
                               std::max<std::int64_t>(running.high - least, 0)});
    }
    for (const TimerStart& one : change.started)
        next.timers.push_back(started(one.timer, one.out_of_expiry ? doublings + 1 : 0));
    std::sort(next.timers.begin(), next.timers.end());
    return next;
}

}  // namespace lastack
