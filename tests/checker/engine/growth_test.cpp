// What drives a state space, on profiles small enough that the factors can be counted by hand.
#include <doctest/doctest.h>

#include <algorithm>

#include "checker/claims/check.h"
#include "checker/engine/growth.h"
#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;

// A counter that runs from 0 to a limit and sends nothing, beside a flag.
const std::string counter = R"(profile counter "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
limit most = 9 in 1..90 "how far it counts"
var n : 0..most
var lit : flag
segment ACK { seq 0; ack n }
on call up    rule up    "it" cites "none" ESTABLISHED [n < most] { n += 1 }
on call light rule light "it" cites "none" ESTABLISHED [not lit] { set lit }
on call tell  rule tell  "it" cites "none" ESTABLISHED { send ACK }
on segment step all rule none "it" cites "none" ESTABLISHED [seg.fin] -> CLOSED
}
)";

Growth growth_in(const std::string& system_text, const Bounds& bounds = {}) {
    const Spec spec = spec_from(counter + system_text);
    System system(spec, spec.systems[0]);
    Explorer explorer(system);
    const Coverage coverage = explorer.run(bounds);
    return growth_of(system, explorer, coverage);
}

double factor(const Growth& growth, const std::string& name) {
    for (const GrowthDriver& driver : growth.drivers) {
        if (driver.name == name) return driver.factor;
    }
    return 1;
}

bool advises(const Growth& growth, const std::string& bound) {
    return std::find(growth.smaller.begin(), growth.smaller.end(), bound) != growth.smaller.end();
}

}  // namespace

TEST_CASE("A variable multiplies the space by its values: a counter to 9 by ten, a flag by two") {
    const Growth growth =
        growth_in("system s \"\" ends counter A, counter B network 1 calls A { up light } B { light }");
    CHECK(growth.states == 40);
    CHECK(growth.waiting == 0);
    REQUIRE(growth.drivers.size() == 3);
    CHECK(growth.drivers[0].name == "A.n");
    CHECK(growth.drivers[0].factor == doctest::Approx(10));
    CHECK(factor(growth, "A.lit") == doctest::Approx(2));
    CHECK(factor(growth, "B.lit") == doctest::Approx(2));
    CHECK(growth.smaller == std::vector<std::string>{"limit most"});
}

TEST_CASE("What is in flight counts by direction, and the advice is a smaller network") {
    // Four values of n, up to three segments of four kinds, in any order: 1 + 4 + 10 + 20 bags.
    const Growth growth =
        growth_in("system s \"\" ends counter A, counter B network 3 reorders calls A { up tell } B { } "
                  "limit most = 3");
    REQUIRE_FALSE(growth.drivers.empty());
    CHECK(growth.drivers[0].name == "in flight from A");
    CHECK(growth.drivers[0].factor > 10);
    CHECK(growth.smaller.at(0) == "network capacity");
    CHECK(factor(growth, "in flight from B") == 1);
    CHECK(advises(growth, "limit most"));
}

TEST_CASE("A limit that is as small as it can be, and a network of one, are not advised") {
    const Growth growth =
        growth_in("system s \"\" ends counter A, counter B network 1 calls A { up tell } B { up tell } limit most = 1");
    CHECK_FALSE(advises(growth, "limit most"));
    CHECK_FALSE(advises(growth, "network capacity"));
    CHECK_FALSE(growth.smaller.empty());
}

TEST_CASE("A sample of a large space estimates the factors that all of it would give" * doctest::test_suite("slow")) {
    // 91 x 91 x 2 x 2 values, times what is in flight one way: enough that the sample is a part of it.
    const Growth growth = growth_in("system s \"\" ends counter A, counter B network 2 loses reorders "
                                    "calls A { up light tell } B { up light } limit most = 60");
    CHECK(growth.states > 2'000'000);
    CHECK(factor(growth, "B.n") == doctest::Approx(61).epsilon(0.05));
    CHECK(factor(growth, "B.lit") == doctest::Approx(2).epsilon(0.05));
    CHECK(factor(growth, "A.lit") == doctest::Approx(2).epsilon(0.05));
}

TEST_CASE("A check that hits its bound on states says how large the system grew; one that fits says nothing") {
    const Spec spec = spec_from(counter + "system s \"\" ends counter A, counter B network 2 calls A { up light tell } "
                                          "B { up light tell }\n"
                                          "claim c \"it\" cites \"none\" on s reachable A.n == 1 expect holds\n"
                                          "claim d \"it\" cites \"none\" on s invariant A.n <= 9 expect holds");
    CheckOptions options;
    options.bounds.max_states = 500;
    const CheckReport report = check(spec, options);
    REQUIRE(report.systems.at(0).growth);
    const Growth& growth = *report.systems[0].growth;
    CHECK(growth.states >= 500);
    CHECK(growth.waiting > 0);
    CHECK(growth.waiting < growth.states);
    CHECK(growth.depth > 0);
    CHECK_FALSE(growth.drivers.empty());
    // What was decided so far is there, and what was not is unknown.
    CHECK(report.claims.at(0).answer == Answer::holds);
    CHECK(report.claims.at(1).answer == Answer::unknown);
    options.only_claims = {"c"};
    options.bounds.max_states = 200'000'000;
    CHECK_FALSE(check(spec_from(counter + "system s \"\" ends counter A, counter B network 1 calls A { up } B { }\n"
                                          "claim c \"it\" cites \"none\" on s reachable A.n == 1 expect holds"),
                      options)
                    .systems.at(0)
                    .growth);
}

}  // namespace lastack
