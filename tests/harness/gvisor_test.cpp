// Debian's gVisor behind its adapter: suites of its profile, and what it does that no standard allows.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "generators/walk_suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/adapters.h"
#include "tests/harness/hand_vectors.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

bool skip_without_gvisor(const char* test) {
    if (!gvisor_command().empty()) return false;
    MESSAGE("SKIPPED: " << test << ": golang-go and golang-gvisor-gvisor-dev are missing");
    return true;
}

DriveOptions any_time() {
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    return options;
}

TestRun driven(TestVector vector) {
    const auto target = make_adapter_target(child(gvisor_command()), {});
    vector.profile = vector.subject = "hand";
    return drive(*target, {vector}, any_time()).at(0);
}

VectorStep at_expiry(double seconds, const WireSegment& again, const std::string& state) {
    const auto at = static_cast<std::int64_t>(seconds * 1e6);
    return hand::then(hand::wait("rto", {at, at + 100'000}, -1), {again}, state, "", {at, at + 100'000});
}

}  // namespace

TEST_CASE("gVisor does what its profile says: whole suites, nothing refuted or left open") {
    if (skip_without_gvisor("gVisor does what its profile says")) return;
    const Spec spec = read_spec(source_dir() + "/specs/gvisor.spec", "");
    WalkSuiteOptions options;
    options.limits = {{"memory", 1}, {"retries", 6}, {"buffer", 0}, {"repack", 0}};
    const auto target = make_adapter_target(child(gvisor_command()), {});
    for (const std::string suite : {"transitions", "states", "ways", "loss", "handshake"}) {
        const WalkSuiteResult made = make_walk_suite(*spec.profile("gvisor"), suite, options);
        CAPTURE(suite);
        CHECK(made.vectors > 50);
        for (const TestRun& run : drive(*target, made.suite.vectors, any_time())) {
            INFO(run.vector_id << ": " << run.reason);
            CHECK(run.verdict == Verdict::pass);
        }
    }
}

// RFC 9293 3.10.7.4, fifth: in LAST-ACK, if our FIN is now acknowledged, the connection is deleted. maybeSendSegment
// makes FIN-WAIT-1 of every state but CLOSE-WAIT in which a FIN goes out, also where it goes out once more.
TEST_CASE("gVisor goes back from LAST-ACK to FIN-WAIT-1 when its FIN is lost, and then waits for a second FIN") {
    if (skip_without_gvisor("gVisor goes back from LAST-ACK to FIN-WAIT-1")) return;
    const TestRun run = driven(hand::vector_of(
        "back", {hand::then(hand::send(hand::fin(0, 0)), {hand::ack(0, 1)}, "CLOSE_WAIT", "eof"),
                 hand::then(hand::call("shutdown_wr"), {hand::fin(0, 1)}, "LAST_ACK"),
                 at_expiry(1, hand::fin(0, 1), "FIN_WAIT_1"), hand::then(hand::send(hand::ack(1, 1)), {}, "FIN_WAIT_2"),
                 hand::then(hand::wait("pause", {86'400'000'000, 86'400'000'000}, -1), {}, "FIN_WAIT_2")}));
    INFO(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

// RFC 9293 3.10.7.4, first: what is in the window and early may be held for later. handleRcvdSegment acknowledges the
// hole, and passes over the FIN when the hole is closed, since it has no text.
TEST_CASE("gVisor forgets a FIN that came before the text before it") {
    if (skip_without_gvisor("gVisor forgets a FIN")) return;
    const TestRun run = driven(hand::vector_of(
        "early", {hand::then(hand::send(hand::fin(100, 0)), {hand::ack(0, 0)}, "ESTABLISHED"),
                  hand::then(hand::send(hand::data(0, 0)), {hand::ack(0, 100)}, "ESTABLISHED"),
                  hand::then(hand::send(hand::fin(100, 0)), {hand::ack(0, 101)}, "CLOSE_WAIT", "eof")}));
    INFO(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

// RFC 9293 3.10.7.4, first: SEG.LEN counts the FIN. receiver.acceptable is asked with the length of the text alone.
TEST_CASE("gVisor does not take a FIN that comes behind text which it has") {
    if (skip_without_gvisor("gVisor does not take a FIN behind old text")) return;
    WireSegment both = hand::data(0, 0);
    both.fin = true;
    const TestRun run = driven(hand::vector_of(
        "behind", {hand::then(hand::send(hand::data(0, 0)), {hand::ack(0, 100)}, "ESTABLISHED"),
                   hand::then(hand::send(both), {hand::ack(0, 100)}, "ESTABLISHED"),
                   hand::then(hand::send(hand::fin(100, 0)), {hand::ack(0, 101)}, "CLOSE_WAIT", "eof")}));
    INFO(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

// closeLocked counts SYN-RECEIVED among the states that a reset ends, and resetConnectionLocked asks the sender where
// its reset stands, which there is not before ESTABLISHED.
TEST_CASE("an abort where SYNs have crossed ends the process of Debian's gVisor") {
    if (skip_without_gvisor("an abort where SYNs have crossed")) return;
    const WireSegment syn{-1, 0, 0, false, true, false, false}, syn_ack{-1, 0, 0, false, true, false, true};
    TestVector vector = hand::vector_of("crossed", {hand::then(hand::call("open"), {syn}, "SYN_SENT"),
                                                    hand::then(hand::send(syn), {syn_ack}, "SYN_RCVD"),
                                                    hand::then(hand::call("abort"), {}, "CLOSED")});
    vector.begin = TestVector::Begin::closed;
    const TestRun run = driven(vector);
    CHECK(run.verdict == Verdict::error);
    CHECK(run.reason == "the adapter ended with exit code 2");
}

// RFC 9293 3.10.7.4, eighth: in CLOSE-WAIT a FIN changes nothing. consumeSegment counts it all the same.
TEST_CASE("gVisor takes a second FIN behind the first one") {
    if (skip_without_gvisor("gVisor takes a second FIN")) return;
    const TestRun run = driven(
        hand::vector_of("second", {hand::then(hand::send(hand::fin(0, 0)), {hand::ack(0, 1)}, "CLOSE_WAIT", "eof"),
                                   hand::then(hand::send(hand::fin(1, 0)), {hand::ack(0, 2)}, "CLOSE_WAIT"),
                                   hand::then(hand::send(hand::fin(2, 0)), {hand::ack(0, 3)}, "CLOSE_WAIT")}));
    INFO(run.reason);
    CHECK(run.verdict == Verdict::pass);
}

// RFC 9293 3.10.7.4, fifth: such an ACK is answered, and the segment dropped. handleRcvdSegmentClosing does so, but is
// not asked in ESTABLISHED.
TEST_CASE("gVisor takes text with an ACK of what it never sent") {
    if (skip_without_gvisor("gVisor takes text with an ACK of what it never sent")) return;
    const TestRun run = driven(hand::vector_of(
        "ahead", {hand::then(hand::send(hand::ack(0, 100)), {}, "ESTABLISHED"),
                  hand::then(hand::send(hand::data(0, 100)), {hand::ack(0, 100)}, "ESTABLISHED", "data")}));
    INFO(run.reason);
    CHECK(run.verdict == Verdict::pass);
}
