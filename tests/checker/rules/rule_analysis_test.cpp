// Rules that contradict each other or can never fire, found before anything is explored. Each example is checked by the
// plain interpreter: two rules that match are exactly what it refuses to choose between.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "checker/rules/rule_analysis.h"
#include "model/language/read_spec.h"
#include "model/plain.h"
#include "tests/places.h"

using namespace lastack;

namespace {

// A profile of a few declarations; `items` are its calls, timers and steps.
std::string profile_of(const std::string& items) {
    return "profile tiny \"a small endpoint\" cites \"RFC 9293 3.6\" {\n"
           "states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSED final forgets\n"
           "limit retries = 2 in 0..15 \"before giving up\" cites \"RFC 9293 3.8.3\"\n"
           "timer rto = 1 s\n"
           "timer idle = 200 ms while state == FIN_WAIT_2\n"
           "var snd_una, snd_nxt, rcv_nxt : 0..2\n"
           "var tries : 0..retries\n"
           "var closed : flag\n"
           "segment FIN { seq snd_nxt; ack rcv_nxt; fin }\n" +
           items + "\n}\n";
}

struct Given {
    explicit Given(const std::string& items)
        : spec(parse_spec(profile_of(items), "test.spec")), limits(limits_of(profile())) {}
    const Profile& profile() const { return spec.profiles.at(0); }
    Spec spec;
    Limits limits;
};

// The messages, one a line.
std::string complaints(const std::string& items) {
    const Given given(items);
    std::string text;
    for (const Diagnostic& diagnostic : analyse_rules(given.profile(), given.limits)) {
        text += (text.empty() ? "" : "\n") + diagnostic.message;
    }
    return text;
}

bool holds_in_example(const Given& given, const RuleConflict& conflict, const Case& one) {
    const bool listed = std::find(one.from.begin(), one.from.end(), conflict.example.state) != one.from.end();
    const Segment* segment = conflict.segment ? &*conflict.segment : nullptr;
    return listed &&
           (!one.guard || plain_value(given.profile(), given.limits, conflict.example, *one.guard, segment) != 0);
}

const std::string overlap = R"(on segment
  step fifth "check the ACK field"
    rule whole "all is acknowledged" cites "3.10.7.4"   FIN_WAIT_1 [seg.ack == snd_nxt] -> FIN_WAIT_2
    rule part "some is acknowledged" cites "3.10.7.4"   ESTABLISHED, FIN_WAIT_1 [seg.ack > snd_una] { snd_una := 1 })";

}  // namespace

TEST_CASE("two rules of a step that can both match are a mistake, told with an example in which they do") {
    const Given given(overlap);
    const RuleFindings findings = examine_rules(given.profile(), given.limits);
    REQUIRE(findings.conflicts.size() == 1);
    CHECK(findings.complete);
    const RuleConflict& conflict = findings.conflicts[0];
    CHECK(conflict.first_rule->name == "whole");
    CHECK(conflict.second_rule->name == "part");
    REQUIRE(conflict.segment);
    CHECK(holds_in_example(given, conflict, *conflict.first));
    CHECK(holds_in_example(given, conflict, *conflict.second));
    const Input input{Trigger::segment, "", *conflict.segment};
    CHECK_THROWS_AS(plain_react(given.profile(), given.limits, conflict.example, input), ModelError);

    const std::vector<Diagnostic> told = analyse_rules(given.profile(), given.limits);
    REQUIRE(told.size() == 1);
    CHECK(told[0].message == "rules 'whole' and 'part' both match where no choice was declared");
    CHECK(told[0].where.line == conflict.second->where.line);
    CHECK(told[0].suggestion.starts_with("for example in FIN_WAIT_1 with "));
    CHECK(told[0].suggestion.find(" and a segment ") != std::string::npos);
}

TEST_CASE("the example of a conflict is the least one") {
    // Both need snd_una < seg.ack == snd_nxt: 0 < 1 == 1 is the least way. All else keeps its initial value.
    const Given given(overlap);
    const RuleFindings findings = examine_rules(given.profile(), given.limits);
    REQUIRE(findings.conflicts.size() == 1);
    EndState least = plain_initial(given.profile());
    least.state = given.profile().state("FIN_WAIT_1");
    least.values[given.profile().variable("snd_nxt")] = 1;
    CHECK(findings.conflicts[0].example == least);
    CHECK(findings.conflicts[0].segment == Segment{.ack = 1, .has_ack = true});
}

TEST_CASE("two cases of one rule conflict as well") {
    CHECK(complaints("on call close\n  rule close \"CLOSE\" cites \"3.10.4\"\n"
                     "    ESTABLISHED [not closed] -> FIN_WAIT_1\n    any but CLOSED { set closed }") ==
          "two cases of rule 'close' both match where no choice was declared");
}

TEST_CASE("a declared choice, other states and guards that exclude each other are no conflict") {
    CHECK(complaints(R"(on call close
  rule one "one" cites "3.10.4"        ESTABLISHED [not closed and snd_una + 1 > snd_nxt] -> FIN_WAIT_1
  rule two "two" cites "3.10.4"        ESTABLISHED [closed and snd_una + 1 > snd_nxt] -> FIN_WAIT_1
  rule three "three" cites "3.10.4"    ESTABLISHED [snd_una < snd_nxt] -> FIN_WAIT_1
  rule four "four" cites "3.10.4"      FIN_WAIT_1 -> CLOSED
  may rule other "other" cites "3.10.4" ESTABLISHED -> CLOSED)") == "");
}

TEST_CASE("rules of different steps may both match: they fire one after the other") {
    CHECK(complaints(R"(on segment
  step first "one"   rule one "one" cites "3.10"  ESTABLISHED [seg.fin] { set closed }
  step second "two"  rule two "two" cites "3.10"  ESTABLISHED [seg.fin] { clear closed })") == "");
}

TEST_CASE("a timer's rules see it stopped, and a derived timer's condition fulfilled") {
    CHECK(complaints(R"(on timer rto
  rule one "one" cites "3.8"  ESTABLISHED { snd_una := 0 }
  rule two "two" cites "3.8"  ESTABLISHED [running rto] { snd_una := 1 }
on timer idle
  rule three "three" cites "3.8"  any but CLOSED { snd_una := 0 }
  rule four "four" cites "3.8"    ESTABLISHED, FIN_WAIT_1 { snd_una := 1 }
on call close
  rule five "five" cites "3.8"  FIN_WAIT_1 [running idle] -> CLOSED
  rule six "six" cites "3.8"    FIN_WAIT_2 [running idle and not running rto] -> CLOSED)") ==
          "rule 'two' can never fire\nrule 'four' can never fire\nrule 'five' can never fire");
}

TEST_CASE("a guard outside of the declared ranges never holds") {
    CHECK(
        complaints(
            "on call close rule close \"CLOSE\" cites \"3.10.4\" ESTABLISHED [snd_una + snd_nxt > 4] -> FIN_WAIT_1") ==
        "rule 'close' can never fire");
    CHECK(
        complaints(
            "on call close rule close \"CLOSE\" cites \"3.10.4\" ESTABLISHED [snd_una + snd_nxt > 3] -> FIN_WAIT_1") ==
        "");
    CHECK(complaints("on call close rule close \"CLOSE\" cites \"3.10.4\" ESTABLISHED [snd_una - snd_nxt < 0 - 2] -> "
                     "FIN_WAIT_1") == "rule 'close' can never fire");
    CHECK(complaints(
              "on call close rule close \"CLOSE\" cites \"3.10.4\" ESTABLISHED [tries == retries and tries < retries] "
              "-> FIN_WAIT_1") == "rule 'close' can never fire");
}

TEST_CASE("a segment without the ACK bit carries no acknowledgment") {
    const std::string head = "on segment step fifth \"ACK\" rule acked \"acked\" cites \"3.10.7.4\" ";
    CHECK(complaints(head + "FIN_WAIT_1 [not seg.has_ack and seg.ack > 0] -> FIN_WAIT_2") ==
          "rule 'acked' can never fire");
    CHECK(complaints(head + "FIN_WAIT_1 [seg.has_ack and seg.ack > 0] -> FIN_WAIT_2") == "");
}

TEST_CASE("a peer may send numbers beyond all that a profile sends or compares them with") {
    const std::string head = "on segment step fifth \"ACK\" rule acked \"acked\" cites \"3.10.7.4\" ";
    CHECK(complaints(head + "FIN_WAIT_1 [seg.ack == 4] -> FIN_WAIT_2") == "");  // the FIN stands at 2 at most
    CHECK(complaints(head + "FIN_WAIT_1 [seg.seq > 9] -> FIN_WAIT_2") == "");
    CHECK(complaints(head + "FIN_WAIT_1 [seg.seq > rcv_nxt + 7] -> FIN_WAIT_2") == "");
    CHECK(complaints(head + "FIN_WAIT_1 [seg.len > 2 and seg.seq + seg.len > 12] -> FIN_WAIT_2") == "");
    CHECK(complaints(head + "FIN_WAIT_1 [seg.seq > 255] -> FIN_WAIT_2") == "rule 'acked' can never fire");
}

TEST_CASE("a rule for what lies right of all that its profile sends is no mistake") {
    const Spec spec = parse_spec(R"(profile beyond "answers a segment that is one unit beyond all that it sends" {
states ESTABLISHED initial, CLOSED final
segment FIN { seq 0; ack 1; fin }
segment ACK { seq 0; ack 1 }
on call close rule closes "sends its FIN" cites "none" ESTABLISHED -> CLOSED { send FIN }
on segment step any "any segment"
  rule outside "right of the window: an answer" cites "none" ESTABLISHED, CLOSED [seg.seq >= 2] { send ACK }
})",
                                 "beyond.spec");
    CHECK(analyse_rules(spec.profiles[0], limits_of(spec.profiles[0])).empty());
}

TEST_CASE("one case that never matches is named where the others do") {
    const Given given("on call close\n  rule close \"CLOSE\" cites \"3.10.4\"\n    ESTABLISHED -> FIN_WAIT_1\n"
                      "    FIN_WAIT_1 [tries > retries] -> CLOSED");
    const std::vector<Diagnostic> told = analyse_rules(given.profile(), given.limits);
    REQUIRE(told.size() == 1);
    CHECK(told[0].message == "this case of rule 'close' can never fire");
    CHECK(told[0].suggestion == "its guard contradicts the ranges of what it reads");
    CHECK(told[0].where.line == given.profile().rule("close")->cases[1].where.line);
}

TEST_CASE("a rule behind a step that always drops what it waits for can never fire") {
    const Given given(R"(on segment
  step second "check the RST bit"
    rule reset "a reset" cites "3.10.7.4 second"  any but CLOSED [seg.rst] -> CLOSED { drop }
  step eighth "check the FIN bit"
    rule late "too late" cites "3.10.7.4 eighth"  ESTABLISHED [seg.rst and seg.fin] { set closed }
    rule fin "the FIN" cites "3.10.7.4 eighth"    ESTABLISHED [seg.fin] { rcv_nxt := 1 })");
    const std::vector<Diagnostic> told = analyse_rules(given.profile(), given.limits);
    REQUIRE(told.size() == 1);  // and no conflict between the two: they would both match on a reset only
    CHECK(told[0].message == "rule 'late' can never fire");
    CHECK(told[0].suggestion == "an earlier step always drops what it waits for");
}

TEST_CASE("a rule is not shadowed by a step that drops only sometimes") {
    const std::string eighth =
        "\n  step eighth \"FIN\" rule fin \"the FIN\" cites \"3.10.7.4\" ESTABLISHED [seg.fin] { rcv_nxt := 1 }";
    const std::string second = "on segment\n  step second \"first\" ";
    CHECK(complaints(second + "rule a \"a\" cites \"3\" ESTABLISHED [seg.fin] { drop }" + eighth) ==
          "rule 'fin' can never fire");
    SUBCASE("a way round was declared") {
        CHECK(complaints(second +
                         "rule a \"a\" cites \"3\" ESTABLISHED [seg.fin] { drop }\n"
                         "may rule b \"b\" cites \"3\" ESTABLISHED [seg.fin] { set closed }" +
                         eighth) == "");
    }
    SUBCASE("dropping itself is a choice") {
        CHECK(complaints(second + "may rule a \"a\" cites \"3\" ESTABLISHED [seg.fin] { drop }" + eighth) == "");
    }
    SUBCASE("only one branch drops") {
        CHECK(complaints(second +
                         "rule a \"a\" cites \"3\" ESTABLISHED [seg.fin] { if closed { drop } else { set closed } }" +
                         eighth) == "");
    }
    SUBCASE("both branches drop") {
        CHECK(complaints(
                  second +
                  "rule a \"a\" cites \"3\" ESTABLISHED [seg.fin] { if closed { drop } else { set closed; drop } }" +
                  eighth) == "rule 'fin' can never fire");
    }
}

TEST_CASE("what an earlier step may have changed shadows nothing") {
    // The first step takes every FIN in ESTABLISHED with closed == 0; only a step before it can make closed 0.
    const std::string drops =
        "step second \"2\" rule a \"a\" cites \"3\" ESTABLISHED [not closed and seg.fin] { drop }\n";
    const std::string waits = "rule fin \"the FIN\" cites \"3\" ESTABLISHED [not closed and seg.fin] { rcv_nxt := 1 }";
    CHECK(complaints("on segment\n" + drops + "step eighth \"8\" " + waits) == "rule 'fin' can never fire");
    CHECK(complaints("on segment\n" + drops +
                     "step fifth \"5\" rule b \"b\" cites \"3\" ESTABLISHED [closed] { clear closed }\n" +
                     "step eighth \"8\" " + waits) == "");
    CHECK(complaints("on segment\n" + drops +
                     "step fifth \"5\" rule b \"b\" cites \"3\" FIN_WAIT_1 [seg.fin and not closed] -> ESTABLISHED\n" +
                     "step eighth \"8\" " + waits) == "");
    // A change that cannot come together with what the rule waits for does not help it.
    CHECK(
        complaints("on segment\n" + drops +
                   "step fifth \"5\" rule b \"b\" cites \"3\" ESTABLISHED [closed and not seg.fin] { clear closed }\n" +
                   "step eighth \"8\" " + waits) == "rule 'fin' can never fire");
}

TEST_CASE("entering a state that forgets changes every variable and timer") {
    CHECK(complaints(R"(on segment
  step one "1"    rule a "a" cites "3"  CLOSED [not closed] { drop }
  step two "2"    rule b "b" cites "3"  ESTABLISHED [closed] -> CLOSED
  step three "3"  rule c "c" cites "3"  CLOSED [not closed] { rcv_nxt := 1 })") == "");
}

TEST_CASE("a replaced rule makes an inherited one impossible") {
    const std::string child =
        profile_of(R"(on segment
  step second "RST"  rule reset "a reset" cites "3.10.7.4"
    any but CLOSED [seg.rst and seg.seq == rcv_nxt] -> CLOSED { drop }
  step fifth "ACK"   rule stray "a stray reset" cites "3.10.7.4"  ESTABLISHED [seg.rst] { set closed; drop })") +
        "profile child extends tiny \"a variant\" cites \"none\" {\non segment\n  step second\n"
        "    replace rule reset \"any reset\" cites \"3.10.7.4\" any but CLOSED [seg.rst] -> CLOSED { drop }\n}\n";
    const Spec spec = parse_spec(child, "test.spec");
    CHECK(analyse_rules(*spec.profile("tiny"), limits_of(*spec.profile("tiny"))).empty());
    const std::vector<Diagnostic> told = analyse_rules(*spec.profile("child"), limits_of(*spec.profile("child")));
    REQUIRE(told.size() == 1);
    CHECK(told[0].message == "rule 'stray' can never fire");
}

TEST_CASE("a rule that other values of the limits reach is no mistake") {
    const Given given(
        "on timer rto rule again \"again\" cites \"3.8.1\" FIN_WAIT_1 [tries < retries] { tries += 1; start rto }");
    CHECK(analyse_rules(given.profile(), given.limits).empty());
    CHECK(analyse_rules(given.profile(), limits_of(given.profile(), {{"retries", 0}})).empty());
    const Spec shipped =
        parse_spec("use \"linux.spec\"\nprofile small extends linux \"no room\" { replace limit buffer = 0 "
                   "in 0..2 \"none\" }\n",
                   lastack::testing::source_dir() + "/specs/small.spec");
    CHECK(analyse_rules(*shipped.profile("small"), limits_of(*shipped.profile("small"))).empty());
}

TEST_CASE("a rule that no value of the limits reaches is a mistake") {
    CHECK(complaints("on timer rto rule again \"again\" cites \"3.8.1\" FIN_WAIT_1 [tries > retries] { start rto }") ==
          "rule 'again' can never fire");
    CHECK(complaints("on timer rto rule again \"again\" cites \"3.8.1\" FIN_WAIT_1 [retries > 15] { start rto }") ==
          "rule 'again' can never fire");
}

TEST_CASE("conflicts are those with the limits as given") {
    const Given given(R"(on call close
  rule one "one" cites "3.10.4"  ESTABLISHED [retries > 2] -> FIN_WAIT_1
  rule two "two" cites "3.10.4"  ESTABLISHED -> FIN_WAIT_2)");
    CHECK(analyse_rules(given.profile(), given.limits).empty());
    const auto told = analyse_rules(given.profile(), limits_of(given.profile(), {{"retries", 3}}));
    REQUIRE(told.size() == 1);
    CHECK(told[0].message == "rules 'one' and 'two' both match where no choice was declared");
}

namespace {

const std::vector<std::string> guards = {"closed",
                                         "not seg.fin",
                                         "seg.seq == snd_una",
                                         "seg.ack > snd_una",
                                         "seg.ack <= snd_una and seg.has_ack",
                                         "seg.seq + seg.len < snd_una",
                                         "seg.fin implies closed",
                                         "seg.seq - seg.ack == 2 or seg.len > 1",
                                         "running rto and snd_una != seg.len",
                                         "not running rto and seg.seq + 1 > seg.ack"};

std::string two_rules(const std::string& one, const std::string& effect, const std::string& between,
                      const std::string& two) {
    return "profile pair \"two rules\" cites \"none\" {\nstates ESTABLISHED initial, CLOSED final\ntimer rto = 1 s\n"
           "var snd_una : 0..1\nvar closed : flag\nsegment FIN { seq snd_una; fin }\non segment\n"
           "step first \"1\" rule one \"one\" cites \"none\" ESTABLISHED [" +
           one + "] { " + effect + " }\n" + between + " rule two \"two\" cites \"none\" ESTABLISHED [" + two +
           "] { signal two }\n}\n";
}

// Every situation of that profile: fields go up to 3, one beyond what acknowledges a FIN at 1.
template <class Visit>
void every_situation(const Visit& visit) {
    for (int bits = 0; bits < 32; ++bits) {
        const EndState end{0, {bits & 1, bits >> 1 & 1}, {(bits >> 2 & 1) != 0}};
        for (int number = 0; number < 64; ++number) {
            Segment segment;
            segment.seq = static_cast<std::uint8_t>(number % 4);
            segment.ack = static_cast<std::uint8_t>(number / 4 % 4);
            segment.len = static_cast<std::uint8_t>(number / 16);
            segment.fin = (bits >> 3 & 1) != 0;
            segment.has_ack = (bits >> 4 & 1) != 0;
            if (segment.has_ack || segment.ack == 0) visit(end, Input{Trigger::segment, "", segment});
        }
    }
}

}  // namespace

TEST_CASE("conflicts are those that the plain interpreter meets when it tries every situation") {
    int found = 0;
    for (std::size_t i = 0; i < guards.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) {
            const Profile profile =
                parse_spec(two_rules(guards[i], "signal one", "", guards[j]), "pair.spec").profiles[0];
            bool clash = false;
            every_situation([&](const EndState& end, const Input& input) {
                if (clash) return;
                try {
                    plain_react(profile, {}, end, input);
                } catch (const ModelError&) {
                    clash = true;
                }
            });
            INFO(guards[i], " / ", guards[j]);
            CHECK(examine_rules(profile, {}).conflicts.size() == (clash ? 1 : 0));
            found += clash;
        }
    }
    CHECK(found > 20);
    CHECK(found < 45);
}

TEST_CASE("shadowed are those rules that never fire when every situation is tried") {
    int dead = 0;
    for (const std::string& first : guards) {
        for (const std::string& second : guards) {
            const Profile profile =
                parse_spec(two_rules(first, "drop", "step second \"2\"", second), "pair.spec").profiles[0];
            bool fires = false;
            every_situation([&](const EndState& end, const Input& input) {
                fires = fires || !plain_react(profile, {}, end, input).at(0).signals.empty();
            });
            INFO(first, " / ", second);
            CHECK(examine_rules(profile, {}).dead.size() == (fires ? 0 : 1));
            dead += !fires;
        }
    }
    CHECK(dead >= 10);  // each guard behind itself
    CHECK(dead < 50);
}

TEST_CASE("the shipped profiles have neither conflicts nor dead rules" * doctest::test_suite("slow")) {
    for (const std::string file : {"rfc9293.spec", "linux.spec", "account.spec"}) {
        const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/" + file);
        for (const Profile& profile : spec.profiles) {
            INFO(file, " ", profile.name);
            const RuleFindings findings = examine_rules(profile, limits_of(profile));
            CHECK(findings.complete);
            CHECK(findings.conflicts.empty());
            CHECK(findings.dead.empty());
        }
    }
}

TEST_CASE("a guard that is loosened in a shipped profile is caught") {
    Spec spec = read_spec(lastack::testing::source_dir() + "/specs/rfc9293.spec");
    Profile& profile = spec.profiles.at(0);
    // rst_window without its guard also matches on what the rules before it take; the first is about SYN-RECEIVED.
    for (Handler& handler : profile.handlers) {
        for (Step& step : handler.steps) {
            for (Rule& rule : step.rules) {
                if (rule.name == "rst_window") rule.cases.at(0).guard.reset();
            }
        }
    }
    const RuleFindings findings = examine_rules(profile, limits_of(profile));
    REQUIRE(findings.conflicts.size() == 1);
    CHECK(findings.conflicts[0].first_rule->name == "rst_opening");
    CHECK(profile.states[findings.conflicts[0].example.state].name == "SYN_RCVD");
    CHECK(findings.conflicts[0].second_rule->name == "rst_window");
    CHECK(findings.conflicts[0].segment->rst);
    // And behind it nothing is left: every segment was dropped.
    CHECK(findings.dead.size() > 5);
    for (const DeadCase& dead : findings.dead) CHECK(dead.why == DeadCase::Why::shadowed);
}
