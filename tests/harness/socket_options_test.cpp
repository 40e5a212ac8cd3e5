// Options of the application's socket that a vector sets: what tcp(7) says of each, asked of the running kernel.
#include <doctest/doctest.h>

#include "harness/driver.h"
#include "harness/targets.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/harness/story.h"

using namespace lastack;
using namespace hand;

// tcp(7): a socket with TCP_LINGER2 leaves FIN-WAIT-2 after that time, whatever tcp_fin_timeout says.
TEST_CASE("the kernel takes an option of the socket from a vector's settings, and refuses what is none" *
          hand::needs_kernel()) {
    const auto target = make_linux_target();
    const auto orphan = [](const std::string& option, const std::string& value) {
        TestVector vector = vector_of("orphan", {then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"),
                                                 then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
                                                 then(wait("fin_wait_2", {2'000'000, 2'450'000}, 1), {}, "CLOSED")});
        vector.settings = {{"tcp_fin_timeout", "1"}, {option, value}};
        return vector;
    };
    const TestRun run = drive(*target, {orphan("TCP_LINGER2", "2")}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
    CHECK(drive(*target, {orphan("TCP_LINGER2", "0")}, {}).at(0).verdict == Verdict::fail);
    const TestRun unknown = drive(*target, {orphan("TCP_NOTHING", "1")}, {}).at(0);
    CHECK(unknown.verdict == Verdict::skipped);
    CHECK(unknown.reason.find("TCP_NOTHING: a socket cannot have it set to 1") != std::string::npos);
    CHECK(drive(*target, {orphan("TCP_LINGER2", "soon")}, {}).at(0).verdict == Verdict::skipped);
}

// Below 0, an orphan that comes to FIN-WAIT-2 is closed at once, and what brought it there answered by a reset
// (tcp_rcv_state_process, linger2); one that is there when its descriptor goes resets its peer (tcp_close).
TEST_CASE("with TCP_LINGER2 below 0 the kernel has no FIN-WAIT-2 without a descriptor" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    TestVector orphan = vector_of(
        "orphan", {then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"), then(send(ack(0, 1)), {rst(1)}, "CLOSED")});
    TestVector half = vector_of("half closed", {then(call("shutdown_wr"), {fin(0, 0)}, "FIN_WAIT_1"),
                                                then(send(ack(0, 1)), {}, "FIN_WAIT_2"),
                                                then(call("close"), {rst_ack(1, 0)}, "CLOSED")});
    for (TestVector* vector : {&orphan, &half}) {
        vector->settings = {{"TCP_LINGER2_BELOW_0", "1"}};
        const TestRun run = drive(*target, {*vector}, {}).at(0);
        CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
        vector->settings = {{"TCP_LINGER2_BELOW_0", "0"}};
        CHECK(drive(*target, {*vector}, {}).at(0).verdict == Verdict::fail);
    }
}

// tcp(7): TCP_KEEPIDLE seconds without a segment, then TCP_KEEPCNT probes, TCP_KEEPINTVL seconds apart. A probe has the
// number before the one that is expected (RFC 9293 3.8.4 asks for that). The kernel ends with a reset.
TEST_CASE("the kernel asks for a peer that is silent, and gives up" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    constexpr Window second{1'000'000, 1'145'000};
    TestVector vector =
        vector_of("keepalive", {then(wait("idle", second, -1), {ack(-1, 0)}, "ESTABLISHED", "", second),
                                then(wait("over", second, 0), {rst_ack(0, 0)}, "CLOSED", "timeout", second)});
    vector.settings = {{"TCP_KEEPIDLE", "1"}, {"TCP_KEEPINTVL", "1"}, {"TCP_KEEPCNT", "1"}};
    const TestRun run = drive(*target, {vector}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
    vector.settings.edit()[0].second = "0";  // nobody is asked for
    CHECK(drive(*target, {vector}, {}).at(0).verdict == Verdict::fail);
}

// tcp(7): TCP_USER_TIMEOUT milliseconds after which unacknowledged text ends the connection. The kernel counts from the
// first retransmission, after 200 ms.
TEST_CASE("the kernel gives up after the user's time" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    const auto in_time = [](const std::string& milliseconds) {
        const Window rto{200'000, 260'000};
        TestVector vector =
            vector_of("user timeout", {then(call("send", "ok", 100), {data(0, 0)}, "ESTABLISHED"),
                                       then(wait("rto", rto, 0), {data(0, 0)}, "ESTABLISHED", "", rto),
                                       then(wait("over", {300'000, 350'000}, 1), {}, "CLOSED", "timeout")});
        vector.settings = {{"TCP_USER_TIMEOUT", milliseconds}, {"tcp_early_retrans", "0"}};
        return vector;
    };
    const TestRun run = drive(*target, {in_time("300")}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
    CHECK(drive(*target, {in_time("0")}, {}).at(0).verdict == Verdict::fail);
}
