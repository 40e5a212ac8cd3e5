// What a tester can know about the IUT: the states that the profile allows after what was seen, with their timers' clocks.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checker/plain_system.h"
#include "generators/vector.h"

namespace lastack {

// When a timer that runs was started, and how often it has doubled.
struct Clock {
    int since = 0;  // index of the vector step; -1: the opening
    int doublings = 0;
    auto operator<=>(const Clock&) const = default;
};

// One state the IUT may be in, and what it is about to send.
struct Possibility {
    EndState state;
    std::map<int, Clock> clocks;     // by timer index, for those that run
    std::vector<Segment> pending;    // to come out at once
    std::vector<std::string> rules;  // that made it so, in this step
    auto operator<=>(const Possibility&) const = default;
};

class Knowledge {
public:
    Knowledge(const Profile& profile, const Limits& limits) : profile_(profile), limits_(limits) {}

    Possibility initial() const;
    // Every reaction to an input that the profile allows; `step` is the vector step in which it happens.
    std::vector<Possibility> react(const Possibility& before, const Input& input, int step) const;
    // The interval in which a running timer expires, after its clock's reference instant.
    Window window(const Possibility& possibility, int timer) const;
    std::vector<int> running(const Possibility& possibility) const;

    const Profile& profile() const { return profile_; }

private:
    const Profile& profile_;
    const Limits& limits_;
};

}  // namespace lastack
