// `diff` and `mutate` against brute force, on random profiles that differ in one rule. A measurement judges more of
// them.
#include "tests/random/judge_pairs.h"

#include <doctest/doctest.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace lastack::testing;

namespace {

void check(const PairCounts& counts) {
    INFO(fmt::format("{}", fmt::join(counts.wrong, "\n")));
    INFO(fmt::format("{}", fmt::join(counts.not_shown, "\n")));
    CHECK(counts.wrong.empty());
    // A comparison that called everything the same, or everything different, would not get here.
    CHECK(counts.same > 0);
    CHECK(counts.different > 0);
}

}  // namespace

TEST_CASE("diff and mutate agree with brute force on random profiles of any kind" * doctest::test_suite("slow")) {
    const PairCounts counts = judge_pairs(1'000, 100, RandomKnobs{}, 1);
    check(counts);
    CHECK(counts.shown > 0);
}

TEST_CASE("diff and mutate agree with brute force on random profiles of a protocol that is not TCP" *
          doctest::test_suite("slow")) {
    RandomKnobs knobs;
    knobs.own_words = 100;
    check(judge_pairs(2'000, 100, knobs, 1));
}

TEST_CASE("diff agrees with brute force on random profiles that a tester can drive, and its vectors tell them apart" *
          doctest::test_suite("slow")) {
    RandomKnobs knobs;
    knobs.drivable = true;
    const PairCounts counts = judge_pairs(1'000, 18, knobs, 0);
    check(counts);
    CHECK(counts.shown > 0);
}
