#include "generators/suite_union.h"

#include <doctest/doctest.h>

#include "tests/generators/sample_vectors.h"

using namespace lastack;

namespace {

TestVector with(const std::string& claim, std::size_t steps, std::int64_t settle_us = 100'000) {
    TestVector vector = testing::normal_close();
    REQUIRE(steps <= vector.steps.size());
    vector.id = claim + "/A";
    vector.claims = {{claim, VectorClaim::Sense::goal, "is reached"}};
    vector.steps.resize(steps);
    vector.settle_us = settle_us;
    return vector;
}

std::vector<std::string> claims_of(const TestVector& vector) {
    std::vector<std::string> ids;
    for (const VectorClaim& claim : vector.claims) ids.push_back(claim.id);
    return ids;
}

}  // namespace

TEST_CASE("a vector that is the beginning of another one adds its goals to that one, over several") {
    const std::vector<TestVector> one = united({with("first", 1), with("whole", 3), with("second", 2)}, 100'000);
    REQUIRE(one.size() == 1);
    CHECK(one[0].id == "whole/A");
    CHECK(claims_of(one[0]) == std::vector<std::string>{"whole", "second", "first"});
    CHECK(one[0].steps.size() == 3);
}

TEST_CASE("the same exchange is kept once, with the claims of both") {
    const std::vector<TestVector> one = united({with("one", 2), with("other", 2)}, 100'000);
    REQUIRE(one.size() == 1);
    CHECK(one[0].claims.size() == 2);
}

TEST_CASE("where silence was watched for at the end, a longer vector is no substitute, nor under other limits") {
    CHECK(united({with("watches", 1, 2'000'000), with("whole", 3)}, 100'000).size() == 2);
    CHECK(united({with("watches", 3, 2'000'000), with("glances", 3)}, 100'000).size() == 2);
    TestVector other = with("other limits", 1);
    other.limits.edit()["buffer"] = 0;
    CHECK(united({other, with("whole", 3)}, 100'000).size() == 2);
    TestVector differs = with("differs", 1);
    differs.steps[0].call = "abort";
    const std::vector<TestVector> both = united({differs, with("whole", 3)}, 100'000);
    REQUIRE(both.size() == 2);
    CHECK(both[0].id == "differs/A");  // in the order given
}
