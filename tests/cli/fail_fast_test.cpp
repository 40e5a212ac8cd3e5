// A mistake in a child stands out: only what it changed is red, and --fail-fast stops there.
#include <doctest/doctest.h>

#include <string>

#include "tests/cli/command.h"
#include "tests/places.h"

using command::has;
using command::invoke;
using command::one_way;
using command::SpecFile;

namespace {

// Expected violations of the parent: an empty child inherits the expectation, and is green.
const std::string claims = R"(
claim heard "the closer learns that it was heard" on lossy reachable A in FIN_WAIT_2 expect holds shortest 3
claim never "nobody gives up" on lossy invariant not A in CLOSED expect holds expect violated for one_way
claim again "the FIN can go out again" on lossy reachable A fires again expect holds
claim ends "when all is over, both sides know" on lossy ends A in FIN_WAIT_2 and B in CLOSE_WAIT
  expect violated for one_way
claim comes "A comes to an end" on lossy
  leads A in FIN_WAIT_1 to A in {FIN_WAIT_2, CLOSED} fair timers, delivery expect holds
)";

command::Outcome check(const std::string& child, const std::string& options = "") {
    return invoke("check " + options + " " +
                  SpecFile(one_way(claims + "profile child extends one_way { " + child + " }\n")).word());
}

}  // namespace

TEST_CASE("an empty child of a profile with expected violations is green") {
    const auto outcome = check("");
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "5 claims: 5 as expected, 0 not\n"));
    CHECK(has(check("", "--fail-fast").out, "5 claims: 5 as expected, 0 not\n"));
}

TEST_CASE("a mistake in a child is red, and nothing else is") {
    // The FIN never goes out again: its rule is gone, so the timer ends the connection at once.
    const auto outcome = check("drop rule again");
    CHECK(outcome.code == 12);
    CHECK(has(outcome.out, "SURPRISE: false    again"));
    CHECK(has(outcome.out, " not\n"));
}

TEST_CASE("--fail-fast stops at the first unexpected answer, with its exit code, and says what is open") {
    // Nobody hears a FIN any more. That is seen long before the claims about ends and runs are decided.
    const std::string mistake = "replace rule fin \"deaf\" cites \"nobody\" ESTABLISHED [seg.fin] { }";
    const auto whole = check(mistake), fast = check(mistake, "--fail-fast");
    CHECK(whole.code == 12);
    CHECK(fast.code == 12);
    CHECK(has(fast.out, "not decided, behind the first answer that is not as expected: "));
    CHECK(command::too_wide(fast.out) == "");
    CHECK_FALSE(has(whole.out, "not decided"));

    const auto json = check(mistake, "--fail-fast --json");
    CHECK(json.code == 12);
    CHECK(has(json.out, "\"undecided\": ["));
    CHECK(has(json.out, "\"comes\""));
    CHECK_FALSE(has(check("", "--fail-fast --json").out, "undecided"));
}

TEST_CASE("--fail-fast: what is seen during the exploration of a large system ends it") {
    const SpecFile spec("use \"" + lastack::testing::source_dir() + R"(/specs/rfc9293.spec"
profile mine extends rfc9293 { }
claim wrong "nobody ever closes" on lossy invariant not A in FIN_WAIT_1 expect holds
claim unread "the network is quiet again" on lossy recoverable quiet expect holds
)");
    const auto outcome = invoke("check --json --fail-fast " + spec.word());
    CHECK(outcome.code == 12);
    CHECK(has(outcome.out, "\"complete\": false"));
    CHECK(has(outcome.out, "\"undecided\": ["));
    CHECK(has(outcome.out, "\"unread\""));
    const std::size_t at = outcome.out.find("\"states\": ");
    REQUIRE(at != std::string::npos);
    CHECK(std::stoull(outcome.out.substr(at + 10)) < 100'000);  // of millions
}
