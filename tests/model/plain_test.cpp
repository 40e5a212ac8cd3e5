// The plain interpreter on specs/rfc9293.spec, against RFC 9293 as a reader would play it by hand. Our text is unit 1,
// our FIN the unit after it; the same for the peer. Handshakes, windows, holes, results: plain_whole_test.cpp.
#include <doctest/doctest.h>

#include "tests/model/rfc_end.h"

namespace lastack {

namespace {

using namespace testing;
using Words = std::vector<std::string>;
using Segments = std::vector<Segment>;

// A profile of one state and one variable, with the given rules.
Spec tiny(const std::string& rules) {
    return spec_from(R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
limit top = 2 in 0..3
timer tick = 1 s
var n : 0..top
segment ACK { seq n; ack 0 }
)" + rules + "\n}\n");
}

}  // namespace

TEST_CASE("RFC 9293 3.6 case 1: the active close runs through FIN-WAIT-1 and FIN-WAIT-2 to TIME-WAIT") {
    Player end(rfc());
    const Reaction close = end.call("close");
    CHECK(close.sent == Segments{fin(1, 1)});
    CHECK(close.result == "ok");
    CHECK(end.state() == "FIN_WAIT_1");
    CHECK(end.runs("rto"));

    CHECK(end.get(ack(1, 2)).sent.empty());
    CHECK(end.state() == "FIN_WAIT_2");
    CHECK_FALSE(end.runs("rto"));

    CHECK(end.get(fin(1, 2)).sent == Segments{ack(2, 2)});
    CHECK(end.state() == "TIME_WAIT");
    CHECK(end.runs("time_wait"));

    CHECK(end.expire("time_wait").sent.empty());
    CHECK(end.state() == "CLOSED");
    CHECK(end.word("how") == "graceful");
}

TEST_CASE("RFC 9293 3.6 case 2: the passive close runs through CLOSE-WAIT and LAST-ACK") {
    Player end(rfc());
    const Reaction got = end.get(fin(1, 1));
    CHECK(got.sent == Segments{ack(1, 2)});
    CHECK(got.signals == Words{"eof"});
    CHECK(end.state() == "CLOSE_WAIT");
    CHECK(end.call("close").sent == Segments{fin(1, 2)});
    CHECK(end.state() == "LAST_ACK");
    CHECK(end.get(ack(2, 2)).sent.empty());
    CHECK(end.state() == "CLOSED");
    CHECK(end.word("how") == "graceful");
}

TEST_CASE("RFC 9293 3.6 case 3: simultaneous closes cross in CLOSING") {
    Player end(rfc());
    end.call("close");
    CHECK(end.get(fin(1, 1)).sent == Segments{ack(2, 2)});
    CHECK(end.state() == "CLOSING");
    end.get(ack(2, 2));
    CHECK(end.state() == "TIME_WAIT");
}

TEST_CASE("A FIN that acknowledges our FIN leads from FIN-WAIT-1 to TIME-WAIT at once") {
    Player end(rfc());
    end.call("close");
    const Reaction got = end.get(fin(1, 2));
    CHECK(end.state() == "TIME_WAIT");
    CHECK(got.sent == Segments{ack(2, 2)});
    CHECK(got.rules == Words{"ack_new", "fin_acked", "fin"});
    CHECK_FALSE(end.runs("rto"));
}

TEST_CASE("After shutdown text is still taken and read; after close it is answered by a reset") {
    Player half(rfc());
    half.call("shutdown_wr");
    half.get(ack(1, 2));
    CHECK(half.get(data(1, 2)).sent == Segments{shut(ack(2, 2))});  // the buffer holds one unit, and it is full now
    CHECK(half.state() == "FIN_WAIT_2");
    CHECK(half.value("unread") == 1);
    CHECK(half.call("recv").result == "ok");
    CHECK(half.value("unread") == 0);
    CHECK(half.call("send").result == "pipe");

    Player closed(rfc());
    closed.call("close");
    closed.get(ack(1, 2));
    CHECK(closed.get(data(1, 2)).sent == Segments{rst(2)});
    CHECK(closed.state() == "CLOSED");
    CHECK(closed.word("how") == "aborted");
}

TEST_CASE("CLOSE with text that was never read sends a reset in place of the FIN") {
    Player end(rfc());
    end.get(data(1, 1));
    CHECK(end.call("close").sent == Segments{rst(1)});
    CHECK(end.state() == "CLOSED");
}

TEST_CASE("A segment outside the window is acknowledged and changes nothing else") {
    Player end(rfc());
    const EndState before = end.end();
    const std::vector<Reaction> ways = end.ways_of_segment(data(3, 1));  // the window is 2 units: 1 and 2
    REQUIRE(ways.size() == 1);
    CHECK(ways[0].sent == Segments{ack(1, 1)});
    CHECK(ways[0].rules == Words{"unacceptable"});
    CHECK(ways[0].after == before);
}

TEST_CASE("RFC 5961 3.2: an exact reset closes, one elsewhere in the window is challenged, one outside is dropped") {
    const Player end(rfc());
    const auto exact = end.ways_of_segment(rst(1));
    REQUIRE(exact.size() == 1);
    CHECK(exact[0].signals == Words{"reset"});
    CHECK(rfc().states[exact[0].after.state].name == "CLOSED");
    CHECK(exact[0].sent.empty());

    const auto inside = end.ways_of_segment(rst(2));
    REQUIRE(inside.size() == 1);
    CHECK(inside[0].sent == Segments{ack(1, 1)});
    CHECK(inside[0].after == end.end());

    for (const int outside : {0, 3}) {
        const auto dropped = end.ways_of_segment(rst(outside));
        REQUIRE(dropped.size() == 1);
        CHECK(dropped[0].sent.empty());
        CHECK(dropped[0].after == end.end());
    }
}

TEST_CASE("The oldest unit is sent again, then the FIN, and the retries are bounded") {
    Player end(rfc());
    CHECK(end.call("send").sent == Segments{data(1, 1)});
    CHECK(end.call("close").sent == Segments{fin(2, 1)});
    CHECK(end.expire("rto").sent == Segments{data(1, 1)});
    CHECK(end.value("tries") == 1);
    end.get(ack(1, 2));  // the text is acknowledged, the FIN is not
    CHECK(end.value("tries") == 0);
    CHECK(end.expire("rto").sent == Segments{fin(2, 1)});
    CHECK(end.expire("rto").sent == Segments{fin(2, 1)});
    CHECK(end.value("tries") == 2);
    const Reaction last = end.expire("rto");
    CHECK(last.sent.empty());
    CHECK(last.rules == Words{"give_up"});
    CHECK(last.signals.empty());  // nobody is there to be told: the descriptor is closed
    CHECK(end.state() == "CLOSED");
    CHECK(end.word("how") == "timed_out");
}

TEST_CASE("RFC 9293 3.8.1: text and FIN may share the segment in which they are sent again, unless the limit says no") {
    Segment both = data(1, 1);
    both.fin = true;
    for (const int repack : {0, 1}) {
        CAPTURE(repack);
        Player end(rfc(), {{"repack", repack}});
        end.call("send");
        end.call("close");
        const auto ways = end.ways_of_timer("rto");
        REQUIRE(ways.size() == static_cast<std::size_t>(1 + repack));
        CHECK(ways[0].sent == Segments{data(1, 1)});
        if (repack == 1) CHECK(ways[1].sent == Segments{both});
    }
}

TEST_CASE("Giving up tells an application that is still there") {
    Player end(rfc());
    end.call("shutdown_wr");
    end.expire("rto");
    end.expire("rto");
    CHECK(end.expire("rto").signals == Words{"timeout"});
}

TEST_CASE("CLOSED forgets the connection and stops every timer; history and what is kept stay") {
    Player end(rfc());
    end.get(fin(1, 1));
    end.call("send");
    end.call("close");
    end.get(ack(2, 3));
    REQUIRE(end.state() == "CLOSED");
    const EndState fresh = plain_initial(rfc());
    for (const char* variable : {"snd_una", "snd_nxt", "rcv_nxt"}) CHECK(end.value(variable) == 1);  // behind the SYN
    for (const char* variable : {"unread", "tries"}) CHECK(end.value(variable) == 0);
    CHECK(end.end().armed == fresh.armed);
    CHECK(end.word("how") == "graceful");
    CHECK(end.value("closed_first") == 0);
    CHECK(end.value("closed") == 1);  // the descriptor does not come back with the end of the connection
}

TEST_CASE("History survives CLOSED: who closed first is still known") {
    Player end(rfc());
    end.call("shutdown_wr");
    REQUIRE(end.value("snd_nxt") == 2);
    CHECK(end.call("abort").sent == Segments{rst(2)});
    CHECK(end.state() == "CLOSED");
    CHECK(end.value("snd_nxt") == 1);
    CHECK(end.value("closed_first") == 1);
    CHECK(end.word("how") == "aborted");
}

TEST_CASE("RFC 9293 3.10.7.1: CLOSED answers anything but a reset by a reset that its peer accepts") {
    Player end(rfc());
    end.call("abort");
    REQUIRE(end.state() == "CLOSED");
    CHECK(end.get(fin(1, 2)).sent == Segments{rst(2)});  // with the number that the ACK field asks for
    CHECK(end.get(rst(1)).sent.empty());

    // Without an ACK field it acknowledges all that the segment occupies: text, SYN and FIN.
    Segment text = rst(1);
    text.rst = false;
    text.len = 1;
    Segment ending = text;
    ending.fin = true;
    const auto denied = [](int acknowledged) {
        Segment segment = ack(0, acknowledged);
        segment.rst = true;
        return segment;
    };
    CHECK(end.get(text).sent == Segments{denied(2)});
    CHECK(end.get(syn()).sent == Segments{denied(1)});
    CHECK(end.get(ending).sent == Segments{denied(3)});
}

TEST_CASE("A choice of the standard gives two reactions: the acknowledgment now, or later") {
    const Player end(rfc());
    const auto ways = end.ways_of_segment(fin(1, 1));
    REQUIRE(ways.size() == 2);
    CHECK(ways[0].rules == Words{"fin"});
    CHECK(ways[0].sent == Segments{ack(1, 2)});
    CHECK(ways[1].rules == Words{"fin_delayed"});
    CHECK(ways[1].sent.empty());
    CHECK(ways[1].started == std::vector<int>{rfc().timer("delack")});

    Player later(rfc());
    later.go(ways[1]);
    CHECK(later.state() == "CLOSE_WAIT");
    CHECK(later.runs("delack"));
    CHECK(later.expire("delack").sent == Segments{ack(1, 2)});
    CHECK_FALSE(later.runs("delack"));
}

TEST_CASE("Effects apply in the order in which they are written") {
    const Spec spec = tiny(R"(on call go
  rule go "sends before, between and after" cites "none"
    ESTABLISHED { send ACK; n += 1; send ACK; n := n + 1; send ACK with seq n + 5; start tick; stop all })");
    Player end(*spec.profile("tiny"));
    const Reaction reaction = end.call("go");
    CHECK(reaction.sent == Segments{ack(0, 0), ack(1, 0), ack(7, 0)});
    CHECK(reaction.started == std::vector<int>{0});
    CHECK_FALSE(end.runs("tick"));
}

TEST_CASE("A segment that was dropped reaches no later step; one that matches nothing is ignored") {
    const Spec spec = tiny(R"(on segment
  step one rule taken "it" cites "none" ESTABLISHED [seg.fin] { n := 1; drop }
  step two rule also "it" cites "none" ESTABLISHED [seg.fin or seg.rst] { n := 2 })");
    const Player end(*spec.profile("tiny"));
    const auto taken = end.ways_of_segment(fin(0, 0));
    REQUIRE(taken.size() == 1);
    CHECK(taken[0].rules == Words{"taken"});
    CHECK(taken[0].after.values == std::vector<int>{1});
    const auto passed = end.ways_of_segment(rst(0));
    REQUIRE(passed.size() == 1);
    CHECK(passed[0].rules == Words{"also"});
    const auto ignored = end.ways_of_segment(ack(0, 0));
    REQUIRE(ignored.size() == 1);
    CHECK(ignored[0].rules.empty());
    CHECK(ignored[0].after == end.end());
}

TEST_CASE("Calls and timers that no rule takes are not enabled") {
    Player end(rfc());
    CHECK(end.ways_of_timer("rto").empty());
    CHECK(end.ways_of_call("recv").empty());  // nothing to read, and no end of the stream yet
    CHECK(end.ways_of_call("no_such_call").empty());
}

TEST_CASE("A variable beyond its range is an error of the profile, with the rule's place and the state") {
    const Spec spec = tiny(R"(on call go rule go "it" cites "none" ESTABLISHED { n += 1 })");
    Player end(*spec.profile("tiny"));
    end.call("go");
    end.call("go");
    CHECK_THROWS_WITH_AS(end.call("go"), doctest::Contains("'n' becomes 3, outside 0..2"), ModelError);
    CHECK_THROWS_WITH_AS(end.call("go"), doctest::Contains("test.spec:"), ModelError);
    CHECK_THROWS_WITH_AS(end.call("go"), doctest::Contains("n=2"), ModelError);
}

TEST_CASE(
    "More than four segments in one step are an error of the profile, all steps of an arriving segment together") {
    const Spec spec = tiny(R"(on segment
  step one "one" rule two_of_them "it" cites "none" ESTABLISHED { send ACK; send ACK }
  step two "two"
    rule two_more "it" cites "none" ESTABLISHED [not seg.fin] { send ACK; send ACK }
    rule three_more "it" cites "none" ESTABLISHED [seg.fin] { send ACK; send ACK; send ACK })");
    Player end(*spec.profile("tiny"));
    CHECK(end.ways_of_segment(ack(0, 0)).at(0).sent.size() == 4);
    CHECK_THROWS_WITH_AS(end.ways_of_segment(fin(0, 0)), "rule 'three_more' makes one step send more than 4 segments",
                         ModelError);
}

TEST_CASE("Two plain rules of a step that both match are an error of the profile") {
    const Spec spec = tiny(R"(on call go
  rule big "it" cites "none" ESTABLISHED [n > 0] { n := 0 }
  rule odd "it" cites "none" ESTABLISHED [n == top - 1] { n := 0 }
  rule up  "it" cites "none" ESTABLISHED [n == 0] { n += 1 })");
    Player end(*spec.profile("tiny"));
    end.call("go");
    CHECK_THROWS_WITH_AS(end.call("go"), doctest::Contains("'big' and 'odd' both match"), ModelError);
}

TEST_CASE("A derived timer runs exactly while its condition holds") {
    const Spec spec = spec_from(R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
timer tick = 1 s while n > 0
var n : 0..1
on call up rule up "it" cites "none" ESTABLISHED [n == 0] { n := 1 }
on timer tick rule down "it" cites "none" ESTABLISHED { n := 0 }
})");
    Player end(*spec.profile("tiny"));
    CHECK(end.ways_of_timer("tick").empty());
    end.call("up");
    CHECK(end.runs("tick"));
    CHECK(end.end().armed == std::vector<bool>{false});
    end.expire("tick");
    CHECK_FALSE(end.runs("tick"));
}

// The timer has a rule where `n` is 2 only.
const std::string waits_for_a_rule = R"(on call go rule go "it" cites "none"
    ESTABLISHED [n == 0] { n := 1; start tick }
    ESTABLISHED [n == 1] { n := 2 }
on timer tick rule over "it" cites "none" ESTABLISHED [n == 2] -> CLOSED)";

TEST_CASE("A timer whose end no rule takes does not expire: it stays, due, and expires as soon as a rule takes it") {
    const Spec spec = tiny(waits_for_a_rule);
    Player end(*spec.profile("tiny"));
    end.call("go");
    CHECK(end.runs("tick"));
    CHECK(end.ways_of_timer("tick").empty());
    end.call("go");
    CHECK(end.runs("tick"));
    end.expire("tick");
    CHECK(end.state() == "CLOSED");
    CHECK_FALSE(end.runs("tick"));
}

TEST_CASE("The guard of a timer's rule finds the timer stopped already; a derived one runs while its condition holds") {
    const Spec spec = tiny(R"(on call go rule go "it" cites "none" ESTABLISHED { start tick }
on timer tick
  rule runs "it" cites "none" ESTABLISHED [running tick] { n := 1 }
  rule rests "it" cites "none" ESTABLISHED [not running tick] { n := 2 })");
    Player end(*spec.profile("tiny"));
    end.call("go");
    CHECK(end.expire("tick").rules == Words{"rests"});
    const Spec derived = spec_from(R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial
timer tick = 1 s while state == ESTABLISHED
on timer tick
  rule runs "it" cites "none" ESTABLISHED [running tick] { signal eof }
  rule rests "it" cites "none" ESTABLISHED [not running tick] { signal reset }
})");
    CHECK(Player(*derived.profile("tiny")).expire("tick").rules == Words{"runs"});
}

}  // namespace lastack
