// Vectors written by hand, small enough to be checked against RFC 9293 3.6 by eye.
#pragma once

#include "generators/vector.h"

namespace lastack::testing {

inline WireSegment ack_of(std::int64_t seq, std::int64_t ack) { return {.seq = seq, .ack = ack}; }
inline WireSegment fin_of(std::int64_t seq, std::int64_t ack) { return {.seq = seq, .ack = ack, .fin = true}; }
inline WireSegment data_of(std::int64_t seq, std::int64_t ack, int len) { return {.seq = seq, .ack = ack, .len = len}; }

inline VectorStep call_step(const std::string& call, const std::string& result = "ok", int bytes = 0) {
    VectorStep step;
    step.call = call;
    step.result = result;
    step.bytes = bytes;
    return step;
}

inline VectorStep send_step(const WireSegment& segment) {
    VectorStep step;
    step.kind = VectorStep::Kind::send;
    step.segment = segment;
    return step;
}

// Counted from the completion of an earlier step; -1: from the action of the step itself.
inline Window after(int step, Window window) {
    if (step >= 0) window.since = {Anchor::Event::completion, step};
    return window;
}

inline VectorStep wait_step(const std::string& timer, int since, Window window) {
    VectorStep step;
    step.kind = VectorStep::Kind::wait;
    step.timer = timer;
    step.window = after(since, window);
    return step;
}

constexpr Window at_once{0, 40'000};

// The normal close, RFC 9293 figure 12, the IUT being the side that closes first. It is the example of docs/vectors.md.
inline TestVector normal_close(int ip = 4) {
    TestVector vector;
    vector.id = "W01/A";
    vector.goal = "the normal close, seen by the side that closes first";
    vector.claims = {{"W01", VectorClaim::Sense::witness, "the normal close can happen"}};
    vector.clauses = {"RFC 9293 3.6"};
    vector.rules = {{"close_active", "RFC 9293 3.10.4"},
                    {"ack_new", "RFC 9293 3.10.7.4 fifth"},
                    {"fin_acked", "RFC 9293 3.10.7.4 fifth"},
                    {"fin", "RFC 9293 3.10.7.4 eighth"}};
    vector.profile = vector.subject = "rfc9293";
    vector.limits = {{"buffer", 1}};
    vector.system = "pair";
    vector.endpoint = "A";
    vector.ip = ip;

    VectorStep close = call_step("close");
    close.expect = {{fin_of(0, 0), at_once, "close_active"}};
    close.states = {"FIN_WAIT_1"};
    close.rules = {"close_active"};
    close.note = "A: close";
    VectorStep ack = send_step(ack_of(0, 1));
    ack.states = {"FIN_WAIT_2"};
    ack.note = "A gets the ACK of its FIN";
    ack.rules = {"ack_new", "fin_acked"};
    VectorStep fin = send_step(fin_of(0, 1));
    fin.expect = {{ack_of(1, 1), at_once, "fin"}};
    fin.states = {"TIME_WAIT"};
    fin.note = "A gets B's FIN";
    fin.rules = {"fin"};
    vector.steps = {close, ack, fin};
    return vector;
}

// Every member in use: data both ways, a lost FIN, waits with and without a segment, alternatives, settings, options.
inline TestVector long_story(int ip = 4) {
    TestVector vector = normal_close(ip);
    vector.id = "W08/A";
    vector.goal = "the first FIN is lost";
    vector.claims = {{"W08", VectorClaim::Sense::counterexample, "no FIN is sent twice"},
                     {"again/FIN_WAIT_1", VectorClaim::Sense::goal, "rule again fires in FIN-WAIT-1"}};
    vector.refuted_expected = true;
    vector.settled_states = {"CLOSED"};
    vector.settings = {{"tcp_fin_timeout", "1"}, {"net.ipv4.tcp_rmem", "4096 131072 6291456"}};
    vector.options = {"sack", "timestamps", "window_scale"};
    vector.tester_isn = 0xffffffff;
    vector.window = 8192;

    VectorStep data = send_step(data_of(0, 0, 100));
    data.alternatives = {{ack_of(0, 100), {0, 250'000}, Alternative::Then::go_on, "ack_data"}};
    VectorStep read = call_step("recv", "ok", 100);
    read.other_results = {"reset", "would_block"};
    VectorStep write = call_step("send", "ok", 200);
    write.expect = {{data_of(0, 100, 200), at_once, "send"}};
    VectorStep acked = send_step(ack_of(100, 200));
    VectorStep half = call_step("shutdown_wr");
    half.expect = {{fin_of(200, 100), at_once, "half_close"}};
    half.note = "A: shutdown_wr; FIN lost";
    VectorStep again = wait_step("rto", 4, {180'000, 450'000});
    again.expect = {{fin_of(200, 100), after(4, {180'000, 450'000}), "again"}};
    again.alternatives = {
        {fin_of(200, 100), after(4, {0, 100'000}), Alternative::Then::inconclusive, "probe"},
        {ack_of(200, 100), {0, 500'000, {Anchor::Event::action, 0}}, Alternative::Then::go_on, "late"},
        {ack_of(200, 100), {0, 900'000, {Anchor::Event::opening, -1}}, Alternative::Then::go_on, "idle"}};
    again.expect[0].optional = true;
    again.other_states = {"CLOSED"};
    VectorStep fin = send_step(fin_of(100, 201));
    fin.expect = {{ack_of(201, 101), at_once, "fin"}};
    fin.signals = {"eof"};
    fin.signals_optional = true;
    fin.states = {"TIME_WAIT"};
    VectorStep over = wait_step("time_wait", 6, {60'000'000, 61'000'000});
    over.states = {"CLOSED"};
    VectorStep late = send_step({.seq = 100, .ack = 201, .fin = true});
    late.expect = {{{.seq = 201, .rst = true, .has_ack = false}, at_once, "no_connection"}};
    vector.steps = {data, read, write, acked, half, again, fin, over, late};
    return vector;
}

}  // namespace lastack::testing
