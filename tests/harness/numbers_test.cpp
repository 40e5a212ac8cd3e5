// Sequence numbers, windows and units of text of all kinds change no verdict, on a profile that is played and on the
// running kernel.
#include "generators/numbers.h"

#include <doctest/doctest.h>

#include <set>
#include <string>
#include <vector>

#include "generators/vector_json.h"
#include "generators/walk_suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "tests/generators/sample_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

std::vector<TestVector> renumbered(std::vector<TestVector> vectors, std::uint32_t seed) {
    Numbers numbers(seed);
    for (TestVector& vector : vectors) numbers.put(vector);
    return vectors;
}

std::vector<TestRun> play(const Profile& profile, const std::map<std::string, int>& limits,
                          const std::vector<TestVector>& vectors) {
    const auto target = make_sim_target(profile, limits_of(profile, limits), {});
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    return drive(*target, vectors, options);
}

// Every vector of the suite has the verdict that it has with its own numbers.
void same_verdicts(const Profile& profile, const std::string& suite, WalkSuiteOptions options, std::uint32_t seed) {
    const std::vector<TestVector> vectors = make_walk_suite(profile, suite, options).suite.vectors;
    CHECK(vectors.size() > 50);
    const std::vector<TestVector> others = renumbered(vectors, seed);
    const std::vector<TestRun> before = play(profile, options.limits, vectors);
    const std::vector<TestRun> after = play(profile, options.limits, others);
    std::set<int> units;
    int in_pieces = 0;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        CAPTURE(vectors[i].id);
        CAPTURE(others[i].tester_isn);
        CAPTURE(others[i].unit_bytes);
        CAPTURE(after[i].reason);
        CHECK(to_string(before[i].verdict) == to_string(after[i].verdict));
        units.insert(others[i].unit_bytes);
        in_pieces += others[i].steps.size() > vectors[i].steps.size();
    }
    CHECK(in_pieces > 0);  // text of the tester's in several segments
    CHECK(units.contains(1));
    CHECK(units.contains(segment_bytes(vectors[0])));
}

}  // namespace

TEST_CASE("with other numbers every vector of some suites has the verdict that it had" * doctest::test_suite("slow")) {
    const Spec spec = lastack::testing::shipped_spec("linux.spec");
    WalkSuiteOptions options;
    options.limits = {{"buffer", 0}, {"repack", 0}};
    std::uint32_t seed = 1;
    for (const std::string suite : {"transitions", "ways", "calls", "loss"}) {
        options.ip_versions = {seed % 2 == 1 ? 4 : 6};
        same_verdicts(*spec.profile("linux"), suite, options, seed++);
    }
}

TEST_CASE("the kernel passes with text in several segments and numbers that wrap in it" * hand::needs_kernel()) {
    TestVector vector = lastack::testing::normal_close();
    VectorStep write = lastack::testing::call_step("send", "ok", 100);
    write.expect = {{lastack::testing::data_of(0, 0, 100), {0, 40'000}, "send"}};
    VectorStep acked = lastack::testing::send_step(lastack::testing::ack_of(0, 100));
    VectorStep close = lastack::testing::call_step("close");
    close.expect = {{lastack::testing::fin_of(100, 0), {0, 40'000}, "close"}};
    VectorStep fin = lastack::testing::send_step(lastack::testing::fin_of(0, 101));
    fin.expect = {{lastack::testing::ack_of(101, 1), {0, 40'000}, "fin"}};
    fin.states = {"TIME_WAIT"};
    vector.steps = {write, acked, close, fin};
    std::vector<TestVector> vectors;
    for (const int ip : {4, 6}) {
        vector.ip = ip;
        vectors.insert(vectors.end(), 40, vector);
    }
    vectors = renumbered(vectors, 1);
    std::set<int> units;
    for (const TestVector& one : vectors) units.insert(one.unit_bytes);
    CHECK(units == std::set<int>{1, 100, 1440, 1460, 2880, 2920});
    const auto target = make_linux_target();
    for (const TestRun& run : drive(*target, vectors, {})) {
        CAPTURE(run.reason);
        CHECK(to_string(run.verdict) == "pass");
    }
}
