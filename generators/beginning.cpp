#include "generators/beginning.h"

#include <fmt/format.h>

#include <algorithm>

#include "checker/suites/tester_graph.h"

namespace lastack {

namespace {

bool of_another_connection(const TraceStep& step) {
    const auto later = [](const Segment& segment) { return segment.era > 0; };
    return later(step.segment) || std::any_of(step.sent.begin(), step.sent.end(), later);
}

const std::string& state_name(const PlainSystem& system, const Snapshot& at, int end) {
    return system.profile(end).states[static_cast<std::size_t>(at.end[end].state)].name;
}

// Empty where the trace keeps to a connection that is open from the beginning.
std::string why_not_established(const PlainSystem& system, const Trace& trace) {
    for (int end = 0; end < 2; ++end) {
        const std::string name = end == 0 ? "A" : "B";
        if (trace.initial.end[end].state != system.profile(end).initial_state())
            return fmt::format("{} starts in {}; a vector starts after the handshake", name,
                               state_label(state_name(system, trace.initial, end)));
        for (const TraceStep& step : trace.steps) {
            const std::string& entered = state_name(system, step.after, end);
            if (lastack::opens(entered))
                return fmt::format("{} comes to {}; a vector knows no handshake but the one before it", name,
                                   state_label(entered));
        }
    }
    return "";
}

}  // namespace

Beginning beginning_of(const PlainSystem& system, const Trace& trace, bool opens) {
    Beginning beginning;
    if (system.profile(0).stream_from != system.profile(1).stream_from) {
        beginning.why_none = "the two ends number the units of a stream differently";
        return beginning;
    }
    const bool closed = state_name(system, trace.initial, 0) == "CLOSED" &&
                        state_name(system, trace.initial, 1) == "CLOSED" &&
                        system.profile(0).initial_state() != trace.initial.end[0].state;
    if (opens && closed)
        beginning.begin = TestVector::Begin::closed;
    else
        beginning.why_none = why_not_established(system, trace);
    if (beginning.why_none.empty() && std::any_of(trace.steps.begin(), trace.steps.end(), of_another_connection))
        beginning.why_none = "a segment belongs to another incarnation of the connection; a vector has one";
    return beginning;
}

}  // namespace lastack
