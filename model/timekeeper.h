// What a timer does: the one place that says when timers start, start anew and stop, and how long they run.
//
// Source: docs/spec-language.md, "What happens" 5 and "Timers in time"; RFC 6298 5.5 to 5.7 for doubling. The states of
// the model say which timers run, not since when. Whoever keeps time (the projection to test vectors, the simulator)
// asks here what a reaction did to each timer, and keeps the instants itself. Not thread-safe state: none; every
// function is pure.
#pragma once

#include <cstdint>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

// How long after its start a timer expires, in microseconds; both ends included.
struct RunTime {
    std::int64_t earliest_us = 0;
    std::int64_t latest_us = 0;
    bool operator==(const RunTime&) const = default;
};

// After so many starts out of its own expiry: both ends double, each up to the cap (`doubling to`).
RunTime run_time(const TimerDecl& timer, int doublings);

struct TimerStart {
    int timer = 0;               // index into Profile::timers
    bool out_of_expiry = false;  // started by its own expiry: the run time doubles where the timer is declared so
    int doublings = 0;           // that any other start begins with (`from`)
    bool operator==(const TimerStart&) const = default;
};

// What a reaction does to the timers. What is in neither list goes on as it was.
struct TimerChanges {
    std::vector<TimerStart> started;  // by index, each once
    std::vector<int> stopped;         // ran before, or was due, and does not run any more
};

// Of the endpoint's start: derived timers whose condition holds.
TimerChanges timers_at_start(const Profile& profile, const Limits& limits, const EndState& initial);

// A timer that is started runs anew from now, whether it ran before or not; one that a rule starts and then stops does
// not run. A derived timer (`while`) starts when its condition becomes true and is not touched while it stays true;
// where its own expiry leaves the condition true, it starts anew.
TimerChanges timer_changes(const Profile& profile, const Limits& limits, const EndState& before, const Input& input,
                           const Reaction& reaction);

// Would a rule take the end of this timer now? A timer that runs out where none does stays due: it ends as soon as one
// does.
bool takes_expiry(const Profile& profile, const Limits& limits, const EndState& end, int timer);

}  // namespace lastack
