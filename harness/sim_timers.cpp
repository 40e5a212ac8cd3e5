#include "harness/sim_timers.h"

#include <algorithm>

#include "model/timekeeper.h"

namespace lastack {

SimTimers::SimTimers(PlainMemo& memo, SimPlay::Expiry expiry, std::mt19937& random)
    : memo_(memo), expiry_(expiry), random_(random), running_(memo.profile().timers.size()) {}

void SimTimers::begin(const EndState& initial, std::int64_t now_us) {
    for (const TimerStart& started : timers_at_start(memo_.profile(), memo_.limits(), initial).started)
        start(started.timer, 0, now_us);
}

void SimTimers::follow(const TimerChanges& changes, std::int64_t now_us) {
    for (const int timer : changes.stopped) running_[static_cast<std::size_t>(timer)].on = false;
    for (const TimerStart& started : changes.started) {
        const int doublings = running_[static_cast<std::size_t>(started.timer)].doublings;
        start(started.timer, started.out_of_expiry ? doublings + 1 : started.doublings, now_us);
    }
}

void SimTimers::start(int timer, int doublings, std::int64_t now_us) {
    const auto index = static_cast<std::size_t>(timer);
    const RunTime time = run_time(memo_.profile().timers[index], doublings);
    const std::int64_t width = time.latest_us - time.earliest_us;
    std::int64_t after = time.earliest_us;
    switch (expiry_) {
        case SimPlay::Expiry::early: break;
        case SimPlay::Expiry::middle: after += width / 2; break;
        case SimPlay::Expiry::late: after += width; break;
        case SimPlay::Expiry::by_lot: after += std::uniform_int_distribution<std::int64_t>(0, width)(random_); break;
    }
    running_[index] = {true, doublings, now_us + after};
}

std::optional<SimTimers::Due> SimTimers::next(const EndState& state, std::int64_t now_us) const {
    std::optional<Due> first;
    for (std::size_t i = 0; i < running_.size(); ++i) {
        const int timer = static_cast<int>(i);
        if (!running_[i].on || (first && running_[i].at_us >= first->at_us)) continue;
        if (memo_.takes_expiry(state, timer)) first = Due{running_[i].at_us, timer};
    }
    if (first) first->at_us = std::max(first->at_us, now_us);
    return first;
}

}  // namespace lastack
