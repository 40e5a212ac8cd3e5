// How a verdict comes about: the driver against a small profile, in virtual time. docs/verdicts.md
#include "harness/driver.h"

#include <doctest/doctest.h>

#include "harness/targets.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;
using namespace hand;

namespace {

std::unique_ptr<Target> tiny(Choice choice = Choice::never) {
    const Profile profile = tiny_profile();
    return make_sim_target(profile, limits_of(profile), choice);
}

DriveOptions patient() {
    DriveOptions options;
    options.longest_us = 1'000'000'000;
    return options;
}

TestRun run_one(const TestVector& vector, Choice choice = Choice::never) {
    const auto target = tiny(choice);
    return drive(*target, {vector}, patient()).at(0);
}

constexpr Window one_second{1'000'000, 1'000'000};

}  // namespace

TEST_CASE("what the profile does as planned passes") {
    for (const TestVector& vector : {active_close(), passive_close(), abort_call(), active_close(6)}) {
        const TestRun run = run_one(vector);
        CAPTURE(run.reason);
        CHECK(run.verdict == Verdict::pass);
        CHECK(run.vector_id == vector.id);
        CHECK(run.reason == "");
    }
}

TEST_CASE("the observed exchange has every packet, call and state in order") {
    const TestRun run = run_one(active_close());
    REQUIRE(run.observed.size() == 8);
    CHECK(run.observed[0].text == "close() = ok");
    CHECK(run.observed[1].segment == fin(0, 0));
    CHECK(run.observed[1].text == "expected");
    CHECK(run.observed[2].text == "FIN_WAIT_1");
    CHECK(run.observed[3].segment == ack(0, 1));
    CHECK(run.observed[4].text == "FIN_WAIT_2");
    CHECK(run.observed[5].kind == Observed::Kind::sent);
    CHECK(run.observed[6].segment == ack(1, 1));
    CHECK(run.observed[7].text == "TIME_WAIT");
    CHECK(run.observed[7].step == 2);
}

TEST_CASE("a segment that the vector does not allow fails, and the reason names it and what was allowed") {
    TestVector vector = active_close();
    vector.steps[0].expect[0].segment = fin(5, 0);
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.failed_step == 0);
    CHECK(run.reason ==
          "FIN,ACK seq=0 ack=0 came 0 s after the step's start, allowed was FIN,ACK seq=5 ack=0 (0 to 0.06 s)");
}

TEST_CASE("a segment that does not come fails at its late end and the slack") {
    TestVector vector = active_close();
    vector.steps[1].expect = {{ack(1, 0), soon, ""}};
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.failed_step == 1);
    CHECK(run.reason == "ACK seq=1 ack=0 did not come within 0.06 s");
    CHECK(run.duration_us == 60'000 + DriveOptions{}.slack_us);
}

TEST_CASE("a retransmission has a window with two ends") {
    // The profile sends the FIN again after one second.
    const auto lost = [](Window window) {
        return vector_of("FIN lost", {then(call("close"), {fin(0, 0)}),
                                      then(wait("rto", window, 0), {fin(0, 0)}, "FIN_WAIT_1", "", window)});
    };
    CHECK(run_one(lost(one_second)).verdict == Verdict::pass);
    CHECK(run_one(lost({980'000, 990'000})).verdict == Verdict::pass);  // late, but within the slack

    const TestRun late = run_one(lost({200'000, 300'000}));
    CHECK(late.verdict == Verdict::fail);
    CHECK(late.reason == "FIN,ACK seq=0 ack=0 did not come within 0.3 s");

    const TestRun early = run_one(lost({2'000'000, 3'000'000}));
    CHECK(early.verdict == Verdict::fail);
    CHECK(early.reason.find("FIN,ACK seq=0 ack=0 came 1 s after") == 0);
}

TEST_CASE("what an alternative allows is tolerated, inside its window and not outside") {
    // While something else is awaited the FIN comes again.
    const auto with = [](Window window, Alternative::Then then_what) {
        VectorStep step = then(wait("rto", {3'000'000, 3'000'000}, 0), {fin(0, 0)}, "", "", {3'000'000, 3'000'000});
        step.alternatives = {{fin(0, 0), window, then_what, "again"}};
        return vector_of("twice", {then(call("close"), {fin(0, 0)}), step});
    };
    const TestRun tolerated = run_one(with(one_second, Alternative::Then::go_on));
    CHECK(tolerated.verdict == Verdict::pass);
    CHECK(tolerated.observed[2].text == "allowed, rule again");

    const TestRun left = run_one(with(one_second, Alternative::Then::inconclusive));
    CHECK(left.verdict == Verdict::inconclusive);
    CHECK(left.failed_step == 1);
    CHECK(left.reason.find("rule again") != std::string::npos);

    CHECK(run_one(with({500'000, 600'000}, Alternative::Then::go_on)).verdict == Verdict::fail);
}

TEST_CASE("after a retransmission that was let pass, absence proves nothing") {
    // The FIN comes again after one second; the vector then wants it once more after two, but the timer has doubled.
    const auto awaited_after = [](Alternative::Then then_what) {
        VectorStep quiet = then(wait("rto", {1'500'000, 1'500'000}, 0), {}, "", "", {});
        quiet.alternatives = {{fin(0, 0), one_second, then_what, "again"}};
        const Window second{2'000'000, 2'000'000};
        return vector_of("twice", {then(call("close"), {fin(0, 0)}), quiet,
                                   then(wait("rto", second, 0), {fin(0, 0)}, "", "", second)});
    };
    const TestRun run = run_one(awaited_after(Alternative::Then::go_on));
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK(run.reason.find("did not come within 2 s") != std::string::npos);
    CHECK(run.reason.find("let pass before") != std::string::npos);
}

TEST_CASE("a wrong state, signal or result fails") {
    TestVector state = active_close();
    state.steps[1].states = {"TIME_WAIT", "CLOSED"};
    CHECK(run_one(state).reason == "the state is FIN_WAIT_2, expected was TIME_WAIT or CLOSED");

    TestVector signal = passive_close();
    signal.steps[0].signals = {"reset"};
    CHECK(run_one(signal).reason == "the application sees eof, expected was reset");

    TestVector result = active_close();
    result.steps[0].result = "not_connected";
    CHECK(run_one(result).reason == "close() returned ok, expected was not_connected");
    CHECK(run_one(result).verdict == Verdict::fail);
}

TEST_CASE("what comes after the last step is caught while the run settles") {
    TestVector vector = vector_of("FIN lost", {then(call("close"), {fin(0, 0)})});
    vector.settle_us = 900'000;
    CHECK(run_one(vector).verdict == Verdict::pass);
    vector.settle_us = 1'100'000;
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason == "FIN,ACK seq=0 ack=0 came after the last step, allowed was nothing");
    CHECK(run.observed.back().step == -1);
}

TEST_CASE("an expiry in silence is seen in the state, neither too early nor too late") {
    // TIME-WAIT lasts 61 s in the profile, the middle of 60 s to 62 s.
    const auto over = [](Window window) {
        TestVector vector = active_close();
        vector.steps.push_back(then(wait("time_wait", window, 2), {}, "CLOSED"));
        return vector;
    };
    const TestRun run = run_one(over({60'000'000, 62'000'000}));
    CAPTURE(run.reason);
    CHECK(run.verdict == Verdict::pass);
    CHECK(run.duration_us >= 62'000'000);
    CHECK(run_one(over({30'000'000, 31'000'000 - 200'000})).reason == "the state is TIME_WAIT, expected was CLOSED");
    CHECK(run_one(over({62'000'000, 63'000'000})).reason ==
          "the state is CLOSED before time_wait may expire; it should be TIME_WAIT until 62 s");
}

TEST_CASE("a choice of the profile takes the other way") {
    const TestVector vector = vector_of("text", {then(send(data(0, 0)), {ack(0, 100)})});
    CHECK(run_one(vector, Choice::never).verdict == Verdict::pass);
    CHECK(run_one(vector, Choice::always).verdict == Verdict::fail);
}

TEST_CASE("a vector that may take too long is skipped with both figures") {
    TestVector vector = active_close();
    vector.steps.push_back(then(wait("time_wait", {60'000'000, 62'000'000}, 2), {}, "CLOSED"));
    const auto target = tiny();
    const TestRun run = drive(*target, {vector}, {}).at(0);
    CHECK(run.verdict == Verdict::skipped);
    CHECK(run.reason.find("longest is 10 s") != std::string::npos);
    CHECK(run.reason.find("needs up to 62.") == 0);
}

TEST_CASE("a vector without steps is an error, not a pass") {
    CHECK(run_one(vector_of("empty", {})).verdict == Verdict::error);
}

TEST_CASE("a stop skips what is not over") {
    int asked = 0;
    DriveOptions options = patient();
    options.stop = [&] { return ++asked > 20; };
    TestVector vector = active_close();
    vector.steps.push_back(then(wait("time_wait", {60'000'000, 62'000'000}, 2), {}, "CLOSED"));
    const auto target = tiny();
    const std::vector<TestRun> runs = drive(*target, {vector, vector}, options);
    for (const TestRun& run : runs) {
        CHECK(run.verdict == Verdict::skipped);
        CHECK(run.reason == "stopped before it was over");
    }
}

TEST_CASE("many runs at once give the same verdicts as one after the other") {
    std::vector<TestVector> vectors;
    for (int i = 0; i < 60; ++i) {
        vectors.push_back(i % 3 == 0 ? active_close() : i % 3 == 1 ? passive_close(6) : active_close());
        vectors.back().id = std::to_string(i);
        if (i % 5 == 4) vectors.back().steps[0].states = {"CLOSING"};
    }
    DriveOptions one = patient(), all = patient();
    one.at_once = 1;
    std::size_t reported = 0;
    all.progress = [&](std::size_t done, std::size_t of) {
        CHECK(of == 60);
        CHECK(done == ++reported);
    };
    const auto target = tiny();
    const auto serial = drive(*target, vectors, one), together = drive(*target, vectors, all);
    REQUIRE(together.size() == 60);
    CHECK(reported == 60);
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        CHECK(together[i].vector_id == vectors[i].id);
        CHECK(together[i].verdict == (i % 5 == 4 ? Verdict::fail : Verdict::pass));
        CHECK(together[i].verdict == serial[i].verdict);
        CHECK(together[i].reason == serial[i].reason);
    }
}

// The tiny profile has room for all: its window is never 0.
TEST_CASE("a vector that wants a window of 0 fails where it is open, and one that says nothing takes any") {
    TestVector vector = active_close();
    vector.steps[0].expect[0].segment.zero_window = true;
    const TestRun run = run_one(vector);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason.find("FIN,ACK seq=0 ack=0 came") == 0);
    CHECK(run.reason.find("FIN,ACK seq=0 ack=0 wnd=0") != std::string::npos);
}

TEST_CASE("the tester's window is 0 where the vector says so, and the IUT's is seen") {
    // It tells what it saw by what it sends: text while the window is open, an ACK where it is shut.
    static const Spec spec = parse_spec(R"(
profile mirror "it shows the window that it saw" cites "RFC 9293 3.8.6" {
  states ESTABLISHED initial
  segment SHUT { seq 0; ack 0; zero_window }
  segment OPEN { seq 0; ack 0 }
  on segment
    step fifth
      rule shut "no room" cites "RFC 9293 3.8.6.1" ESTABLISHED [seg.zero_window] { send SHUT }
      rule open "room" cites "RFC 9293 3.8.6.1" ESTABLISHED [not seg.zero_window] { send OPEN }
}
)",
                                        "mirror.spec");
    const auto verdict = [&](bool sent, bool expected) {
        WireSegment probe = ack(0, 0), answer = ack(0, 0);
        probe.zero_window = sent;
        answer.zero_window = expected;
        const auto target = make_sim_target(spec.profiles.at(0), {}, Choice::never);
        return drive(*target, {vector_of("mirror", {then(send(probe), {answer})})}, patient()).at(0).verdict;
    };
    CHECK(verdict(true, true) == Verdict::pass);
    CHECK(verdict(false, false) == Verdict::pass);
    CHECK(verdict(false, true) == Verdict::fail);
    CHECK(verdict(true, false) == Verdict::pass);  // nothing was said about the window
}
