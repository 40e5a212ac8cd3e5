// A path of a system, told in full: what happened at each step, and the states after it. Plain data.
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

// Both endpoints and what is in flight. flight[e] is what endpoint e sent: sorted where the
// network reorders, else in order.
struct Snapshot {
    EndState end[2];
    std::vector<Segment> flight[2];
    int losses = 0, duplicates = 0;  // counted only under a budget
    auto operator<=>(const Snapshot&) const = default;
};

struct TraceStep {
    enum class Kind { call, timer, deliver, lose, duplicate };
    Kind kind = Kind::call;
    int end = 0;       // who acts; deliver: who receives; lose, duplicate: who had sent it
    std::string name;  // call or timer
    Segment segment;   // deliver, lose, duplicate
    std::vector<Segment> sent;
    std::vector<std::string> rules, signals;
    std::string result;  // of a call; else, unless "ok", of one that had blocked
    Snapshot after;
    bool operator==(const TraceStep&) const = default;
};

constexpr std::int64_t no_bound_us = std::numeric_limits<std::int64_t>::min();

// When a step happens, in microseconds since the beginning, or since what is said; both ends included.
struct StepTime {
    std::int64_t earliest_us = 0, latest_us = 0;
    bool operator==(const StepTime&) const = default;
};

struct Trace {
    std::string system;
    Snapshot initial;
    std::vector<TraceStep> steps;
    std::vector<StepTime> times = {};  // of each step, in a system that is decided in time; else empty
    int loop_from = -1;  // a lasso: steps[loop_from] and what follows are repeated for ever; -1: the trace ends
    const Snapshot& last() const { return steps.empty() ? initial : steps.back().after; }
    bool operator==(const Trace&) const = default;
};

// What a call that had blocked returns in a step that is no call; empty where none does.
std::string returned(const TraceStep& step);

// One line for people: "A calls close: sends FIN,ACK seq=0 ack=0".
std::string to_string(const TraceStep& step, const Vocabulary& vocabulary);

}  // namespace lastack
