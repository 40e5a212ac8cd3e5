#include "checker/suites/timed_walk.h"

#include <algorithm>

namespace lastack {

TimedSteps::TimedSteps(const TesterGraph& graph, std::int64_t longest_wait_us)
    : graph_(graph), longest_wait_us_(longest_wait_us), ending_(graph.blocks()), changes_(graph.size()) {
    const auto first = static_cast<std::uint32_t>(graph.alphabet().calls);
    for (std::uint32_t input = first; input < first + graph.alphabet().timers; ++input) {
        timer_of_.push_back(graph.lts().profile().timer(graph.lts().own_input(input).name));
        for (std::uint32_t block = 0; block < graph.blocks(); ++block)
            if (graph.reaction(block, input)) ending_[block] |= std::uint64_t{1} << timer_of_.back();
    }
}

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

template <class Use>
void TimedSteps::each_ending(const TimedVertex& at, Use use) const {
    const std::uint64_t ending = ending_[graph_.block(at.vertex)];  // a timer whose end nobody takes waits
    for (const RunningTimer& running : at.timers)
        if ((ending >> running.timer & 1U) != 0) use(running);
}

bool TimedSteps::can(const TimedVertex& at, std::uint32_t input) const {
    if (!graph_.reaction(graph_.block(at.vertex), input)) return false;
    const int own = graph_.is_timer(input) ? timer_of(input) : -1;
    std::int64_t mine = act_us;  // the latest moment of what is to come next
    for (const RunningTimer& running : at.timers) {
        if (running.timer != own) continue;
        if (running.high > longest_wait_us_) return false;
        mine = running.high + apart_us;
    }
    // A tester that acts comes before a timer that may end later; one that waits must know which is first.
    bool in_time = true;
    each_ending(at, [&](const RunningTimer& other) {
        if (other.timer != own) in_time = in_time && (own < 0 ? other.high : other.low) >= mine;
    });
    return in_time;
}

std::int64_t TimedSteps::first_end(const TimedVertex& at) const {
    std::int64_t first = -1;
    each_ending(at, [&](const RunningTimer& one) { first = first < 0 ? one.low : std::min(first, one.low); });
    return first;
}

std::optional<TimedVertex> TimedSteps::late(const TimedVertex& at) const {
    const std::int64_t pause = first_end(at) - late_us;
    if (pause < late_us || pause > longest_wait_us_) return std::nullopt;
    TimedVertex later = at;
    for (RunningTimer& running : later.timers) {
        running.low = std::max<std::int64_t>(running.low - pause, 0);
        running.high = std::max<std::int64_t>(running.high - pause, 0);
    }
    return later;
}

const TimerChanges& TimedSteps::changes(std::uint32_t vertex, const LtsEdge& edge) {
    auto& known = changes_[vertex];
    const auto less = [](const std::pair<LtsEdge, TimerChanges>& one, const LtsEdge& other) {
        return one.first < other;
    };
    const auto place = std::lower_bound(known.begin(), known.end(), edge, less);
    if (place != known.end() && place->first == edge) return place->second;
    const EndpointLts& lts = graph_.lts();
    Reaction reaction;
    reaction.after = lts.state(edge.to);
    reaction.started = lts.started(edge);
    TimerChanges found =
        timer_changes(lts.profile(), lts.limits(), lts.state(vertex), lts.own_input(edge.input), reaction);
    return known.emplace(place, edge, std::move(found))->second;
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
        next.timers.push_back(started(one.timer, one.out_of_expiry ? doublings + 1 : one.doublings));
    std::sort(next.timers.begin(), next.timers.end());
    return next;
}

}  // namespace lastack
