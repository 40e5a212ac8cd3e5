// The running kernel against vectors whose outcome RFC 9293 fixes.
#include "harness/targets.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "harness/driver.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/harness/story.h"

using namespace lastack;
using namespace hand;

namespace {

TestRun run_one(Target& target, const TestVector& vector, DriveOptions options = {}) {
    return drive(target, {vector}, options).at(0);
}

}  // namespace

TEST_CASE("the kernel closes as RFC 9293 3.6 says, over IPv4 and IPv6" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const int ip : {4, 6}) {
        if (ip == 6 && target->endpoints().iut6.empty()) {
            MESSAGE("skipped: this kernel has no IPv6");
            continue;
        }
        for (const TestVector& vector :
             {active_close(ip), passive_close(ip), half_close(ip), abort_call(ip), peer_reset(ip)}) {
            CAPTURE(ip);
            CAPTURE(vector.id);
            const TestRun run = run_one(*target, vector);
            CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
            CHECK(run.failed_step == -1);
        }
    }
}

// RFC 9293 3.10.7.1. Another vector's listener, or one that outlives the connection, would answer by a SYN,ACK.
TEST_CASE("what comes for a connection that is gone finds nobody who listens" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    TestVector vector = abort_call();
    WireSegment syn;
    syn.seq = 200;
    syn.syn = true;
    syn.has_ack = false;
    vector.steps.push_back(then(send(syn), {rst_ack(-1, 201)}, "CLOSED"));
    TestVector other = active_close();  // has a listener meanwhile
    for (const TestRun& run : drive(*target, {vector, other}, {}))
        CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}

TEST_CASE("the kernel closes with each option that the tester may offer" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"sack"}, {"timestamps"}, {"window_scale"}, {"sack", "timestamps", "window_scale"}}) {
        for (TestVector vector : {active_close(), passive_close(), half_close()}) {
            vector.options = options;
            const TestRun run = run_one(*target, vector);
            CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
        }
    }
}

TEST_CASE("a vector that demands the wrong thing of the kernel fails" * hand::needs_kernel()) {
    const auto target = make_linux_target();

    SUBCASE("the FIN's acknowledgment is demanded with a wrong number") {
        TestVector wrong = active_close();
        wrong.steps[2].expect[0].segment.ack = 2;
        const TestRun run = run_one(*target, wrong);
        CHECK(run.verdict == Verdict::fail);
        CHECK(run.failed_step == 2);
        CHECK(run.reason.find("ACK seq=2 ack=2 came") == 0);
        CHECK(run.reason.find("ACK seq=2 ack=3") != std::string::npos);
    }
    SUBCASE("a wrong state") {
        TestVector wrong = active_close();
        wrong.steps[1].states = {"CLOSING"};
        const TestRun run = run_one(*target, wrong);
        CHECK(run.verdict == Verdict::fail);
        CHECK(run.reason == "the state is FIN_WAIT_2, expected was CLOSING");
    }
    SUBCASE("a second FIN that a silent kernel would have to send") {
        TestVector wrong = active_close();
        wrong.steps.push_back(then(call("close"), {fin(1, 1)}));
        CHECK(run_one(*target, wrong).verdict == Verdict::fail);
        wrong.steps.back() = then(wait("nothing", {0, 50'000}, 2), {fin(1, 1)});
        const TestRun run = run_one(*target, wrong);
        CHECK(run.verdict == Verdict::fail);
        CHECK(run.reason.find("did not come") != std::string::npos);
    }
    SUBCASE("silence where the kernel answers") {
        TestVector wrong = active_close();
        wrong.steps[2].expect.clear();
        const TestRun run = run_one(*target, wrong);
        CHECK(run.verdict == Verdict::fail);
        CHECK(run.reason.find("allowed was nothing") != std::string::npos);
    }
}

TEST_CASE("the kernel sends a FIN again that is not acknowledged, one RTO after it" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    const Window rto{200'000, 300'000};
    const TestVector vector = vector_of("FIN lost", {then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"),
                                                     then(wait("rto", rto, 0), {fin(0, 0)}, "FIN_WAIT_1", "", rto),
                                                     then(send(fin(0, 1)), {ack(1, 1)}, "TIME_WAIT")});
    const TestRun run = run_one(*target, vector);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}

TEST_CASE("an orphan in FIN-WAIT-2 ends after tcp_fin_timeout, and the setting is taken back for the next group" *
          doctest::test_suite("slow") * hand::needs_kernel()) {
    const auto target = make_linux_target();
    TestVector orphan =
        vector_of("orphan", {then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"), then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
                             then(wait("fin_wait_2", {1'000'000, 1'300'000}, 1), {}, "CLOSED")});
    orphan.settings = {{"tcp_fin_timeout", "1"}};
    TestVector early = orphan;
    early.id = "too early";
    early.steps[2].window = {1'500'000, 1'700'000};
    TestVector plain = vector_of("still there", {then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"),
                                                 then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
                                                 then(wait("nothing", {1'300'000, 1'300'000}, 1), {}, "FIN_WAIT_2")});
    const std::vector<TestRun> runs = drive(*target, {orphan, early, plain}, {});
    CHECK_MESSAGE(runs[0].verdict == Verdict::pass, story(runs[0]));
    CHECK_MESSAGE(runs[1].verdict == Verdict::fail, story(runs[1]));
    CHECK(runs[1].reason.find("the state is CLOSED before") == 0);
    CHECK_MESSAGE(runs[2].verdict == Verdict::pass, story(runs[2]));
}

TEST_CASE("a setting that the kernel refuses skips its vectors, with the path and the reason" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    TestVector unknown = active_close();
    unknown.settings = {{"tcp_no_such_thing", "1"}};
    TestVector value = active_close();
    value.settings = {{"tcp_fin_timeout", "soon"}};
    TestVector outside = active_close();
    outside.settings = {{"kernel.hostname", "x"}};
    TestVector escape = active_close();
    escape.settings = {{"net.ipv4.../../kernel/hostname", "x"}};
    const std::vector<TestRun> runs = drive(*target, {unknown, value, outside, escape, active_close()}, {});
    for (std::size_t i = 0; i < 4; ++i) CHECK(runs[i].verdict == Verdict::skipped);
    CHECK(runs[0].reason.find("/proc/sys/net/ipv4/tcp_no_such_thing") != std::string::npos);
    CHECK(runs[1].reason.find("Invalid argument") != std::string::npos);
    CHECK(runs[2].reason.find("not the name of a network sysctl") != std::string::npos);
    CHECK(runs[3].reason.find("not the name of a network sysctl") != std::string::npos);
    CHECK(runs[4].verdict == Verdict::pass);
}

TEST_CASE("a thousand connections at once close through one device" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    std::vector<TestVector> vectors(1000, active_close());
    for (std::size_t i = 0; i < vectors.size(); i += 2) vectors[i] = passive_close();
    const auto begin = std::chrono::steady_clock::now();
    const std::vector<TestRun> runs = drive(*target, vectors, {});
    const auto took = std::chrono::steady_clock::now() - begin;
    MESSAGE("1,000 vectors took " << std::chrono::duration_cast<std::chrono::milliseconds>(took).count() << " ms");
    for (const TestRun& run : runs) REQUIRE_MESSAGE(run.verdict == Verdict::pass, story(run));
}

TEST_CASE("an observer may look at an error twice and does not take it from the application" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    // The reset is looked at after the first and after the second step, then a read and a write get what is theirs.
    const TestVector vector = vector_of(
        "reset seen twice",
        {then(send(rst(0)), {}, "CLOSED", "reset"), then(call("shutdown_rd", "not_connected"), {}, "", "reset"),
         then(call("recv", "reset", 1), {}, "", "reset"), then(call("send", "pipe", 1), {}, "CLOSED", "reset")});
    const TestRun run = run_one(*target, vector);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}
