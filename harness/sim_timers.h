// When the timers of a played profile expire: the part of time that the model's states leave out.
//
// An EndState says which timers run, not since when. A start of a timer that already runs restarts it, so the rules that
// fired are followed once more to see which timers they started.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

class SimTimers {
public:
    SimTimers(const Profile& profile, const Limits& limits);

    // Brings the timers in line with a reaction of `before` to `input`.
    void follow(const EndState& before, const Input& input, const Reaction& reaction, std::int64_t now_us);
    // The same for the state a connection begins in.
    void begin(const EndState& initial, std::int64_t now_us);

    struct Due {
        std::int64_t at_us = 0;
        int timer = -1;
    };
    std::optional<Due> next() const;  // the earliest; ties in the order of the profile

private:
    struct Running {
        bool on = false;
        int doublings = 0;
        std::int64_t at_us = 0;
    };
    void start(int timer, int doublings, std::int64_t now_us);
    void follow_derived(int timer, const EndState& before, const Input& input, const EndState& after,
                        std::int64_t now_us);

    const Profile& profile_;
    const Limits& limits_;
    std::vector<Running> running_;
};

// The timers that the rules of a reaction start, by following their effects from `before`. Exposed for tests.
std::vector<bool> timers_started(const Profile& profile, const Limits& limits, const EndState& before,
                                 const Input& input, const Reaction& reaction);

}  // namespace lastack
