// From a trace of the model to a test vector for one of its endpoints.
//
// Idea: the tester plays the other endpoint and the network. What the chosen endpoint (the IUT) did in the trace
// becomes the plan: calls, segments sent to it, waits for its timers, and what it must send. What the profile allows
// instead is found by following every reaction that the profile permits, as a set of possible states (the subset
// construction of ioco testing: Tretmans, "Test Generation with Inputs, Outputs and Repetitive Quiescence", 1996), with
// the time windows of the timers. Deviation: sets are followed only as long as the plan is; what leaves it is
// inconclusive.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>

#include "checker/suites/timed_walk.h"
#include "checker/trace/plain_system.h"
#include "generators/citations.h"
#include "generators/vector.h"
#include "model/plain_memo.h"

namespace lastack {

struct ProjectionOptions {
    int ip = 4;
    int unit_bytes = 100;
    std::int64_t look_us = 2'000'000;  // how long silence is watched for where no timer can end it
    // A segment that the profile lets the endpoint send or not, without another state following from it, is allowed and
    // the planned path goes on. Else it leaves the path: the plan may be about its absence.
    bool goes_on_in_the_same_state = false;
    // The other end may be anybody: it sends FINs in several places, and text behind them.
    bool any_peer = false;
    // Steps of the trace, calls and segments, that come as late as the timers that run allow: `late_us` before the
    // first of them may end.
    std::set<std::size_t> late = {};
    // Other calls and segments come at moments that are drawn with this seed, in the middle of what the timers that run
    // allow; nothing: at once.
    std::optional<std::uint32_t> moments = {};
    PlainMemo* memo = nullptr;  // of the end's profile and limits, for who projects many traces
    static constexpr std::int64_t late_us = TimedSteps::late_us;
};

class Projector;

struct Projection {
    std::optional<TestVector> vector;
    std::string reason;  // why there is none: the endpoint takes no part, or its timers cannot expire in this order
};

// Vectors of many traces of one endpoint.
class Projections {
public:
    // All must outlive it. What differs from trace to trace, `late` and `look_us`, is given with it.
    Projections(const PlainSystem& system, int end, const ProjectionOptions& options);
    ~Projections();

    // As project() has it. The first `alike` steps of the trace, and which of them are late, are those of the trace
    // before: they are not projected again.
    Projection make(const Claim& claim, const Trace& trace, const std::set<std::size_t>& late, std::int64_t look_us,
                    std::size_t alike);

private:
    const PlainSystem& system_;
    int end_;
    ProjectionOptions options_;
    TestVector common_;  // what all vectors have
    Citations citations_;
    std::unique_ptr<Projector> projector_;
    bool followed_ = false;  // the trace before was given to it
};

// `claim` gives id, goal and citations. `end`: 0 for A, 1 for B. The trace is one of `system` and was replayed.
Projection project(const PlainSystem& system, const Claim& claim, const Trace& trace, int end,
                   const ProjectionOptions& options);

}  // namespace lastack
