// What the tests of others look at is in the suites that are made here. `./dev measure suites scenarios` asks for all
// of it, in `full`, which takes minutes.
#include "tests/checker/suites/scenarios.h"

#include <doctest/doctest.h>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "generators/walk_suite.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

TEST_CASE("each scenario has goals, or says why no vector of one endpoint can show it") {
    const std::vector<Scenario> all = scenarios();
    CHECK(all.size() == 112);
    std::set<std::string> numbers;
    for (const Scenario& one : all) {
        CHECK_MESSAGE(one.goals.empty() != one.reason.empty(), one.number);
        numbers.insert(one.number);
    }
    CHECK(numbers.size() == all.size());
    CHECK(std::count_if(all.begin(), all.end(), [](const Scenario& one) { return one.goals.empty(); }) == 13);
}

TEST_CASE("a pattern that no goal matches is missed") {
    const std::vector<Scenario> one = {{"X1", "", {"transitions/ack/*/closed", "ways/closed"}, ""}};
    CHECK(not_contained(one, {"transitions/ack/last-ack/last_ack/closed"}, "") ==
          std::vector<std::string>{"X1: ways/closed"});
    CHECK(not_contained(one, {"transitions/ack/last-ack/last_ack/last-ack"}, "transitions/") ==
          std::vector<std::string>{"X1: transitions/ack/*/closed"});
}

TEST_CASE("vectors of linux contain the scenarios that are transitions") {
    const Spec& spec = shipped_spec("linux.spec");
    const Profile& profile = *spec.profile(spec.subject);
    WalkSuiteOptions options;
    options.ip_versions = {4};
    options.limits = limits_of_a_driven_end(profile);
    std::set<std::string> reached;
    for (const TestVector& vector : make_walk_suite(profile, "transitions", options).suite.vectors)
        for (const VectorClaim& claim : vector.claims) reached.insert("transitions/" + claim.id);
    CHECK(fmt::format("{}", fmt::join(not_contained(scenarios(), reached, "transitions/"), "\n")) == "");
}
