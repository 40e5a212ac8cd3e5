// Small vectors written by hand from RFC 9293 3.6 and 3.10: the ends of a connection as a tester sees them.
//
// One unit of text is 100 bytes. Immediate answers get 60 ms, because an acknowledgment may wait for the next tick.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "generators/vector.h"

namespace hand {

using lastack::Alternative;
using lastack::Anchor;
using lastack::TestVector;
using lastack::VectorStep;
using lastack::Window;
using lastack::WireSegment;

constexpr Window soon{0, 60'000};

inline WireSegment ack(std::int64_t seq, std::int64_t number) { return {seq, number, 0, false, false, false, true}; }
inline WireSegment fin(std::int64_t seq, std::int64_t number) { return {seq, number, 0, true, false, false, true}; }
inline WireSegment data(std::int64_t seq, std::int64_t number) { return {seq, number, 100, false, false, false, true}; }
inline WireSegment rst_ack(std::int64_t seq, std::int64_t number) { return {seq, number, 0, false, false, true, true}; }
inline WireSegment rst(std::int64_t seq) { return {seq, 0, 0, false, false, true, false}; }

inline VectorStep call(const std::string& name, const std::string& result = "ok", int bytes = 0) {
    VectorStep step;
    step.kind = VectorStep::Kind::call;
    step.call = name;
    step.result = result;
    step.bytes = bytes;
    return step;
}

inline VectorStep send(const WireSegment& segment) {
    VectorStep step;
    step.kind = VectorStep::Kind::send;
    step.segment = segment;
    return step;
}

// Counted from the completion of an earlier step; -1: from its own beginning.
inline VectorStep wait(const std::string& timer, Window window, int since) {
    VectorStep step;
    step.kind = VectorStep::Kind::wait;
    step.timer = timer;
    step.window = window;
    if (since >= 0) step.window.since = {Anchor::Event::completion, since};
    return step;
}

// The same step with what must come, the state it ends in and what the application then sees. A wait's windows count
// from where the wait does.
inline VectorStep then(VectorStep step, const std::vector<WireSegment>& expected, const std::string& state = "",
                       const std::string& signal = "", Window window = soon) {
    if (step.kind == VectorStep::Kind::wait) window.since = step.window.since;
    for (const WireSegment& segment : expected) step.expect.push_back({segment, window, ""});
    if (!state.empty()) step.states = {state};
    if (!signal.empty()) step.signals = {signal};
    return step;
}

inline TestVector vector_of(const std::string& id, std::vector<VectorStep> steps, int ip = 4) {
    TestVector vector;
    vector.id = id;
    vector.goal = id;
    vector.claims = {{id, lastack::VectorClaim::Sense::witness, id}};
    vector.ip = ip;
    vector.tester_isn = 4'294'967'290U;  // the numbers wrap on the way
    vector.steps = std::move(steps);
    return vector;
}

// 3.6 case 1: the IUT closes first.
inline TestVector active_close(int ip = 4) {
    return vector_of("active close",
                     {then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"), then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
                      then(send(fin(0, 1)), {ack(1, 1)}, "TIME_WAIT")},
                     ip);
}

// 3.6 case 2: the tester closes first.
inline TestVector passive_close(int ip = 4) {
    return vector_of("passive close",
                     {then(send(fin(0, 0)), {ack(0, 1)}, "CLOSE_WAIT", "eof"),
                      then(call("close"), {fin(0, 1)}, "LAST_ACK"), then(send(ack(1, 1)), {}, "CLOSED")},
                     ip);
}

// 3.6 case 1 without CLOSE: the IUT sends no more but still reads.
inline TestVector half_close(int ip = 4) {
    return vector_of(
        "half-close",
        {then(call("shutdown_wr"), {fin(0, 0)}, "FIN_WAIT_1"), then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
         then(send(data(0, 1)), {ack(1, 100)}, "FIN_WAIT_2"), then(call("recv", "ok", 100), {}, "FIN_WAIT_2"),
         then(call("send", "pipe", 100), {}, "FIN_WAIT_2"), then(send(fin(100, 1)), {ack(1, 101)}, "TIME_WAIT", "eof")},
        ip);
}

// 3.10.5: ABORT.
inline TestVector abort_call(int ip = 4) {
    return vector_of("abort", {then(call("abort"), {rst_ack(0, 0)}, "CLOSED")}, ip);
}

// 3.10.7.4 second: a reset ends the connection and the application learns of it.
inline TestVector peer_reset(int ip = 4) {
    return vector_of("reset by the tester", {then(send(rst(0)), {}, "CLOSED", "reset"), call("recv", "reset", 1)}, ip);
}

}  // namespace hand
