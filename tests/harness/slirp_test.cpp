// Debian's libslirp behind its adapter: suites of its profile, and what it does that no standard allows.
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

bool skip_without_slirp(const char* test) {
    if (!slirp_command().empty()) return false;
    MESSAGE("SKIPPED: " << test << ": libslirp-dev is missing");
    return true;
}

DriveOptions any_time() {
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    return options;
}

}  // namespace

TEST_CASE("libslirp does what its profile says: nothing of its suites is refuted, most is confirmed") {
    if (skip_without_slirp("libslirp does what its profile says")) return;
    const Spec spec = read_spec(source_dir() + "/specs/slirp.spec", "");
    WalkSuiteOptions options;
    options.limits = {{"data", 0}, {"retries", 2}, {"buffer", 0}, {"repack", 0}};
    const auto target = make_adapter_target(child(slirp_command()), {});
    for (const std::string suite : {"transitions", "states", "loss", "timers", "calls"}) {
        const WalkSuiteResult made = make_walk_suite(*spec.profile("slirp"), suite, options);
        CAPTURE(suite);
        std::size_t confirmed = 0;
        for (const TestRun& run : drive(*target, made.suite.vectors, any_time())) {
            INFO(run.vector_id << ": " << run.reason);
            CHECK((run.verdict == Verdict::pass || run.verdict == Verdict::inconclusive));
            confirmed += run.verdict == Verdict::pass;
        }
        CHECK(confirmed * 5 >= made.vectors * 4);
    }
}

// RFC 9293 3.10.7.1: an incoming segment with RST is discarded where there is no connection. RFC 5961 3.2: a reset ends
// a connection only where its SEQ is RCV.NXT.
TEST_CASE("libslirp answers a reset to nobody by a reset, and takes a reset from long ago") {
    if (skip_without_slirp("libslirp answers a reset to nobody by a reset")) return;
    const auto target = make_adapter_target(child(slirp_command()), {});
    std::vector<TestVector> vectors = {
        hand::vector_of("answered", {hand::then(hand::call("abort"), {hand::rst_ack(0, 0)}, "CLOSED"),
                                     hand::then(hand::send(hand::rst_ack(0, 0)), {hand::rst(0)}, "CLOSED")}),
        hand::vector_of("old", {hand::then(hand::send(hand::rst(-30'000)), {}, "CLOSED", "eof")})};
    for (TestVector& vector : vectors) vector.profile = vector.subject = "hand";
    for (const TestRun& run : drive(*target, vectors, any_time())) {
        INFO(run.reason);
        CHECK(run.verdict == Verdict::pass);
    }
}
