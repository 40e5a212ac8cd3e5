// The target `sim`: a profile that speaks bytes, in virtual time.
#include <doctest/doctest.h>

#include "harness/byte_units.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;
using namespace hand;

namespace {

TestRun play(const TestVector& vector, unsigned seed = 1) {
    const Profile profile = tiny_profile();
    SimPlay way;
    way.seed = seed;
    const auto target = make_sim_target(profile, limits_of(profile), way);
    DriveOptions options;
    options.longest_us = 1'000'000'000;
    return drive(*target, {vector}, options).at(0);
}

Window at(std::int64_t us) { return {us, us}; }

}  // namespace

TEST_CASE("a stream's FIN is one byte behind its blocks of text") {
    ByteUnits stream(100);
    CHECK(stream.unit_at(0) == 0);
    CHECK(stream.unit_at(200) == 2);
    CHECK(stream.byte_at(2) == 200);
    stream.fin_at(200);
    CHECK(stream.unit_at(201) == 3);
    CHECK(stream.byte_at(3) == 201);
    CHECK(stream.byte_at(4) == 202);
}

TEST_CASE("a position that no unit stands for becomes the nearest one, or one that no window reaches") {
    ByteUnits stream(100);
    CHECK(stream.unit_at(149) == 1);
    CHECK(stream.unit_at(151) == 2);
    CHECK(stream.unit_at(-1) == ByteUnits::far_unit);
    CHECK(stream.unit_at(2'000'000'000) == ByteUnits::far_unit);
}

TEST_CASE("a FIN that was never taken does not move the stream's end") {
    ByteUnits stream(100);
    stream.fin_at(500);  // out of the window, say
    CHECK(stream.unit_at(600) == 6);
    stream.fin_at(100);
    stream.taken(2);
    CHECK(stream.byte_at(2) == 101);
    stream.fin_at(700);  // too late: the receiver has the FIN
    CHECK(stream.byte_at(2) == 101);
}

TEST_CASE("text and FIN go both ways in bytes") {
    const TestRun run = play(vector_of(
        "text both ways", {then(call("send", "ok", 100), {data(0, 0)}), then(send(data(0, 100)), {ack(100, 100)}),
                           then(send(fin(100, 100)), {ack(100, 101)}, "CLOSE_WAIT", "eof"),
                           then(call("close"), {fin(100, 101)}, "LAST_ACK"), then(send(ack(101, 101)), {}, "CLOSED")}));
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

TEST_CASE("where the SYN is unit 0, text begins at unit 1 and its first byte is still byte 0") {
    ByteUnits stream(100, 1);
    CHECK(stream.unit_at(-1) == 0);
    CHECK(stream.unit_at(-2) == ByteUnits::far_unit);
    CHECK(stream.unit_at(0) == 1);
    CHECK(stream.unit_at(200) == 3);
    CHECK(stream.byte_at(0) == -1);
    CHECK(stream.byte_at(1) == 0);
    CHECK(stream.byte_at(3) == 200);
    stream.fin_at(200);
    stream.taken(4);
    CHECK(stream.unit_at(201) == 4);
    CHECK(stream.byte_at(4) == 201);
    stream.fin_at(300);  // too late
    CHECK(stream.byte_at(4) == 201);
}

// The same endpoint with its units counted from the SYN answers on the wire as before.
TEST_CASE("a profile that counts from the SYN speaks the same bytes") {
    std::string text = tiny_text;
    const auto replace = [&](const std::string& from, const std::string& to) {
        const auto at = text.find(from);
        REQUIRE(at != std::string::npos);
        text.replace(at, from.size(), to);
    };
    replace("limit data    = 2 in 0..3", "stream from 1\nlimit data    = 3 in 0..4");
    replace("snd_nxt : 0..data+1", "snd_nxt : 0..data+1 = 1");
    replace("var rcv_nxt : 0..4", "var rcv_nxt : 0..5 = 1");
    replace("rcv_nxt < 4", "rcv_nxt < 5");
    const Profile shifted = parse_spec(text, "shifted.spec").profiles.at(0);
    const TestVector vector = vector_of(
        "text both ways", {then(call("send", "ok", 100), {data(0, 0)}), then(send(data(0, 100)), {ack(100, 100)}),
                           then(send(fin(100, 100)), {ack(100, 101)}, "CLOSE_WAIT", "eof"),
                           then(call("close"), {fin(100, 101)}, "LAST_ACK"), then(send(ack(101, 101)), {}, "CLOSED")});
    const auto target = make_sim_target(shifted, limits_of(shifted));
    const TestRun run = drive(*target, {vector}, DriveOptions{}).at(0);
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

// RFC 9293 3.10.7.4, fourth: a SYN is answered by an ACK; its number is in the window here, and it carries no text.
TEST_CASE("a SYN to an endpoint that is synchronized reaches its profile with its number") {
    static const Spec spec = parse_spec(R"(
profile strict "it tells the number of a SYN" cites "RFC 5961 4.2" {
  states ESTABLISHED initial
  stream from 1
  segment CHALLENGE { seq 1; ack 1 }
  segment OTHER { seq 1; ack 2 }
  on segment
    step fourth
      rule challenge "the SYN of the opening comes again" cites "RFC 5961 4.2"
        ESTABLISHED [seg.syn and seg.seq == 0] { send CHALLENGE; drop }
      rule another "a SYN with another number" cites "RFC 5961 4.2"
        ESTABLISHED [seg.syn and seg.seq == 2] { send OTHER; drop }
}
)",
                                        "strict.spec");
    WireSegment opening, later;
    opening.syn = later.syn = true;
    opening.has_ack = later.has_ack = false;
    opening.seq = -1;
    later.seq = 100;
    const auto target = make_sim_target(spec.profiles.at(0), {});
    const TestRun run =
        drive(*target, {vector_of("syn", {then(send(opening), {ack(0, 0)}), then(send(later), {ack(0, 100)})})},
              DriveOptions{})
            .at(0);
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

TEST_CASE("a FIN is sent again after 1 s and 2 s more, and given up 4 s later") {
    const TestRun run =
        play(vector_of("silence", {then(call("shutdown_wr"), {fin(0, 0)}, "FIN_WAIT_1"),
                                   then(wait("rto", at(1'000'000), 0), {fin(0, 0)}, "FIN_WAIT_1", "", at(1'000'000)),
                                   then(wait("rto", at(2'000'000), 1), {fin(0, 0)}, "FIN_WAIT_1", "", at(2'000'000)),
                                   then(wait("rto", at(4'000'000), 2), {}, "CLOSED", "timeout")}));
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
    CHECK(run.duration_us < 7'100'000);
}

TEST_CASE("progress gives a timer that had doubled its first interval again") {
    const TestRun run = play(vector_of(
        "progress", {then(call("send", "ok", 100), {data(0, 0)}),
                     then(wait("rto", at(1'000'000), 0), {data(0, 0)}, "", "", at(1'000'000)),
                     then(call("send", "ok", 100), {data(100, 0)}), then(send(ack(0, 100)), {}, "ESTABLISHED"),
                     then(wait("rto", at(1'000'000), 3), {data(100, 0)}, "ESTABLISHED", "", at(1'000'000))}));
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

TEST_CASE("a timer that is started again while it runs begins anew") {
    TestVector vector = active_close();
    vector.steps.push_back(then(wait("nothing", at(40'000'000), 2), {}, "TIME_WAIT"));
    vector.steps.push_back(then(send(fin(0, 1)), {ack(1, 1)}, "TIME_WAIT"));
    vector.steps.push_back(then(wait("nothing", at(59'000'000), 4), {}, "TIME_WAIT"));
    vector.steps.push_back(then(wait("time_wait", {60'000'000, 62'000'000}, 4), {}, "CLOSED"));
    const TestRun run = play(vector);
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

TEST_CASE("a derived timer begins with its condition, and goes on while a variable of the condition changes") {
    TestVector vector =
        vector_of("patience", {then(call("shutdown_wr"), {fin(0, 0)}), then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
                               then(wait("nothing", at(200'000'000), 1), {}, "FIN_WAIT_2"),
                               then(send(data(0, 1)), {ack(1, 100)}, "FIN_WAIT_2"),
                               then(wait("patience", {99'900'000, 100'000'000}, 3), {}, "CLOSED")});
    const TestRun run = play(vector);
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
    vector.steps[4].window = at(300'000'000);
    CHECK(play(vector).reason == "the state is CLOSED before patience may expire; it should be FIN_WAIT_2 until 300 s");
}

TEST_CASE("a call that no rule takes would block, and after the end finds no connection") {
    CHECK(play(vector_of("no rule", {call("recv", "would_block", 1)})).verdict == Verdict::pass);
    CHECK(play(vector_of("gone", {then(send(rst(0)), {}, "CLOSED", "reset"), call("send", "not_connected", 100)}))
              .verdict == Verdict::pass);
}

TEST_CASE("after close the application sees nothing any more") {
    TestVector vector = active_close();
    vector.steps[2].signals = {"eof"};
    CHECK(play(vector).reason == "the application sees nothing, expected was eof");
}

TEST_CASE("the same seed gives the same run, and any seed the same verdict") {
    const TestRun first = play(half_close(), 7), second = play(half_close(), 7);
    CHECK(first.reason == second.reason);
    CHECK(first.observed.size() == second.observed.size());
    for (unsigned seed = 0; seed < 50; ++seed) CHECK(play(active_close(), seed).verdict == Verdict::pass);
}

TEST_CASE("a segment outside of the connection's numbers is unacceptable to the profile") {
    const TestRun run = play(vector_of("far away", {then(send(ack(-5000, 0)), {ack(0, 0)}, "ESTABLISHED"),
                                                    then(send(ack(1'000'000, 0)), {ack(0, 0)}, "ESTABLISHED")}));
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
}
