// A test vector: what a tester does to one endpoint (the IUT) and what may come back.
//
// Self-contained: an executor needs nothing else, neither the spec nor the model. The master format is JSON
// (generators/vector_json.h, docs/vector-schema.json). Numbers in segments are bytes relative to the sender's initial
// sequence number plus one: SEQ counts in the sender's stream, ACK in the receiver's, so the first byte of data
// has SEQ 0 whichever side sends it. All times are microseconds.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "generators/shared.h"

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
    // `seq` counts from the right edge of the window that the IUT announced last (its last ACK and its window): 0 is
    // the first byte outside of it, -1 the last one inside. Only of a segment that is sent to the IUT.
    bool from_right = false;
    // `ack` counts from the same edge as `seq` of the last segment that was sent with `from_right`. Only of a segment
    // that the IUT sends.
    bool ack_from_right = false;

    bool operator==(const WireSegment&) const = default;
};

// For people, who count as the model and Wireshark do: the SYN has the number 0, the first byte of text 1.
// "FIN,ACK seq=101 ack=1", "DATA,ACK seq=1 ack=1 len=100 wnd=0", "RST seq=right-1"
std::string to_string(const WireSegment& segment);

// The instant that a window is counted from.
struct Anchor {
    enum class Event {
        opening,     // the end of the handshake; of a vector that begins in CLOSED its beginning
        action,      // the call, the sending; for a wait, its beginning
        completion,  // the last event of the step: its last expected segment, or the end of a silent wait
    };
    Event event = Event::action;
    int step = -1;  // index of an earlier step; -1: the step that the window belongs to (of an action only)
    bool operator==(const Anchor&) const = default;
};

// An interval of time after its anchor, both ends included.
struct Window {
    std::int64_t earliest_us = 0;
    std::int64_t latest_us = 0;
    Anchor since = {};
    bool operator==(const Window&) const = default;
};

// A segment that the IUT must send, in order, as the consequence of the step.
struct Expected {
    WireSegment segment;
    Window window;
    std::string rule;       // of the profile, that sends it
    bool optional = false;  // the profile lets it be left out: its absence is inconclusive, not a failure
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

// The calls of applications that a vector may have. `recv_wait` and `close_linger` may block; `dup` makes a second
// descriptor, `close_one` closes one of the two.
extern const std::vector<std::string> vector_calls;
bool moves_text(const std::string& call);           // so that it has a number of bytes
bool gives_up_descriptor(const std::string& call);  // of all that the application has

struct VectorStep {
    enum class Kind {
        call,  // the application at the IUT calls `call`
        send,  // `segment` is sent to the IUT
        wait,  // nothing is done until the IUT's timer `timer` has expired; "pause": until the window is over
    };
    Kind kind = Kind::call;
    std::string call;           // one of vector_calls
    std::string result = "ok";  // of the call: ok, eof, reset, timeout, refused, pipe, not_connected, closing; of poll
                                // what is ready; "blocked" where it returns later
    // Of the call too, allowed by the profile but off the planned path: inconclusive. Here also "would_block".
    std::vector<std::string> other_results;
    int bytes = 0;         // of calls that move text: how many
    std::string returned;  // what the call that blocked returns with this step: text, eof, reset, timeout, closed;
                           // empty: it goes on waiting, if there is one
    bool returned_optional = false;  // the profile lets it return otherwise, or not: that is inconclusive
    WireSegment segment;
    std::string timer;
    Window window;                          // wait: when the timer expires
    std::vector<Expected> expect;           // all of them, in this order
    std::vector<Alternative> alternatives;  // what else is allowed until the next step acts; anything else fails
    std::vector<std::string> states;        // the IUT is in one of these once the step is complete; empty: unknown
    std::vector<std::string> other_states;  // allowed by the profile, but off the planned path: inconclusive
    std::vector<std::string> signals;  // what the application must be able to see now: eof, reset, timeout, refused
    bool signals_optional = false;     // the profile lets them be left out: their absence is inconclusive
    std::string note;                  // for people: the model's step in one line
    std::vector<std::string> rules;    // rules of the profile that the step exercises
    bool operator==(const VectorStep&) const = default;
};

// What a vector decides where it is driven; one exchange may decide several claims.
struct VectorClaim {
    enum class Sense {
        witness,         // the claim says that this can happen
        counterexample,  // this can happen although the claim says that it does not
        goal,            // no claim: a rule is exercised
    };
    std::string id;
    Sense sense = Sense::witness;
    std::string sentence;
    bool operator==(const VectorClaim&) const = default;
};

struct TestVector {
    // Where the first step finds the IUT.
    enum class Begin {
        established,  // the tester has opened (SYN, SYN-ACK, ACK), the IUT has accepted; both are ESTABLISHED
        closed,       // the application has a socket and nothing else: what opens the connection is among the steps
    };
    static constexpr int format_version = 2;         // of a vector that begins in ESTABLISHED
    static constexpr int format_of_other_begin = 3;  // one that knows no other begin must not run it
    Begin begin = Begin::established;
    std::string id;                   // "W05b/A", readable: claim, then the model's endpoint that the IUT plays
    std::string goal;                 // the first claim's sentence or the test goal
    std::vector<VectorClaim> claims;  // what the vector decides
    bool refuted_expected = false;    // the spec expects the implementation to do otherwise
    Shared<std::vector<std::string>> clauses;          // citations
    Shared<std::map<std::string, std::string>> rules;  // clause of each rule that a step names, by the rule's name
    std::string profile;                               // that plays this end
    std::string subject;  // the profile that stands for the IUT; another one's end is not driven
    std::string system, endpoint;
    Shared<std::map<std::string, int>> limits;    // all of the profile, at this end of the system
    Shared<std::vector<std::string>> unproduced;  // those of them that the system gives a value which no setting makes
    Shared<std::vector<std::pair<std::string, std::string>>>
        settings;          // name, value: to be configured at the IUT, e.g. sysctls
    int ip = 4;            // 4 or 6
    int unit_bytes = 100;  // payload bytes of one unit of data
    int window = 65535;    // the window the tester advertises, but where a segment says that it is 0
    Shared<std::vector<std::string>>
        options;                      // TCP options the tester offers in its SYN: "sack", "timestamps", "window_scale"
    std::uint32_t tester_isn = 1;     // the tester's initial sequence number
    std::int64_t settle_us = 20'000;  // after the last step nothing unexpected may come for this long
    std::vector<std::string> settled_states;  // and then the IUT is still in one of these; empty: not looked at
    std::vector<VectorStep> steps;
    bool operator==(const TestVector&) const = default;
};

// An upper bound of the time a run takes, from the windows.
std::int64_t duration_bound_us(const TestVector& vector);

}  // namespace lastack
