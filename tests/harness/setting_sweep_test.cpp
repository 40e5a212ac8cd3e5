// Settings, from the spec to the implementation: what vectors carry, what the simulator and the kernel do with it.
#include "tests/harness/setting_sweep.h"

#include <doctest/doctest.h>

#include <limits>

#include "model/language/read_spec.h"
#include "tests/harness/kernel.h"
#include "tests/places.h"
#include "tests/spec_support.h"

using namespace lastack;
using lastack::testing::Settings;

namespace {

using Pair = std::pair<std::string, std::string>;

bool has(const std::vector<Pair>& settings, const Pair& one) {
    return std::find(settings.begin(), settings.end(), one) != settings.end();
}

bool tried(const std::vector<testing::SweepRow>& rows, const std::string& claim, Verdict verdict) {
    return std::any_of(rows.begin(), rows.end(),
                       [&](const testing::SweepRow& row) { return row.claim == claim && row.verdict == verdict; });
}

}  // namespace

TEST_CASE("vectors carry the settings, and the tester offers the options that they stand for") {
    const std::vector<TestVector> plain = testing::sweep_vectors({});
    REQUIRE_FALSE(plain.empty());
    for (const TestVector& vector : plain) {
        CHECK(vector.options.empty());
        CHECK(has(vector.settings, {"tcp_sack", "0"}));
    }
    const std::vector<TestVector> offered = testing::sweep_vectors({"tcp_sack=1", "tcp_timestamps=1"});
    for (const TestVector& vector : offered) {
        CHECK(vector.options == std::vector<std::string>{"sack", "timestamps"});
        CHECK(has(vector.settings, {"tcp_sack", "1"}));
        CHECK(has(vector.settings, {"tcp_timestamps", "1"}));
    }
}

TEST_CASE("a system's own settings are those of its vectors") {
    const Spec spec = parse_spec(std::string(testing::sweep_text()) +
                                     "system quick \"FIN-WAIT-2 is short\"\n"
                                     "  ends linux A, linux B network 1 loses calls A { close } B { }\n"
                                     "  limit data = 0 limit buffer = 0 limit repack = 0 limit uto = 0\n"
                                     "  set tcp_fin_timeout = 3\n"
                                     "claim quick \"it ends\" on quick reachable A fires orphan_over\n",
                                 lastack::testing::source_dir() + "/sweep.spec", "linux");
    CheckOptions options;
    options.only_claims = {"quick"};
    const std::vector<TestVector> vectors = make_suite(spec, check(spec, options)).vectors;
    REQUIRE_FALSE(vectors.empty());
    CHECK(has(vectors[0].settings, {"tcp_fin_timeout", "3"}));
    const VectorStep& wait = vectors[0].steps.back();
    CHECK(wait.timer == "fin_wait_2");
    CHECK(wait.window.latest_us >= 3'000'000);
    CHECK(wait.window.latest_us < 3'700'000);
}

TEST_CASE("the simulator does what the profile says under each set of settings") {
    for (const Settings& settings : testing::settings_to_sweep()) {
        CAPTURE(fmt::format("{}", fmt::join(settings, " ")));
        const Spec spec = parse_spec(testing::sweep_text(), lastack::testing::source_dir() + "/sweep.spec", "linux");
        const Profile& profile = *spec.profile("linux");  // with its own settings: the vectors bring theirs
        const auto target = make_sim_target(profile, limits_of(profile));
        const std::vector<testing::SweepRow> rows =
            testing::drive_sweep(*target, settings, testing::sweep_vectors(settings), 1e9);
        for (const std::string& fault : testing::faults_of(rows)) FAIL_CHECK(fault);
        CHECK(tried(rows, "orphan", Verdict::pass));
    }
}

TEST_CASE("the kernel does what the profile says under settings that are quick to see" * doctest::test_suite("slow") *
          hand::needs_kernel()) {
    const std::vector<Settings> quick = {
        {"tcp_orphan_retries=1"}, {"tcp_fin_timeout=2"}, {"tcp_rfc1337=1"}, {"tcp_sack=1"}, {"tcp_timestamps=1"}};
    constexpr double longest = 10;
    constexpr int tries = 6;  // on a machine that is busy with other things
    const std::vector<testing::SweepRow> rows = testing::sweep(quick, longest, tries);
    CHECK(rows.size() >= quick.size() * 4);
    for (const std::string& fault : testing::faults_of(rows)) FAIL_CHECK(fault);
}
