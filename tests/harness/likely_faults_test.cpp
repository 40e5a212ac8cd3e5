// Whoever makes a mistake is among those who would look like that; whoever makes another one is not.
#include "harness/likely_faults.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "harness/targets.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;

TEST_CASE("of the first-order mutants those are named that fail a vector in the same way") {
    const Profile tiny = hand::tiny_profile();
    const std::vector<SuiteMutant> mutants = suite_mutants(tiny, all_operators);
    TestVector vector = hand::passive_close();
    vector.profile = vector.subject = "tiny";
    vector.limits = limits_of(tiny);
    const auto run_of = [&](const std::string& op, const std::string& rule) {
        const auto mutant = std::find_if(mutants.begin(), mutants.end(), [&](const SuiteMutant& one) {
            return one.op == op && one.id.find(rule) != std::string::npos;
        });
        REQUIRE(mutant != mutants.end());
        const Profile wrong = mutant->profile();
        DriveOptions options;
        options.longest_us = 1'000'000'000;
        return drive(*make_sim_target(wrong, limits_of(wrong)), {vector}, options).at(0);
    };
    const TestRun silent = run_of("rule", "close_passive");  // the second FIN is never sent
    REQUIRE(silent.verdict == Verdict::fail);
    const std::vector<LikelyFault> faults = likely_faults(mutants, vector, silent, 100, {});
    REQUIRE_FALSE(faults.empty());
    CHECK(std::any_of(faults.begin(), faults.end(),
                      [](const LikelyFault& one) { return one.id.find("close_passive") != std::string::npos; }));
    CHECK(std::none_of(faults.begin(), faults.end(), [](const LikelyFault& one) { return one.id == "drop rule fin"; }));
    CHECK(faults.size() < mutants.size() / 4);
    CHECK(likely_faults(mutants, vector, silent, 1, {}).size() == 1);
}
