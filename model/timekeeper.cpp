#include "model/timekeeper.h"

#include <algorithm>

#include "model/plain.h"

namespace lastack {

RunTime run_time(const TimerDecl& timer, int doublings) {
    RunTime time{timer.earliest_us, timer.latest_us};
    const auto doubled = [&](std::int64_t us, std::int64_t declared) {
        return std::min(2 * us, std::max(timer.cap_us, declared));
    };
    for (int i = 0; i < doublings && timer.cap_us > 0 && time.earliest_us < timer.cap_us; ++i) {
        time = {doubled(time.earliest_us, timer.earliest_us), doubled(time.latest_us, timer.latest_us)};
    }
    return time;
}

namespace {
int first_doublings(const Profile& profile, const EndState& end, int timer) {
    const int from = profile.timers[static_cast<std::size_t>(timer)].doubled_from;
    return from < 0 ? 0 : end.values[static_cast<std::size_t>(from)];
}
}  // namespace

TimerChanges timers_at_start(const Profile& profile, const Limits& limits, const EndState& initial) {
    TimerChanges changes;
    for (int timer = 0; timer < static_cast<int>(profile.timers.size()); ++timer) {
        if (plain_running(profile, limits, initial, timer))
            changes.started.push_back({timer, false, first_doublings(profile, initial, timer)});
    }
    return changes;
}

TimerChanges timer_changes(const Profile& profile, const Limits& limits, const EndState& before, const Input& input,
                           const Reaction& reaction) {
    const int expired = input.trigger == Trigger::timer ? profile.timer(input.name) : -1;
    TimerChanges changes;
    for (int timer = 0; timer < static_cast<int>(profile.timers.size()); ++timer) {
        const bool ran = plain_running(profile, limits, before, timer);
        if (!plain_running(profile, limits, reaction.after, timer)) {
            if (ran) changes.stopped.push_back(timer);
            continue;
        }
        const bool by_rule =
            std::find(reaction.started.begin(), reaction.started.end(), timer) != reaction.started.end();
        if (by_rule || !ran || timer == expired)
            changes.started.push_back(
                {timer, ran && timer == expired && !profile.timers[static_cast<std::size_t>(timer)].doubled_by,
                 first_doublings(profile, reaction.after, timer)});
    }
    return changes;
}

bool takes_expiry(const Profile& profile, const Limits& limits, const EndState& end, int timer) {
    const Input expiry{Trigger::timer, profile.timers[static_cast<std::size_t>(timer)].name, {}};
    try {
        return !plain_react(profile, limits, end, expiry).empty();
    } catch (const ModelError&) {
        return true;  // beyond what the profile counts: the end is taken, to where nobody follows
    }
}

}  // namespace lastack
