// Text that adds nothing, before any text came: an acknowledgment of the FIN waits where else it would go out with the
// next segment. A walk by lot over the kernel found it (tcp_enter_quickack_mode sets the time that tcp_send_delayed_ack
// takes; without it that is none).
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

WireSegment shut(WireSegment segment) {
    segment.zero_window = true;
    return segment;
}

// With old text before, the FIN is acknowledged after the delayed ACK's time; without, at once with the next segment.
TestVector story(bool old_text) {
    std::vector<VectorStep> steps;
    WireSegment old = ack(-1, 0);
    old.len = 1;
    if (old_text) steps.push_back(then(send(old), {ack(0, 0)}, "ESTABLISHED"));
    steps.push_back(then(call("send", "ok", 100), {data(0, 0)}, "ESTABLISHED"));
    steps.push_back(then(send(shut(fin(0, 0))), {}, "CLOSE_WAIT"));
    if (old_text) {
        steps.push_back(then(send(shut(ack(0, 100))), {}, "CLOSE_WAIT"));
        const int last = static_cast<int>(steps.size()) - 2;
        steps.push_back(
            then(wait("delack", {1'000, 230'000}, last), {ack(100, 1)}, "CLOSE_WAIT", "", {1'000, 230'000}));
    } else {
        steps.push_back(then(send(shut(ack(0, 100))), {ack(100, 1)}, "CLOSE_WAIT", "", {0, 0}));
    }
    return vector_of(old_text ? "old text" : "no old text", steps);
}

// Twice what lies beyond the window, text of our own, and then text that acknowledges our SYN alone: header prediction
// takes it, and it is acknowledged late.
TestVector predicted() {
    WireSegment at_edge = data(0, 0), beyond = ack(1, 0);
    at_edge.from_right = beyond.from_right = true;
    return vector_of("predicted",
                     {then(send(at_edge), {ack(0, 0)}, "ESTABLISHED"), then(send(beyond), {ack(0, 0)}, "ESTABLISHED"),
                      then(call("send", "ok", 100), {data(0, 0)}, "ESTABLISHED"),
                      then(send(data(0, -1)), {}, "ESTABLISHED"),
                      then(wait("delack", {1'000, 190'000}, 2), {ack(100, 100)}, "ESTABLISHED", "", {1'000, 190'000})});
}

void check(Target& target, const std::vector<TestVector>& vectors) {
    for (const TestRun& run : drive(target, vectors, {})) {
        INFO(run.vector_id << ": " << run.reason);
        CHECK(run.verdict == Verdict::pass);
    }
}

}  // namespace

TEST_CASE("the kernel puts the FIN's acknowledgment off behind old text only" * hand::needs_kernel()) {
    check(*make_linux_target(), {story(true), story(false), predicted()});
}

TEST_CASE("so does its profile, where it keeps what made acknowledgments quick") {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/linux.spec", "");
    const Profile& profile = *spec.profile("linux");
    const Limits limits = limits_of(profile, {{"memory", 1}, {"quick", 1}});
    check(*make_sim_target(profile, limits), {story(true), story(false)});
    SimPlay late;
    late.taken = {"predicted_delayed"};
    check(*make_sim_target(profile, limits, late), {predicted()});
}
