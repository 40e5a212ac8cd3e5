// A test vector: what a tester does to one endpoint (the IUT) and what may come back.
//
// Self-contained: an executor needs nothing else, neither the spec nor the model. The master format is JSON
// (generators/vector_json.h, docs/vector-schema.json). Numbers in segments are bytes relative to the sender's initial
// sequence number plus one: SEQ counts in the sender's stream, ACK in the receiver's, so the first byte of data
// has SEQ 0 whichever side sends it. All times are microseconds.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace lastack {

struct WireSegment {
    std::int64_t seq = 0;
    std::int64_t ack = 0;  // meaningful with has_ack
    int len = 0;           // payload bytes
    bool fin = false;
    bool syn = false;
    bool rst = false;
    bool has_ack = true;
    bool zero_window = false;  // the window field is 0; in what the IUT must send, false says nothing about it

    bool operator==(const WireSegment&) const = default;
};

std::string to_string(const WireSegment& segment);  // "FIN,ACK seq=100 ack=0", "DATA,ACK seq=0 ack=0 len=100 wnd=0"

// An interval of time after a reference instant, both ends included.
struct Window {
    std::int64_t earliest_us = 0;
    std::int64_t latest_us = 0;
    bool operator==(const Window&) const = default;
};

// A segment that the IUT must send, in order, as the consequence of the step.
struct Expected {
    WireSegment segment;
    Window window;     // after the step's reference instant
    std::string rule;  // of the profile, that sends it
    bool operator==(const Expected&) const = default;
};

// A segment that the profile also allows at this point.
struct Alternative {
    enum class Then {
        go_on,         // the planned path goes on: a retransmission
        inconclusive,  // allowed, but the planned path is left: the run ends without a verdict on the goal
    };
    WireSegment segment;
    Window window;
    Then then = Then::inconclusive;
    std::string rule;  // that allows it
    bool operator==(const Alternative&) const = default;
};

struct VectorStep {
    enum class Kind {
        call,  // the application at the IUT calls `call`
        send,  // `segment` is sent to the IUT
        wait,  // nothing is done until the IUT's timer `timer` has expired; "pause": until the window is over
    };
    Kind kind = Kind::call;
    std::string call;           // send recv close shutdown_wr shutdown_rd shutdown_rdwr abort
    std::string result = "ok";  // of the call: ok, eof, reset, timeout, pipe, not_connected, closing
    int bytes = 0;              // send, recv: how many
    WireSegment segment;
    std::string timer;

    // The reference instant of all windows of this step: its own action (-1), or, for a wait, the completion
    // of an earlier step (its index), where the timer was started.
    int since = -1;
    Window window;                          // wait: when the timer expires
    std::vector<Expected> expect;           // all of them, in this order
    std::vector<Alternative> alternatives;  // what else is allowed until the step is complete; anything else fails
    std::vector<std::string> states;        // the IUT is in one of these once the step is complete; empty: unknown
    std::vector<std::string> signals;       // what the application must be able to see now: eof, reset, timeout
    std::string note;                       // for people: the model's step in one line
    std::vector<std::string> rules;         // rules of the profile that the step exercises
    bool operator==(const VectorStep&) const = default;
};

struct TestVector {
    static constexpr int format_version = 1;
    std::string id;                    // "W05b/A", readable: claim, then the model's endpoint that the IUT plays
    std::string goal;                  // the claim's sentence or the test goal
    std::string kind;                  // "counterexample" or "witness"
    std::vector<std::string> clauses;  // citations
    std::string profile, system, endpoint;
    std::vector<std::pair<std::string, std::string>>
        settings;                      // name, value: to be configured at the IUT, e.g. sysctls
    int ip = 4;                        // 4 or 6
    int unit_bytes = 100;              // payload bytes of one unit of data
    int window = 65535;                // the window the tester advertises, but where a segment says that it is 0
    std::vector<std::string> options;  // TCP options the tester offers in its SYN: "sack", "timestamps", "window_scale"
    std::uint32_t tester_isn = 1;      // the tester's initial sequence number
    std::int64_t settle_us = 20'000;   // after the last step nothing unexpected may come for this long
    std::vector<VectorStep> steps;
    bool operator==(const TestVector&) const = default;
};

// An upper bound of the time a run takes, from the windows.
std::int64_t duration_bound_us(const TestVector& vector);

// How the vector begins, always: the tester opens (SYN, SYN-ACK, ACK), the IUT accepts; both are ESTABLISHED.

}  // namespace lastack
