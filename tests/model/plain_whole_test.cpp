// What specs/rfc9293.spec says beyond the close itself, against RFC 9293 3.10 as a reader would play it by hand: the
// handshake, text behind a hole, a full buffer, a shut window, the user timeout, what each call returns in which state.
#include <doctest/doctest.h>

#include "tests/model/rfc_end.h"

namespace lastack {

namespace {

using namespace testing;
using Words = std::vector<std::string>;
using Segments = std::vector<Segment>;

// An end in SYN-RECEIVED, by a passive open or because the SYNs crossed.
Player opening(bool passive) {
    Player player = unopened();
    player.call(passive ? "listen" : "open");
    player.get(syn());
    return player;
}

// An end in the named state; nothing is unread.
Player in_state(const std::string& name) {
    if (name == "CLOSED" || name == "LISTEN" || name == "SYN_SENT") {
        Player player = unopened();
        if (name == "LISTEN") player.call("listen");
        if (name == "SYN_SENT") player.call("open");
        return player;
    }
    if (name == "SYN_RCVD") return opening(true);
    Player player(rfc());
    if (name == "CLOSE_WAIT" || name == "LAST_ACK") player.get(fin(1, 1));
    if (name != "ESTABLISHED" && name != "CLOSE_WAIT") player.call("shutdown_wr");
    if (name == "FIN_WAIT_2" || name == "TIME_WAIT") player.get(ack(1, 2));
    if (name == "CLOSING") player.get(fin(1, 1));
    if (name == "TIME_WAIT") player.get(fin(1, 2));
    return player;
}

// What a call returns; "" where it has no reaction, that is, where it waits.
std::string result_of(const Player& player, const std::string& call) {
    const auto ways = player.ways_of_call(call);
    return ways.empty() ? "" : ways[0].result;
}

}  // namespace

TEST_CASE("RFC 9293 3.5, figure 6: the active end of the handshake") {
    Player end = unopened();
    CHECK(end.call("open").sent == Segments{syn()});
    CHECK(end.state() == "SYN_SENT");
    CHECK(end.runs("rto"));
    CHECK(end.get(syn_ack()).sent == Segments{ack(1, 1)});
    CHECK(end.state() == "ESTABLISHED");
    CHECK_FALSE(end.runs("rto"));
}

TEST_CASE("RFC 9293 3.5, figure 6: the passive end of the handshake") {
    Player end = unopened();
    CHECK(end.call("listen").sent.empty());
    CHECK(end.get(syn()).sent == Segments{syn_ack()});
    CHECK(end.state() == "SYN_RCVD");
    CHECK(end.get(ack(1, 1)).sent.empty());
    CHECK(end.state() == "ESTABLISHED");
    CHECK_FALSE(end.runs("rto"));
}

TEST_CASE("RFC 9293 3.5, figure 7: SYNs that cross meet in SYN-RECEIVED") {
    Player end = unopened();
    end.call("open");
    CHECK(end.get(syn()).sent == Segments{syn_ack()});
    CHECK(end.state() == "SYN_RCVD");
    end.get(ack(1, 1));
    CHECK(end.state() == "ESTABLISHED");
}

TEST_CASE("An opened connection is the one that tests of the close start from") {
    Player opened = unopened();
    opened.call("open");
    opened.get(syn_ack());
    const Player given(rfc());
    for (const char* variable : {"snd_una", "snd_nxt", "rcv_nxt", "unread", "tries", "closed", "passive"}) {
        CAPTURE(variable);
        CHECK(opened.value(variable) == given.value(variable));
    }
}

TEST_CASE("RFC 9293 3.10.7.4 second: a reset sends a passive open back to LISTEN and refuses an active one") {
    Player passive = opening(true);
    const Reaction back = passive.get(rst(1));
    CHECK(passive.state() == "LISTEN");
    CHECK(back.signals.empty());
    CHECK(back.sent.empty());
    CHECK_FALSE(passive.runs("rto"));

    Player active = opening(false);
    CHECK(active.get(rst(1)).signals == Words{"refused"});
    CHECK(active.state() == "CLOSED");
    CHECK(active.call("send").result == "refused");
}

TEST_CASE("RFC 9293 3.10.7.3: in SYN-SENT only a reset that acknowledges the SYN refuses the connection") {
    Player end = unopened();
    end.call("open");
    CHECK(end.get(ack(0, 2)).sent == Segments{rst(2)});  // that much was never sent
    end.get(rst(0));
    CHECK(end.state() == "SYN_SENT");
    Segment refusal = ack(0, 1);
    refusal.rst = true;
    CHECK(end.get(refusal).signals == Words{"refused"});
    CHECK(end.state() == "CLOSED");
}

TEST_CASE("RFC 9293 3.10.4: CLOSE in SYN-RECEIVED sends the FIN behind a SYN that nobody acknowledged yet") {
    Player end = opening(true);
    CHECK(end.call("close").sent == Segments{fin(1, 1)});
    CHECK(end.state() == "FIN_WAIT_1");
    CHECK(end.expire("rto").sent == Segments{syn_ack()});  // the oldest unit is still the SYN
    end.get(ack(1, 1));                                    // it is acknowledged, the FIN is not
    CHECK(end.state() == "FIN_WAIT_1");
    end.get(ack(1, 2));
    CHECK(end.state() == "FIN_WAIT_2");
}

TEST_CASE("RFC 9293 3.10.4: CLOSE where there is no peer yet deletes the TCB without a segment") {
    for (const char* call : {"listen", "open"}) {
        Player end = unopened();
        end.call(call);
        CHECK(end.call("close").sent.empty());
        CHECK(end.state() == "CLOSED");
        CHECK_FALSE(end.runs("rto"));
    }
}

TEST_CASE("Text behind a hole is held, and acknowledged when the hole is closed") {
    Player end(rfc(), {{"data", 2}, {"buffer", 0}});
    CHECK(end.get(data(2, 1)).sent == Segments{ack(1, 1)});
    CHECK(end.value("unread") == 0);
    CHECK(end.get(data(1, 1)).sent == Segments{ack(1, 3)});
    CHECK(end.value("unread") == 2);
}

TEST_CASE("A FIN behind a hole is held: the stream ends only when the text before it has come") {
    Player end(rfc());
    const Reaction early = end.get(fin(2, 1));
    CHECK(early.sent == Segments{ack(1, 1)});
    CHECK(early.signals.empty());
    CHECK(end.state() == "ESTABLISHED");
    const Reaction text = end.get(data(1, 1));
    CHECK(text.sent == Segments{shut(ack(1, 3))});  // one acknowledgment for both, from a buffer that is full
    CHECK(text.signals == Words{"eof"});
    CHECK(end.state() == "CLOSE_WAIT");
    CHECK(end.call("recv").result == "ok");
    CHECK(end.call("recv").result == "eof");
}

TEST_CASE("RFC 9293 3.10.7.4 first: a full buffer takes no text, but acknowledgments and resets") {
    Player end(rfc());
    CHECK(end.get(data(1, 1)).sent == Segments{shut(ack(1, 2))});
    CHECK(end.get(data(2, 1)).sent == Segments{shut(ack(1, 2))});  // not acceptable
    CHECK(end.value("unread") == 1);
    end.call("send");
    end.get(ack(2, 2));
    CHECK(end.value("snd_una") == 2);
    const auto reset = end.ways_of_segment(rst(2));
    REQUIRE(reset.size() == 1);
    CHECK(reset[0].signals == Words{"reset"});

    CHECK(end.call("recv").sent == Segments{ack(2, 2)});  // the peer is told that there is room again
    CHECK(end.get(fin(2, 2)).sent == Segments{ack(2, 3)});
}

TEST_CASE("RFC 9293 3.8.6.1: text waits behind a shut window, which is probed for as long as the peer answers") {
    Player end(rfc(), {{"data", 2}});
    CHECK(end.call("send").sent == Segments{data(1, 1)});
    end.get(shut(ack(1, 2)));
    CHECK_FALSE(end.runs("rto"));
    CHECK_FALSE(end.runs("persist"));  // nothing waits

    const Reaction queued = end.call("send");
    CHECK(queued.result == "ok");
    CHECK(queued.sent.empty());
    CHECK(end.runs("persist"));
    for (int probe = 0; probe < 5; ++probe) {  // more often than there are retries
        CHECK(end.expire("persist").sent == Segments{data(2, 1)});
        end.get(shut(ack(1, 2)));
        CHECK(end.state() == "ESTABLISHED");
        CHECK(end.runs("persist"));
    }
    end.get(ack(1, 3));
    CHECK_FALSE(end.runs("persist"));
}

TEST_CASE("A FIN takes a number, so it waits behind a shut window too, and goes out when it opens") {
    Player end(rfc());
    end.call("send");
    end.get(shut(ack(1, 2)));
    CHECK(end.call("close").sent.empty());
    CHECK(end.state() == "FIN_WAIT_1");
    CHECK(end.runs("persist"));
    CHECK(end.get(ack(1, 2)).sent == Segments{fin(2, 1)});
    CHECK(end.runs("rto"));
    CHECK_FALSE(end.runs("persist"));
    end.get(ack(1, 3));
    CHECK(end.state() == "FIN_WAIT_2");
}

TEST_CASE("RFC 9293 3.10.8: the user timeout runs while something is unfinished, and tells the application") {
    Player end(rfc());
    CHECK_FALSE(end.runs("user_timeout"));
    end.call("send");
    CHECK(end.runs("user_timeout"));
    const Reaction over = end.expire("user_timeout");
    CHECK(over.signals == Words{"timeout"});
    CHECK(end.state() == "CLOSED");
    CHECK(end.word("how") == "timed_out");
    CHECK_FALSE(end.runs("user_timeout"));

    Player patient(rfc(), {{"uto", 0}});
    patient.call("send");
    CHECK_FALSE(patient.runs("user_timeout"));
}

// RFC 9293 3.10.2 to 3.10.4 in the words of sockets: "connection closing" is `pipe` to SEND and `eof` to RECEIVE. They
// say other things than the RFC in three places: before ESTABLISHED it would queue the call, a RECEIVE in CLOSED is an
// error to it, and so is a second CLOSE behind FIN-WAIT-2.
TEST_CASE("What a call returns, state by state, to an application that has its descriptor") {
    const struct {
        const char *state, *send, *recv, *shutdown_wr;
    } table[] = {
        {"CLOSED", "pipe", "eof", "not_connected"},
        {"LISTEN", "not_connected", "not_connected", "not_connected"},
        {"SYN_SENT", "not_connected", "not_connected", "not_connected"},
        {"SYN_RCVD", "not_connected", "not_connected", "not_connected"},
        {"ESTABLISHED", "ok", "", "ok"},
        {"FIN_WAIT_1", "pipe", "", "ok"},
        {"FIN_WAIT_2", "pipe", "", "ok"},
        {"CLOSE_WAIT", "ok", "eof", "ok"},
        {"CLOSING", "pipe", "eof", "ok"},
        {"LAST_ACK", "pipe", "eof", "ok"},
        {"TIME_WAIT", "pipe", "eof", "ok"},
    };
    for (const auto& row : table) {
        CAPTURE(row.state);
        const Player end = in_state(row.state);
        REQUIRE(end.state() == row.state);
        CHECK(result_of(end, "send") == row.send);
        CHECK(result_of(end, "recv") == row.recv);
        CHECK(result_of(end, "shutdown_wr") == row.shutdown_wr);
        CHECK(result_of(end, "close") == "ok");
        CHECK(result_of(end, "abort") == "ok");
    }
}

TEST_CASE("The first call after the end tells why, the next one that there is no connection") {
    Player reset(rfc());
    reset.get(rst(1));
    CHECK(reset.call("recv").result == "reset");
    CHECK(reset.call("recv").result == "eof");
    CHECK(reset.call("send").result == "pipe");

    Player silent(rfc());
    silent.call("send");
    for (int expiry = 0; expiry < 3; ++expiry) silent.expire("rto");
    REQUIRE(silent.state() == "CLOSED");
    CHECK(silent.call("send").result == "timeout");
    CHECK(silent.call("send").result == "pipe");
}

TEST_CASE("No call is enabled on a descriptor that was given up") {
    Player end(rfc());
    end.call("close");
    for (const char* call : {"send", "recv", "close", "shutdown_wr", "shutdown_rd", "shutdown_rdwr", "abort"}) {
        CAPTURE(call);
        CHECK(end.ways_of_call(call).empty());
    }
}

TEST_CASE("RFC 9293 3.6.1: an application that reads no more still acknowledges; the peer is not told") {
    Player end(rfc());
    CHECK(end.call("shutdown_rd").sent.empty());
    CHECK(end.get(data(1, 1)).sent == Segments{ack(1, 2)});  // forgotten at once, so there is room
    CHECK(end.call("recv").result == "eof");
    CHECK(end.state() == "ESTABLISHED");
    CHECK(end.call("close").sent == Segments{fin(1, 2)});  // nothing unread is left to reset for
}

}  // namespace lastack
