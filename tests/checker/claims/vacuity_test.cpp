// Claims that nothing puts to the test are found; those that are tested are not.
#include "checker/claims/vacuity.h"

#include <doctest/doctest.h>

#include "model/source_text.h"
#include "tests/checker/small_machine.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// The premises of the claim that one exploration of its system does not meet.
std::vector<std::string> never_met(const std::string& claims, const std::string& id) {
    const Spec spec = spec_from(small_machine + claims);
    const Claim& claim = claim_named(spec, id);
    System system(spec, system_named(spec, claim.system));
    const Premises premises({&claim});
    std::vector<const Claim*> watched = premises.claims();
    watched.push_back(&claim);
    WatchHooks hooks(system, watched);
    Explorer explorer(system);
    const Coverage coverage = explorer.run({}, hooks);
    REQUIRE(coverage.complete);
    return premises.never_met(claim, hooks);
}

// The premises of a claim of one body, as the spec writes them.
std::vector<std::string> premises(const std::string& kind_and_body) {
    const Spec spec = spec_from(small_machine + "claim it \"one\" on lossy\n  " + kind_and_body);
    std::vector<std::string> texts;
    for (const Claim& premise : premises_of(spec.claims[0])) texts.push_back(premise.sentence);
    return texts;
}

using Texts = std::vector<std::string>;

}  // namespace

TEST_CASE("an invariant about a state that no end reaches has a premise that is never met, with its place") {
    const std::string claims = "claim closer \"a claim\" on lossy\n"
                               "  invariant each e, p: e in FIN_WAIT_2 implies p in CLOSE_WAIT\n"
                               "claim idle \"another\" on lossy\n"
                               "  invariant each e: e in FIN_WAIT_2 and e.fin_got == 1 implies not quiet\n";
    CHECK(never_met(claims, "closer").empty());
    const Texts idle = never_met(claims, "idle");
    REQUIRE(idle.size() == 1);
    CHECK(idle[0].starts_with("'e in FIN_WAIT_2 and e.fin_got == 1' (test.spec:"));
    CHECK(idle[0].ends_with(":21)"));  // the column of the first `e`
}

TEST_CASE("a step claim is vacuous where the step it speaks of never happens") {
    const std::string claims = "claim answered \"each FIN is answered\" on lossy\n"
                               "  step each e: e gets [seg.fin] implies e sends [seg.has_ack]\n"
                               "claim reset \"each reset is told\" on lossy\n"
                               "  step each e: e gets [seg.rst] implies e signals eof\n";
    CHECK(never_met(claims, "answered").empty());
    CHECK(never_met(claims, "reset").size() == 1);
}

TEST_CASE("each part of a conjunction has a premise of its own") {
    const std::string claims = "claim both \"two claims in one\" on lossy\n"
                               "  step each e: (e calls close implies e sends [seg.fin])\n"
                               "    and (e in CLOSED implies not e sends [true])\n"
                               "    and (e.tries == 1 and e in FIN_WAIT_2 and e.fin_got == 1 implies e calls close)\n";
    const Texts missing = never_met(claims, "both");
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].starts_with("'e.tries == 1 and e in FIN_WAIT_2 and e.fin_got == 1'"));
}

TEST_CASE("`ends` is vacuous where every state can be left, and where no end meets its premise") {
    const std::string claims = "claim over \"both know\" on lossy\n"
                               "  ends A in FIN_WAIT_2 implies B in CLOSE_WAIT\n"
                               "claim odd \"B is done\" on lossy\n"
                               "  ends A in ESTABLISHED implies B in CLOSED\n"
                               "claim on_and_on \"nothing ends\" on restless\n"
                               "  ends A in CLOSED\n";
    CHECK(never_met(claims, "over").empty());
    CHECK(never_met(claims, "odd").size() == 1);
    const Texts nothing_ends = never_met(claims, "on_and_on");
    REQUIRE(nothing_ends.size() == 1);
    CHECK(nothing_ends[0].starts_with("'a state that no step leaves'"));
}

TEST_CASE("premises stand left of `implies` in positive position only") {
    CHECK(premises("invariant each e: e in CLOSED implies e.tries == 0") == Texts{"e in CLOSED"});
    CHECK(premises("invariant each e: not (e in CLOSED implies e.tries == 0)").empty());
    CHECK(premises("invariant not not (A in CLOSED implies quiet)") == Texts{"A in CLOSED"});
    CHECK(premises("invariant each e: not (e in CLOSED and e.tries == 1)").empty());
    CHECK(premises("invariant some e: e in CLOSED implies e.tries == 0") == Texts{"e in CLOSED"});
    CHECK(premises("invariant A in CLOSED implies (B in CLOSED implies quiet)") == Texts{"A in CLOSED", "B in CLOSED"});
    CHECK(premises("reachable A in CLOSED implies quiet").empty());
    CHECK(premises("recoverable A in CLOSED implies quiet").empty());
}

TEST_CASE("a premise inside a premise is met only where both are true") {
    const std::string claims = "claim nested \"one inside the other\" on lossy\n"
                               "  invariant B in CLOSE_WAIT implies (B in ESTABLISHED implies quiet)\n";
    const Texts missing = never_met(claims, "nested");
    REQUIRE(missing.size() == 1);
    CHECK(missing[0].starts_with("'B in ESTABLISHED'"));
}

TEST_CASE("an expression is quoted on one line, without comments, up to its last bracket") {
    CHECK(
        premises("step each e: (e gets [seg.fin] and e in\n     {CLOSED,   # a remark\n FIN_WAIT_2}) implies quiet") ==
        Texts{"e gets [seg.fin] and e in {CLOSED, FIN_WAIT_2}"});
    CHECK(source_text(Where{}) == "");
    CHECK(place_text(Where{}) == "");
}
