// A repeated ACK while one unit is outstanding makes the kernel unlearn its reordering (tcp_check_reno_reordering: as
// many as are outstanding, one in place of three); then the first repeated ACK behind a second unit sends the first one
// again at once. A vector of the suite `complete` that went on from another one's end found it.
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

// The first ACK, beyond what came, speaks of the window anew and is no repeated one.
TestVector story(bool repeated) {
    std::vector<VectorStep> steps{then(call("send", "ok", 100), {data(0, 0)}, "ESTABLISHED"),
                                  then(send(ack(100, 0)), {}, "ESTABLISHED")};
    if (repeated) steps.push_back(then(send(ack(0, 0)), {}, "ESTABLISHED"));
    steps.push_back(then(call("shutdown_wr", "ok"), {fin(100, 0)}, "FIN_WAIT_1"));
    steps.push_back(then(send(data(0, 0)), {ack(101, 100)}, "FIN_WAIT_1"));
    if (repeated)
        steps.push_back(then(send(ack(100, 0)), {data(0, 100)}, "FIN_WAIT_1", "", {0, 0}));
    else
        steps.push_back(then(send(ack(100, 0)), {}, "FIN_WAIT_1"));
    return vector_of(repeated ? "repeated" : "not repeated", steps);
}

void check(Target& target, const std::vector<TestVector>& vectors) {
    for (const TestRun& run : drive(target, vectors, {})) {
        INFO(run.vector_id << ": " << run.reason);
        CHECK(run.verdict == Verdict::pass);
    }
}

}  // namespace

TEST_CASE("the kernel sends text again at once behind two repeated ACKs, not behind one" * hand::needs_kernel()) {
    check(*make_linux_target(), {story(true), story(false)});
}

TEST_CASE("its profile may do either") {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/linux.spec", "");
    const Profile& profile = *spec.profile("linux");
    const Limits limits = limits_of(profile, {{"memory", 1}});
    check(*make_sim_target(profile, limits), {story(false)});
    SimPlay hasty;
    hasty.taken = {"again_at_once"};
    check(*make_sim_target(profile, limits, hasty), {story(true)});
}
