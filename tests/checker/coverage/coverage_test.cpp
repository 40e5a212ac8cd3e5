// What the systems of a spec exercise of a profile, on an endpoint that is known by heart.
#include "checker/coverage/coverage.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/checker/small_machine.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

const RuleUse& rule_named(const UseReport& report, const std::string& name) {
    const auto place =
        std::find_if(report.rules.begin(), report.rules.end(), [&](const RuleUse& rule) { return rule.name == name; });
    REQUIRE(place != report.rules.end());
    return *place;
}

const ClauseUse& clause_named(const UseReport& report, const std::string& name) {
    const auto place = std::find_if(report.clauses.begin(), report.clauses.end(),
                                    [&](const ClauseUse& clause) { return clause.clause == name; });
    REQUIRE(place != report.clauses.end());
    return *place;
}

}  // namespace

TEST_CASE("a rule that cannot fire is reported: nobody sends a reset") {
    const UseReport report = rule_use(spec_from(small_machine), {});
    CHECK(report.profile == "small");
    CHECK(report.systems == std::vector<std::string>{"lossy", "restless"});
    CHECK(report.complete == std::vector<bool>{true, true});
    CHECK_FALSE(rule_named(report, "reset").used());
    CHECK(rule_named(report, "close").used());
    // Nine rules, of which only `reset` is not used.
    CHECK(rules_used(report).used == 8);
    CHECK(rules_used(report).all == 9);
    CHECK(rules_used(report).percent() == 88);
}

TEST_CASE("cases are told apart: nobody closes towards an end in FIN-WAIT-2") {
    const UseReport report = rule_use(spec_from(small_machine), {});
    const RuleUse& again = rule_named(report, "fin_again");
    CHECK(again.used());
    REQUIRE(again.cases.size() == 2);
    CHECK(again.cases[0].used());
    CHECK_FALSE(again.cases[1].used());
    CHECK(again.cases[1].states == "FIN_WAIT_2");
    CHECK(again.cases[1].number == 2);
}

TEST_CASE("use is known for each system: only one lets B ask") {
    const UseReport report = rule_use(spec_from(small_machine), {});
    CHECK(rule_named(report, "ask").cases[0].by_system == std::vector<bool>{false, true});
    CHECK(rule_named(report, "close").cases[0].by_system == std::vector<bool>{true, true});
    CHECK(rule_named(report, "ask").cases[0].states == "any");
}

TEST_CASE("a choice has two sides: it is taken, and passed up where it could be taken") {
    const UseReport report = rule_use(spec_from(small_machine), {});
    const RuleUse& quiet = rule_named(report, "fin_quiet");
    CHECK(quiet.may);
    CHECK(quiet.used());
    CHECK(quiet.passed_up);
    CHECK(choices_used(report).used == 2);
    CHECK(choices_used(report).all == 2);
    CHECK_FALSE(rule_named(report, "fin").passed_up);  // no choice
}

TEST_CASE("a clause is exercised where one of the rules that cite it is used") {
    const UseReport report = rule_use(spec_from(small_machine), {});
    CHECK_FALSE(clause_named(report, "RFC 5961 3.2").used);
    CHECK(clause_named(report, "RFC 5961 3.2").rules == std::vector<std::string>{"reset"});
    CHECK(clause_named(report, "RFC 9293 3.9").used);
    CHECK(clause_named(report, "RFC 9293 3.8.3").used);
}

TEST_CASE("a citation is split at its semicolons, and a bare number belongs to the RFC before it") {
    using Clauses = std::vector<std::string>;
    CHECK(clauses_of("RFC 9293 3.10.4; 3.6 case 1") == Clauses{"RFC 9293 3.10.4", "RFC 9293 3.6 case 1"});
    CHECK(clauses_of("RFC 9293 3.8.1; RFC 6298 5.4 to 5.6") == Clauses{"RFC 9293 3.8.1", "RFC 6298 5.4 to 5.6"});
    CHECK(clauses_of("tcp_fin_timeout; inet_twsk_schedule") == Clauses{"tcp_fin_timeout", "inet_twsk_schedule"});
    CHECK(clauses_of("").empty());
}

TEST_CASE("an exploration that hits its bound says that its figures are partial") {
    Bounds bounds;
    bounds.max_states = 5;
    CHECK(rule_use(spec_from(small_machine), bounds).complete == std::vector<bool>{false, false});
}
