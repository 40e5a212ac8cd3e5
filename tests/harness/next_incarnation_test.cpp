// A SYN to TIME-WAIT that begins another connection: the vector's own ends there, and the answer has another number.
#include <doctest/doctest.h>

#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/places.h"

using namespace lastack;
using namespace hand;

namespace {

// RFC 9293 3.6.1 MAY-2: SEQ beyond the last number of the connection before.
TestVector reopened(int ip = 4) {
    TestVector vector = active_close(ip);
    vector.id = "reopened";
    const WireSegment syn{5'000, 0, 0, false, true, false, false}, answer{-1, 5'001, 0, false, true, false, true};
    vector.steps.push_back(then(send(syn), {answer}, "CLOSED"));
    return vector;
}

}  // namespace

TEST_CASE("the kernel lets another connection take the place of TIME-WAIT, and begins a stream anew" *
          hand::needs_kernel()) {
    const auto target = make_linux_target();
    const TestRun run = drive(*target, {reopened()}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, run.reason);
    TestVector wrong = reopened();
    wrong.steps.back().expect.front().segment.ack = 5'000;
    CHECK(drive(*target, {wrong}, {}).at(0).verdict == Verdict::fail);
}

TEST_CASE("behind TIME-WAIT the listener that a SYN in TIME-WAIT may need answers another one: no verdict" *
          hand::needs_kernel()) {
    TestVector vector = active_close();
    const auto syn = [](std::int64_t seq) { return WireSegment{seq, 0, 0, false, true, false, false}; };
    // RFC 1337 3: a reset ends TIME-WAIT. RFC 9293 3.10.7.1: who is not there answers by a reset.
    vector.steps.push_back(then(send(syn(0)), {ack(1, 1)}, "TIME_WAIT"));
    vector.steps.push_back(then(send(rst(1)), {}, "CLOSED"));
    vector.steps.push_back(then(send(syn(5'000)), {rst_ack(0, 5'001)}, "CLOSED"));
    const auto target = make_linux_target();
    const TestRun run = drive(*target, {vector}, {}).at(0);
    CHECK(run.verdict == Verdict::inconclusive);
    CHECK_MESSAGE(run.reason.find("came from the listener that a SYN in TIME-WAIT needs") != std::string::npos,
                  run.reason);
    CHECK(run.failed_step == 5);
    CHECK_FALSE(run.left_path);
}

TEST_CASE("a SYN of an endpoint that is not in TIME-WAIT begins nothing: its number counts") {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/linux.spec", "");
    const Profile& profile = *spec.profile("linux");
    const auto target = make_sim_target(profile, limits_of(profile, {{"buffer", 0}, {"repack", 0}}));
    TestVector early = reopened();
    early.steps.erase(early.steps.begin() + 1, early.steps.begin() + 3);  // in FIN-WAIT-1, where a SYN is challenged
    const TestRun run = drive(*target, {early}, {}).at(0);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.reason.find("ACK seq=2 ack=1 came") == 0);
}
