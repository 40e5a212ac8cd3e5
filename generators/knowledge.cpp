#include "generators/knowledge.h"

#include <algorithm>

#include "model/plain.h"

namespace lastack {

Possibility Knowledge::initial() const {
    Possibility start;
    start.state = plain_initial(profile_);
    for (const int timer : running(start)) start.clocks[timer] = Clock{-1, 0};
    return start;
}

std::vector<int> Knowledge::running(const Possibility& possibility) const {
    std::vector<int> timers;
    for (int timer = 0; timer < static_cast<int>(profile_.timers.size()); ++timer) {
        if (plain_running(profile_, limits_, possibility.state, timer)) timers.push_back(timer);
    }
    return timers;
}

std::vector<Possibility> Knowledge::react(const Possibility& before, const Input& input, int step) const {
    const int expired = input.trigger == Trigger::timer ? profile_.timer(input.name) : -1;
    std::vector<Possibility> all;
    for (const Reaction& reaction : plain_react(profile_, limits_, before.state, input)) {
        Possibility after{reaction.after, before.clocks, reaction.sent, reaction.rules};
        if (expired >= 0) after.clocks.erase(expired);
        for (const int timer : reaction.started) {
            const bool again = timer == expired && before.clocks.contains(timer);
            after.clocks[timer] = Clock{step, again ? before.clocks.at(timer).doublings + 1 : 0};
        }
        const std::vector<int> now = running(after);
        std::erase_if(after.clocks,
                      [&](const auto& clock) { return std::find(now.begin(), now.end(), clock.first) == now.end(); });
        for (const int timer : now) {  // derived timers start by themselves
            const int doublings =
                timer == expired && before.clocks.contains(timer) ? before.clocks.at(timer).doublings + 1 : 0;
            after.clocks.try_emplace(timer, Clock{step, doublings});
        }
        all.push_back(std::move(after));
    }
    return all;
}

Window Knowledge::window(const Possibility& possibility, int timer) const {
    const TimerDecl& decl = profile_.timers[timer];
    Window window{decl.earliest_us, decl.latest_us};
    const auto clock = possibility.clocks.find(timer);
    for (int i = 0; clock != possibility.clocks.end() && decl.cap_us > 0 && i < clock->second.doublings; ++i) {
        window.earliest_us = std::min(window.earliest_us * 2, decl.cap_us);
        window.latest_us = std::min(window.latest_us * 2, std::max(decl.cap_us, decl.latest_us));
    }
    return window;
}

}  // namespace lastack
