// Vectors that begin in CLOSED: the opening is among their steps. Their outcome is fixed by RFC 9293 3.5 and 3.10, so
// the profile rfc9293 and the running kernel have to pass the same ones.
#include <doctest/doctest.h>

#include "generators/vector_json.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/harness/story.h"
#include "tests/places.h"

using namespace lastack;
using namespace hand;

namespace {

WireSegment syn() { return {-1, 0, 0, false, true, false, false}; }
WireSegment syn_ack() { return {-1, 0, 0, false, true, false, true}; }

TestVector from_closed(const std::string& id, std::vector<VectorStep> steps, int ip = 4) {
    TestVector vector = vector_of(id, std::move(steps), ip);
    vector.begin = TestVector::Begin::closed;
    return vector;
}

// RFC 9293 3.5, figure 6, each side of it, and what 3.10.7.2 and 3.10.7.3 make of a reset.
std::vector<TestVector> openings(int ip) {
    return {
        from_closed("active open",
                    {then(call("open"), {syn()}, "SYN_SENT"), then(send(syn_ack()), {ack(0, 0)}, "ESTABLISHED"),
                     then(call("close"), {fin(0, 0)}, "FIN_WAIT_1"), then(send(fin(0, 1)), {ack(1, 1)}, "TIME_WAIT")},
                    ip),
        from_closed("passive open, a FIN with the last ACK",
                    {then(call("listen"), {}, "LISTEN"), then(send(syn()), {syn_ack()}, "SYN_RCVD"),
                     then(send(fin(0, 0)), {ack(0, 1)}, "CLOSE_WAIT", "eof"),
                     then(call("close"), {fin(0, 1)}, "LAST_ACK"), then(send(ack(1, 1)), {}, "CLOSED")},
                    ip),
        from_closed("refused",
                    {then(call("open"), {syn()}, "SYN_SENT"), then(send(rst_ack(0, 0)), {}, "CLOSED", "refused"),
                     then(call("recv", "refused", 1), {}, "CLOSED")},
                    ip),
        from_closed("nobody listens, then somebody does, and lets it be",
                    {then(send(syn()), {rst_ack(-1, 0)}, "CLOSED"), then(call("listen"), {}, "LISTEN"),
                     then(send(ack(0, 0)), {rst(0)}, "LISTEN"), then(call("close"), {}, "CLOSED"),
                     then(send(syn()), {rst_ack(-1, 0)}, "CLOSED")},
                    ip),
        from_closed("SYNs cross",
                    {then(call("open"), {syn()}, "SYN_SENT"), then(send(syn()), {syn_ack()}, "SYN_RCVD"),
                     then(send(ack(0, 0)), {}, "ESTABLISHED"), then(call("shutdown_wr"), {fin(0, 0)}, "FIN_WAIT_1")},
                    ip),
        from_closed("a listener that a reset sent back takes the next SYN",
                    {then(call("listen"), {}, "LISTEN"), then(send(syn()), {syn_ack()}, "SYN_RCVD"),
                     then(send(rst(0)), {}, "LISTEN"), then(send(syn()), {syn_ack()}, "SYN_RCVD"),
                     then(send(ack(0, 0)), {}, "ESTABLISHED"), then(call("close"), {fin(0, 0)}, "FIN_WAIT_1")},
                    ip),
    };
}

void all_pass(Target& target, const std::vector<TestVector>& vectors) {
    for (const TestRun& run : drive(target, vectors, {})) CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}

std::unique_ptr<Target> rfc9293() {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/rfc9293.spec", "");
    const Profile& profile = *spec.profile("rfc9293");
    return make_sim_target(profile, limits_of(profile, {{"buffer", 0}}));
}

}  // namespace

TEST_CASE("the profile opens as RFC 9293 3.5 says, from either side, and over each other") {
    const auto target = rfc9293();
    for (const int ip : {4, 6}) all_pass(*target, openings(ip));
}

TEST_CASE("the kernel opens as RFC 9293 3.5 says, over IPv4 and IPv6, many at a time" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const int ip : {4, 6}) {
        if (ip == 6 && target->endpoints().iut6.empty()) continue;
        std::vector<TestVector> many;
        for (int i = 0; i < 20; ++i)
            for (TestVector& vector : openings(ip)) many.push_back(std::move(vector));
        all_pass(*target, many);
    }
}

TEST_CASE("the kernel opens with each option that the tester may offer, whoever sends the SYN" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const std::vector<std::string>& options :
         {std::vector<std::string>{"sack"}, {"timestamps"}, {"window_scale"}, {"sack", "timestamps", "window_scale"}}) {
        std::vector<TestVector> vectors = openings(4);
        for (TestVector& vector : vectors) vector.options = options;
        all_pass(*target, vectors);
    }
}

// Linux: a listener is beside its connections (inet_csk_listen_stop); RFC 9293 3.10.4 would send a FIN.
TEST_CASE("the kernel forgets what has not become a connection when its listener is closed or aborted" *
          hand::needs_kernel()) {
    const auto target = make_linux_target();
    std::vector<TestVector> vectors;
    for (const std::string way : {"close", "abort"})
        vectors.push_back(
            from_closed(way, {then(call("listen"), {}, "LISTEN"), then(send(syn()), {syn_ack()}, "SYN_RCVD"),
                              then(call(way), {}, "CLOSED"), then(send(ack(0, 0)), {rst(0)}, "CLOSED")}));
    all_pass(*target, vectors);
}

TEST_CASE("a vector from CLOSED on that demands the wrong thing fails") {
    const auto target = rfc9293();
    TestVector wrong = openings(4).at(0);
    wrong.steps[0].expect[0].segment.seq = 0;  // its SYN is the unit before the first byte
    const TestRun run = drive(*target, {wrong}, {}).at(0);
    CHECK(run.verdict == Verdict::fail);
    CHECK(run.failed_step == 0);
    CHECK(run.reason.find("SYN seq=0 came") == 0);
    TestVector refused = openings(4).at(2);
    refused.steps[2].result = "reset";
    CHECK(drive(*target, {refused}, {}).at(0).reason == "recv() returned refused, expected was reset");
}

TEST_CASE("a vector from CLOSED on has a format of its own, which says so and comes back") {
    const TestVector vector = openings(6).at(1);
    const std::string text = to_json(vector);
    CHECK(text.rfind("{\n  \"format\": \"lastack-vector/3\",\n", 0) == 0);
    CHECK(text.find("\n  \"begin\": \"closed\",\n") != std::string::npos);
    CHECK(vector_from_json(text) == vector);
}
