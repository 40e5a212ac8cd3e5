// Sets of states with a name: they mean the states that stand in them, in rules and in claims.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

using States = std::vector<int>;  // ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2, CLOSED

const std::string sets = "let WAITING = {FIN_WAIT_2, FIN_WAIT_1}\nlet LEAVING = {WAITING, CLOSED}\n";

std::string with_case(const std::string& one) {
    return tiny(sets + "on segment step last rule x \"a\" cites \"b\" " + one);
}

Case case_of(const std::string& one) { return parse_spec(with_case(one), "t").profile("tiny")->rule("x")->cases.at(0); }

std::string with_claim(const std::string& body, const std::string& more = "") {
    return tiny(sets) + more + tiny_system() + "claim c \"a sentence\" on pair " + body;
}

Expr claim_of(const std::string& body, const std::string& more = "") {
    return parse_spec(with_claim(body, more), "t").claims.at(0).stages.at(0);
}

}  // namespace

TEST_CASE("a set of states stands where states stand, in the order of its own list") {
    CHECK(case_of("WAITING { drop }").from == States{2, 1});
    CHECK(case_of("CLOSED, WAITING { drop }").from == States{3, 2, 1});
    CHECK(case_of("any but LEAVING { drop }").from == States{0});
    CHECK(case_of("any [state in LEAVING] { drop }").guard->states == States{2, 1, 3});
    CHECK(case_of("any [state in {ESTABLISHED, WAITING}] { drop }").guard->states == States{0, 2, 1});
}

TEST_CASE("claims name sets of the profile at the end, in predicates, too, and mean its states") {
    const Expr found = claim_of("invariant A in WAITING");
    CHECK(found.args.at(0).states == States{2, 1});
    CHECK(found.name == "FIN_WAIT_2,FIN_WAIT_1");
    CHECK(claim_of("invariant A in {ESTABLISHED, WAITING}").args.at(0).states == States{0, 2, 1});
    CHECK(claim_of("invariant among(B, LEAVING)", "predicate among(e, HERE) = e in HERE\n").name ==
          "FIN_WAIT_2,FIN_WAIT_1,CLOSED");
    CHECK(mistake(with_claim("invariant A in WAITIN")) == "unknown state 'WAITIN' | did you mean 'WAITING'?");
}

TEST_CASE("a child may give a set other states, and its parent's rules mean these") {
    const std::string text =
        with_case("LEAVING { drop }") + "profile child extends tiny { replace let WAITING = {ESTABLISHED} }";
    CHECK(parse_spec(text, "t").profile("child")->rule("x")->cases.at(0).from == States{0, 3});
    CHECK(mistake(tiny(sets) + "profile child extends tiny { let WAITING = {CLOSED} }") ==
          "let 'WAITING' is already declared | write 'replace let WAITING' to change it");
}

TEST_CASE("a set that has other states at the other end of a claim is refused") {
    const auto claim = [](const std::string& body) {
        return tiny(sets) + "profile child extends tiny { replace let WAITING = {FIN_WAIT_1} }\n" +
               "system two ends tiny A, child B network 1 claim c \"a\" on two " + body;
    };
    CHECK(mistake(claim("invariant A in WAITING and B in WAITING")) == "none");
    CHECK(mistake(claim("invariant each e: e in WAITING")) ==
          "a set of states that is named here has other states at B than at A | name the states, in braces");
}

TEST_CASE("a case leads to one state, which may be the only one of a set") {
    CHECK(mistake(with_case("CLOSED -> WAITING")) == "'WAITING' is a set of 2 states; one is expected here");
    CHECK(mistake(with_case("CLOSED [state == WAITING] { drop }")) ==
          "'WAITING' is a set of 2 states; one is expected here");
    CHECK(parse_spec(tiny("let NEXT = {FIN_WAIT_2} on segment step last rule x \"a\" cites \"b\" CLOSED -> NEXT"), "t")
              .profile("tiny")
              ->rule("x")
              ->cases.at(0)
              .to == 2);
}

TEST_CASE("what is wrong with a set of states is told") {
    CHECK(mistake(with_case("LEAVING, FIN_WAIT_1 { drop }")) == "state 'FIN_WAIT_1' is listed twice");
    CHECK(mistake(with_case("CLOSED, LEAVING { drop }")) == "state 'CLOSED' is listed twice | it is one of 'LEAVING'");
    CHECK(mistake(with_case("CLOSED [LEAVING] { drop }")) ==
          "unknown variable 'LEAVING' | a set of states is asked for by 'state in LEAVING'");
    CHECK(mistake(with_case("LEAVIN { drop }")) == "unknown state 'LEAVIN' | did you mean 'LEAVING'?");
    CHECK(mistake(tiny("let UPPER = {LOWER} let LOWER = {CLOSED}")) == "unknown state 'LOWER'");
    CHECK(mistake(tiny("let Waiting = {CLOSED}")) == "'Waiting' is a set of states: its name is written in capitals");
    CHECK(mistake(tiny("let CLOSED = {FIN_WAIT_1}")) == "'CLOSED' is already the name of a state");
    CHECK(mistake(tiny("let LOST = {FIN_WAIT_9}")) == "unknown state 'FIN_WAIT_9' | did you mean 'FIN_WAIT_1'?");
}
