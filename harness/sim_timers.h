// When the timers of a played profile expire: instants for what model/timekeeper.h says of starts and run times.
//
// Each timer gets one instant of its interval when it starts: its early end, its middle, its late end, or one by lot.
// A timer that runs out where no rule takes its end stays due, and expires as soon as one does.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "harness/targets.h"
#include "model/plain_memo.h"

namespace lastack {

class SimTimers {
public:
    SimTimers(PlainMemo& memo, SimPlay::Expiry expiry, std::mt19937& random);

    // For the state a connection begins in.
    void begin(const EndState& initial, std::int64_t now_us);
    void follow(const TimerChanges& changes, std::int64_t now_us);

    struct Due {
        std::int64_t at_us = 0;
        int timer = -1;
    };
    // The next one whose end a rule takes in this state, not before now; ties in the order of the profile.
    std::optional<Due> next(const EndState& state, std::int64_t now_us) const;

private:
    struct Running {
        bool on = false;
        int doublings = 0;
        std::int64_t at_us = 0;
    };
    void start(int timer, int doublings, std::int64_t now_us);

    PlainMemo& memo_;
    SimPlay::Expiry expiry_;
    std::mt19937& random_;
    std::vector<Running> running_;
};

}  // namespace lastack
