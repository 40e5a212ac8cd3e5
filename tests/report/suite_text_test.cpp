#include "report/suite_text.h"

#include <doctest/doctest.h>

#include "tests/harness/tiny_profile.h"

using namespace lastack;

namespace {

WalkSuiteOptions small() {
    WalkSuiteOptions options;
    options.limits = {{"data", 0}, {"retries", 1}};
    return options;
}

}  // namespace

TEST_CASE("each clause has its number of vectors, and those without one a reason") {
    const Profile profile = hand::tiny_profile();
    const WalkSuiteResult states = make_walk_suite(profile, "states", small());
    WalkSuiteOptions few = small();
    few.only = "nothing is named so";
    const WalkSuiteResult none = make_walk_suite(profile, "ways", few);
    const std::string text = clauses_text(profile, {states, none});
    CHECK(text.find("      states        ways  clause\n") != std::string::npos);
    // Text cannot be sent where `data` is 0; everything else fires, but the second suite has no vector.
    CHECK(text.find("RFC 9293 3.10.2: send: never in a connection that is open") != std::string::npos);
    CHECK(clauses_text(profile, {none}).find("RFC 9293 3.6: enough, half_close fire,") != std::string::npos);
    std::size_t closes = 0;
    for (const TestVector& vector : states.suite.vectors)
        closes += vector.rules.contains("close_active") || vector.rules.contains("close_passive");
    CHECK(closes > 0);
    CHECK(states.by_clause.at("RFC 9293 3.10.4") == closes);
}

TEST_CASE("an explanation has the goals, each step with what it wants, and the sentences of its rules") {
    const Profile profile = hand::tiny_profile();
    WalkSuiteOptions options = small();
    options.only = "close/established";
    const WalkSuiteResult made = make_walk_suite(profile, "transitions", options);
    const TestVector& vector = made.suite.vectors.at(0);
    const std::string text = explanation_text(vector, profile);
    CHECK(text.find(vector.id + "\n  It is there for\n    close/established/close_active/fin-wait-1") == 0);
    CHECK(text.find(" 1. close() = ok: FIN,ACK seq=1 ack=1 at once; the call returns ok") != std::string::npos);
    CHECK(text.find("close_active: the first FIN (RFC 9293 3.10.4)") != std::string::npos);
    CHECK(text.find("And then nothing unexpected comes for 100 ms.") != std::string::npos);
}
