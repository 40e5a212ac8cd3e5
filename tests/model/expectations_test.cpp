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
    const Spec both = parse_spec(rest + "expect c, d vacuous for child", "t");
    for (const Claim& claim : both.claims) CHECK(claim.expected_for("child").vacuous);
    CHECK_FALSE(both.claims[1].expected_for("tiny").vacuous);
    CHECK(mistake(rest + "expect d, cc holds for child") == "no claim 'cc' | did you mean 'c'?");
    CHECK(marked(rest + "expect d, cc holds for child") == "cc");
    CHECK(mistake(rest + "expect c, c holds for child") == "a second expectation for 'child'");
    CHECK(mistake(rest + "expect cc holds for child") == "no claim 'cc' | did you mean 'c'?");
    CHECK(mistake(rest + "expect c violated for tiny") == "a second expectation for 'tiny'");
    CHECK(mistake(rest + "expect c holds for childd") == "unknown profile 'childd' | did you mean 'child'?");
    CHECK(mistake(rest + "expect c holds").find("expected 'shortest' or 'for'") != std::string::npos);
}

namespace {

// set has a setting, and grown another value of it; bare has none.
std::string settable(const std::string& expectations, const std::string& system = "") {
    return tiny("setting pace = 1 in 0..5 setting mood = calm") +
           "profile grown extends tiny { replace setting pace = 3 in 0..5 }\n"
           "profile bare \"none\" { states ESTABLISHED initial }\n"
           "system pair ends subject A, subject B network 2 " +
           system + " claim c \"s\" on pair invariant quiet " + expectations;
}

Expectation expected(const std::string& text, const std::string& profile,
                     const std::vector<std::string>& settings = {}) {
    return parse_spec(text, "t", profile, settings).claims.at(0).expected_for(profile);
}

}  // namespace

TEST_CASE("an expectation may count under certain settings only") {
    const std::string text = settable("expect holds expect violated shortest 3 for tiny with pace == 1 or pace > 4");
    CHECK_FALSE(expected(text, "tiny").holds);
    CHECK(expected(text, "tiny").shortest == 3);
    CHECK(expected(text, "tiny", {"pace=2"}).holds);
    CHECK_FALSE(expected(text, "tiny", {"pace=5"}).holds);
    // A child is asked by its own settings.
    CHECK(expected(text, "grown").holds);
    CHECK_FALSE(expected(text, "grown", {"pace=1"}).holds);
    CHECK(expected(text, "bare").holds);
}

TEST_CASE("one whose settings fit counts before one without a condition, for the same profile and in general") {
    const std::string own = settable("expect violated for tiny expect vacuous for tiny with pace < 2");
    CHECK(expected(own, "tiny").vacuous);
    CHECK_FALSE(expected(own, "tiny", {"pace=2"}).holds);
    const std::string general = settable("expect violated with retries == 3 and pace == 3 expect holds");
    CHECK(expected(general, "tiny").holds);
    CHECK_FALSE(expected(general, "grown").holds);
    CHECK(expected(general, "bare").holds);  // it has no such setting
}

TEST_CASE("the claim's system may set it, and its limits count") {
    const std::string expectation = "expect holds expect violated with pace + retries == 6";
    CHECK(expected(settable(expectation), "tiny").holds);
    CHECK_FALSE(expected(settable(expectation, "set pace = 3"), "tiny").holds);
    CHECK_FALSE(expected(settable(expectation, "limit retries = 5"), "tiny").holds);
}

TEST_CASE("mistakes in what settings an expectation is for") {
    CHECK(mistake(settable("expect holds with pase == 1")) == "unknown setting or limit 'pase' | did you mean 'pace'?");
    CHECK(marked(settable("expect holds with pase == 1")) == "pase");
    CHECK(mistake(settable("expect holds for bare with pace == 1")) == "unknown setting or limit 'pace'");
    CHECK(mistake(settable("expect holds with mood == 1")) == "unknown setting or limit 'mood'");
    CHECK(mistake(settable("expect holds for tiny with pace > 0 expect violated for tiny with pace < 3"))
              .find("this and an expectation before it count for 'tiny' as it is set") == 0);
    CHECK(mistake(settable("expect holds with 1 / 0 == 1")).find("zero") != std::string::npos);
    CHECK(mistake(settable("expect holds with pace = 1")).find("found '='") != std::string::npos);
}
