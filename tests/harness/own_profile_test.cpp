// A profile is never refuted by its own vectors: small profiles of the kinds in which time or a choice decides what may
// come. Each is made into vectors, for claims and for each rule in each state, and `sim` plays it in every way that it
// leaves free.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "tests/random/judge_vectors.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

const std::string end_of_file = R"(
system both "two of them" ends subject A, subject B network 1 loses calls A { close } B { close }
claim c "nothing in particular" cites "a test" on both invariant true or A in ESTABLISHED
)";

const std::string silent_expiry = R"(
profile silent "a timer that a silent expiry starts" cites "a test" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final
  timer first = 200 ms
  timer second = 1 s
  segment FIN { seq 0; ack 0; fin }
  on call close
    rule closes "says nothing yet" cites "a test" ESTABLISHED -> FIN_WAIT_1 { start first }
  on timer first
    rule waited "starts the second, silently" cites "a test" FIN_WAIT_1 { start second }
  on timer second
    rule sends "and then the FIN goes" cites "a test" FIN_WAIT_1 -> CLOSED { send FIN }
  on segment
    step any
      rule ignores "nothing" cites "a test" any { drop }
})";

const std::string tie = R"(
profile tie "two timers that end at one moment" cites "a test" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final
  timer a = 1 s
  timer b = 1 s
  segment FIN { seq 0; ack 0; fin }
  on call close
    rule closes "starts both" cites "a test" ESTABLISHED -> FIN_WAIT_1 { start a; start b }
  on timer a
    rule alone "the end of a" cites "a test" FIN_WAIT_1 -> CLOSED { stop all }
  on timer b
    rule sends "the end of b while a runs" cites "a test" FIN_WAIT_1 [running a] -> CLOSED { send FIN; stop all }
  on segment
    step any
      rule ignores "nothing" cites "a test" any { drop }
})";

const std::string unruled = R"(
profile unruled "a timer that runs where it has no rule" cites "a test" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final
  timer a = 1 s
  timer b = 2 s
  segment FIN { seq 0; ack 0; fin }
  on call close
    rule closes "starts both" cites "a test" ESTABLISHED -> FIN_WAIT_1 { start a; start b }
  on timer a
    rule alone "a has a rule in CLOSED only" cites "a test" CLOSED { send FIN; signal timeout }
  on timer b
    rule moves "the end of b" cites "a test" FIN_WAIT_1 -> CLOSED
  on segment
    step any
      rule ignores "nothing" cites "a test" any { drop }
})";

const std::string optional = R"(
profile optional "an answer that may be left out" cites "a test" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, CLOSED final
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq 0; ack 1 }
  on call close
    rule closes "sends its FIN" cites "a test" ESTABLISHED -> FIN_WAIT_1 { send FIN }
  on segment
    step any
      may rule answers "may answer, and may not" cites "a test" ESTABLISHED [seg.fin] -> CLOSE_WAIT { send ACK; drop }
      rule ignores "nothing" cites "a test" FIN_WAIT_1, CLOSE_WAIT, CLOSED { drop }
})";

const std::string derived = R"(
profile derived "a timer that runs while something holds" cites "a test" {
  states ESTABLISHED initial, CLOSED final
  timer t = 1 s while n > 0
  timer u = 600 ms
  var n : 0..2
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq 0; ack 0 }
  on call shutdown_wr
    rule once "n becomes 1" cites "a test" ESTABLISHED [n == 0] { n := 1; start u }
    rule twice "n becomes 2: t goes on" cites "a test" ESTABLISHED [n == 1 and not running u] { n := 2 }
  on timer u
    rule u "an ACK" cites "a test" ESTABLISHED { send ACK }
  on timer t
    rule over "the end" cites "a test" ESTABLISHED -> CLOSED { n := 0; send FIN }
  on segment
    step all
      rule drop "nothing" cites "a test" any { drop }
}
system both "two of them" ends subject A, subject B network 1 loses calls A { shutdown_wr } B { }
claim changed "t runs while n changes" cites "a test" on both
  reachable A fires u then A fires twice then A expires t expect holds
)";

struct Played {
    std::vector<TestVector> vectors;
    VectorTally tally;
};

Played played(const std::string& text) {
    const Spec spec = spec_from(text);
    Played result;
    result.vectors = vectors_of(spec);
    result.tally = play_all(spec, result.vectors, 0);
    return result;
}

void check_not_refuted(const Played& one) {
    INFO(fmt::format("{}", fmt::join(one.tally.reasons, "\n")));
    CHECK(one.tally.failed == 0);
    CHECK(one.tally.errors == 0);
    CHECK(one.tally.passed > 0);
}

const TestVector* vector_for(const Played& one, const std::string& id) {
    const auto found = std::find_if(one.vectors.begin(), one.vectors.end(),
                                    [&](const TestVector& vector) { return vector.id.starts_with(id + "/"); });
    return found == one.vectors.end() ? nullptr : &*found;
}

}  // namespace

TEST_CASE("a timer that a silent expiry starts is timed from that expiry, not from when the tester is sure of it") {
    const Played one = played(silent_expiry + end_of_file);
    check_not_refuted(one);
    CHECK(one.tally.inconclusive == 0);
    const TestVector* vector = vector_for(one, "sends/FIN_WAIT_1");
    REQUIRE(vector != nullptr);
    // 200 ms and 1 s after close(): each is exact, so their sum is.
    const VectorStep& wait = vector->steps.back();
    CHECK(wait.window == Window{1'200'000, 1'200'000, {Anchor::Event::action, 0}});
    CHECK(wait.expect.at(0).window == wait.window);
}

TEST_CASE("which of two timers that end at one moment is first cannot be planned, and either is allowed") {
    const Played one = played(tie + end_of_file);
    check_not_refuted(one);
    CHECK(vector_for(one, "sends/FIN_WAIT_1") == nullptr);
    CHECK(vector_for(one, "alone/FIN_WAIT_1") == nullptr);
    CHECK(vector_for(one, "closes/ESTABLISHED") != nullptr);
}

TEST_CASE("a timer that ran out where no rule took its end expires as soon as one does") {
    const Played one = played(unruled + end_of_file);
    check_not_refuted(one);
    const TestVector* vector = vector_for(one, "alone/CLOSED");
    REQUIRE(vector != nullptr);
    CHECK(vector->steps.back().expect.at(0).window.earliest_us == 2'000'000);
}

TEST_CASE("what a choice allows to be left out is no failure") {
    const Played one = played(optional + end_of_file);
    check_not_refuted(one);
    CHECK(one.tally.inconclusive > 0);
    const TestVector* vector = vector_for(one, "answers/ESTABLISHED");
    REQUIRE(vector != nullptr);
    const VectorStep& step = vector->steps.back();
    REQUIRE(step.expect.size() == 1);
    CHECK(step.expect.front().optional);
    CHECK(step.states == std::vector<std::string>{"CLOSE_WAIT"});
    CHECK(step.other_states.empty());  // who has answered is in CLOSE-WAIT
}

TEST_CASE("a derived timer is not started anew while its condition stays true") {
    const Played one = played(derived);
    check_not_refuted(one);
    CHECK(one.tally.inconclusive == 0);
    const TestVector* vector = vector_for(one, "changed");
    REQUIRE(vector != nullptr);
    CHECK(vector->steps.back().window == Window{1'000'000, 1'000'000, {Anchor::Event::action, 0}});
}

namespace {

const std::string delaying = R"(
profile delaying "an acknowledgment may be owed when the application closes" cites "RFC 9293 3.8.6.3" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED final
  timer delack = 0 ms to 200 ms
  segment ACK { seq 0; ack 1 }
  segment FIN { seq 0; ack 1; fin }
  segment DATA { seq 0; ack 0; len 1 }
  on call send
    rule send "text" cites "a test" ESTABLISHED { send DATA }
  on call close
    rule close "the FIN acknowledges, too" cites "a test" ESTABLISHED -> FIN_WAIT_1 { stop delack; send FIN }
  on timer delack
    rule owed "what is owed is paid" cites "RFC 9293 3.8.6.3" ESTABLISHED { send ACK }
  on segment
    step any
      rule text "text is taken, its acknowledgment is owed" cites "a test" ESTABLISHED [seg.len == 1] { start delack }
}
system both "two of them" ends subject A, subject B network 1 calls A { close } B { send }
claim both-in-one "one segment acknowledges and closes" cites "a test" on both
  reachable A gets [seg.len == 1] then A calls close and A sends [seg.fin] expect holds
)";

}  // namespace

// The acknowledgment goes out just before the call, and is read just after it.
TEST_CASE("what a step owed is still allowed in the next one, until its own window closes") {
    const Played one = played(delaying);
    check_not_refuted(one);
    const TestVector* vector = vector_for(one, "both-in-one");
    REQUIRE(vector != nullptr);
    REQUIRE(vector->steps.size() == 2);
    const VectorStep& close = vector->steps[1];
    CHECK(close.call == "close");
    REQUIRE(close.alternatives.size() == 1);
    CHECK(to_string(close.alternatives[0].segment) == "ACK seq=1 ack=101");
    CHECK(close.alternatives[0].rule == "owed");
    CHECK(close.alternatives[0].window == Window{0, 200'000, {Anchor::Event::action, 0}});
}
