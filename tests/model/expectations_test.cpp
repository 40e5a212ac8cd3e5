// `expect ... for PROFILE` holds for each profile that extends it, until one has an expectation of its own.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

// tiny <- child <- grandchild, tiny <- sibling; and a profile that extends nothing.
Claim claim_with(const std::string& expectations) {
    std::string stranger = tiny();
    stranger.replace(stranger.find("profile tiny"), 12, "profile stranger");
    const std::string family = "profile grandchild extends child { }\nprofile child extends tiny { }\n"
                               "profile sibling extends tiny { }\n";
    return parse_spec(family + stranger + tiny() + tiny_system() + "claim c \"s\" on pair invariant quiet " +
                          expectations,
                      "t")
        .claims[0];
}

}  // namespace

TEST_CASE("what is expected of a profile is expected of each that extends it, however far") {
    const Claim claim = claim_with("expect holds expect violated shortest 3 for tiny");
    for (const char* name : {"tiny", "child", "grandchild", "sibling"}) {
        CAPTURE(name);
        CHECK_FALSE(claim.expected_for(name).holds);
        CHECK(claim.expected_for(name).shortest == 3);
    }
    CHECK(claim.expected_for("stranger").holds);
}

TEST_CASE("the nearest profile with an expectation of its own counts") {
    const Claim claim = claim_with("expect violated for tiny expect vacuous for child");
    CHECK_FALSE(claim.expected_for("tiny").holds);
    CHECK(claim.expected_for("child").vacuous);
    CHECK(claim.expected_for("grandchild").vacuous);
    CHECK_FALSE(claim.expected_for("sibling").holds);
}

TEST_CASE("an expectation of its own counts more than what is inherited, also where it is the general one") {
    const Claim claim = claim_with("expect violated for tiny expect holds for grandchild");
    CHECK_FALSE(claim.expected_for("child").holds);
    CHECK(claim.expected_for("grandchild").holds);
}

TEST_CASE("nothing is inherited from a child, nor from a sibling") {
    const Claim claim = claim_with("expect violated for child");
    CHECK(claim.expected_for("tiny").holds);
    CHECK(claim.expected_for("sibling").holds);
    CHECK_FALSE(claim.expected_for("grandchild").holds);
}

TEST_CASE("the file of a profile says what is expected of it, of a claim that stands elsewhere") {
    const std::string claims = "claim c \"s\" on pair invariant quiet expect violated for tiny "
                               "claim d \"s\" on pair invariant quiet ";
    const std::string child = "profile child extends tiny { } ";
    const Spec spec = parse_spec(
        tiny() + tiny_system() + claims + "expect c holds for child expect d vacuous for tiny " + child, "t");
    REQUIRE(spec.claims.size() == 2);
    CHECK_FALSE(spec.claims[0].expected_for("tiny").holds);
    CHECK(spec.claims[0].expected_for("child").holds);
    CHECK(spec.claims[1].expected_for("tiny").vacuous);
    CHECK(spec.claims[1].expected_for("child").vacuous);

    const std::string rest = tiny() + tiny_system() + claims + child;
    CHECK(mistake(rest + "expect cc holds for child") == "no claim 'cc' | did you mean 'c'?");
    CHECK(mistake(rest + "expect c violated for tiny") == "a second expectation for 'tiny'");
    CHECK(mistake(rest + "expect c holds for childd") == "unknown profile 'childd' | did you mean 'child'?");
    CHECK(mistake(rest + "expect c holds").find("expected 'shortest' or 'for'") != std::string::npos);
}
