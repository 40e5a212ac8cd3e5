// A profile is never refuted by itself, and another one is: random profiles from spec to verdict. `./dev measure truth`
// judges more.
#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "model/language/read_spec.h"
#include "tests/random/judge_vectors.h"

using namespace lastack::testing;

TEST_CASE("vectors of random profiles are passed, or left undecided, by the profile that they were made of" *
          doctest::test_suite("slow")) {
    const VectorTally tally = judge_vectors(1, 120);
    const auto fails = [](const RandomSpec& spec) { return !judge_vectors_of(spec).bad.empty(); };
    INFO(fmt::format("{}", fmt::join(tally.reasons, "\n")));
    if (!tally.bad.empty()) {
        const std::uint64_t seed = tally.bad.front();
        INFO(failure_text(without_dead_rules(random_spec(seed, vector_knobs(seed))), fails));
        CHECK(tally.bad.empty());
    }
    CHECK(tally.failed == 0);
    CHECK(tally.errors == 0);
    CHECK(tally.rewritten == 0);
    CHECK(tally.runs > 5000);
    CHECK(tally.passed > tally.runs / 2);
    CHECK(tally.plain_inconclusive * 10 <= tally.plain_runs);
}

// That the judge can fail: what a vector demands, a profile with one rule changed does not always do.
TEST_CASE("vectors of random profiles refute profiles that behave otherwise") {
    std::size_t variants = 0, refuted = 0;
    for (std::uint64_t seed = 1; seed <= 40; ++seed) {
        const RandomSpec original = without_dead_rules(random_spec(seed, vector_knobs(seed)));
        const auto variant = with_one_change(original, seed);
        if (!variant) continue;
        ++variants;
        const std::vector<lastack::TestVector> vectors =
            vectors_of(lastack::parse_spec(original.text(), "random.spec"));
        refuted += play_all(lastack::parse_spec(variant->text(), "variant.spec"), vectors, seed).failed > 0;
    }
    CAPTURE(variants);
    CHECK(refuted * 3 > variants);
}
