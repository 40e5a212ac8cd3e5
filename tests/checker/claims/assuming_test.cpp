// Claims under an assumption: only runs all of whose steps keep it count.
#include <doctest/doctest.h>

#include "checker/claims/check.h"
#include "checker/trace/plain_claims.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// An end counts calls of `up` to three; `reset` forgets the count.
const std::string counter = R"(profile counter "for tests" cites "none" {
states ESTABLISHED initial final
var n : 0..3
on call up    rule up    "it" cites "none" ESTABLISHED [n < 3] { n += 1 }
on call clear rule clear "it" cites "none" ESTABLISHED [n > 0] { n := 0 }
}
system both "" ends counter A, counter B network 1 loses calls A { up clear } B { up }
)";

CheckResult decide(const std::string& claim) {
    static std::vector<Spec> kept;  // results point into their spec
    kept.reserve(50);
    kept.push_back(spec_from(counter + "claim it \"it\" cites \"none\" on both " + claim));
    const CheckReport report = check(kept.back(), {});
    REQUIRE(report.claims.size() == 1);
    return report.claims.front();
}

}  // namespace

TEST_CASE("An invariant is asked of the runs that keep the assumption only") {
    CHECK(decide("invariant A.n + B.n < 4").answer == Answer::violated);
    const CheckResult held = decide("assuming not B calls up invariant A.n + B.n < 4");
    CHECK(held.answer == Answer::holds);
    const CheckResult broken = decide("assuming not B calls up invariant A.n < 3");
    CHECK(broken.answer == Answer::violated);
    CHECK(broken.trace->steps.size() == 3);
}

TEST_CASE("A step claim is asked of the steps of such runs") {
    CHECK(decide("step A calls clear implies A.n == 1").answer == Answer::violated);
    CHECK(decide("assuming next A.n < 2 step A calls clear implies A.n == 1").answer == Answer::holds);
    const CheckResult broken = decide("assuming next A.n < 3 step A calls clear implies A.n == 1");
    CHECK(broken.answer == Answer::violated);
    CHECK(broken.trace->steps.size() == 3);  // up, up, clear
}

TEST_CASE("A witness keeps the assumption in each of its steps") {
    const CheckResult free = decide("reachable A.n == 3 then A.n == 0");
    CHECK(free.answer == Answer::holds);
    CHECK(free.trace->steps.size() == 4);
    CHECK(decide("assuming A calls clear implies A.n == 1 reachable A.n == 3 then A.n == 0").answer ==
          Answer::violated);
}

TEST_CASE("The plain interpreter refuses a trace that breaks the assumption") {
    const CheckResult free = decide("invariant A.n + B.n < 4");
    const CheckResult assumed = decide("assuming not B calls up invariant A.n < 3");
    Claim mixed = *free.claim;
    mixed.assuming = assumed.claim->assuming;
    const Spec spec = spec_from(counter + "claim it \"it\" cites \"none\" on both invariant A.n + B.n < 4");
    const PlainSystem plain(spec, system_named(spec, "both"));
    CHECK(judge(plain, *free.claim, *free.trace) == "");
    CHECK(judge(plain, mixed, *free.trace).find("breaks the assumption") != std::string::npos);
}

TEST_CASE("Under an assumption that keeps the premise from being true, a claim is vacuous") {
    CHECK_FALSE(decide("assuming not B calls up step A calls clear implies A.n > 0").vacuous());
    const CheckResult empty = decide("assuming not A calls up step A calls clear implies A.n > 0");
    CHECK(empty.answer == Answer::holds);
    CHECK(empty.vacuous());
    CHECK_FALSE(empty.as_expected);
}

TEST_CASE("Claims that are about whole runs take no assumption") {
    CHECK_THROWS_AS(decide("assuming not B calls up recoverable A.n == 0"), SpecError);
    CHECK_THROWS_AS(decide("assuming not B calls up eventually A.n == 0"), SpecError);
}
