// Named effects, and rules and segments that stand for several: what is read is plain.
#include <doctest/doctest.h>

#include "model/language/read_spec.h"
#include "tests/model/language/language_text.h"

using namespace lastack;
using namespace lastack::test;

namespace {

const std::string arm = "effect arm(t) { if not running t { start t } }\n";

std::string with_rule(const std::string& items, const std::string& effects, const std::string& more = "") {
    return tiny(items + more + "on segment step last rule x \"a\" cites \"b\" CLOSED { " + effects + " }");
}

std::vector<Effect> effects_of(const std::string& items, const std::string& effects) {
    const Spec spec = parse_spec(with_rule(items, effects), "t");
    return spec.profile("tiny")->rule("x")->cases.at(0).effects;
}

std::vector<std::string> rules_of(const Profile& profile, const std::string& call) {
    std::vector<std::string> names;
    for (const Rule& rule : profile.handler(Trigger::call, call)->steps.at(0).rules) names.push_back(rule.name);
    return names;
}

const std::string alphabet = "segment ACK for q in 1..2, a in q..3 { seq q; ack a }\n";

}  // namespace

TEST_CASE("a named effect is what stands in it, with what is given for its parameters") {
    const std::vector<Effect> found = effects_of(arm, "arm(rto); drop");
    REQUIRE(found.size() == 2);
    CHECK(found[0].kind == Effect::Kind::branch);
    CHECK(found[0].value->op == Op::not_);
    CHECK(found[0].value->args.at(0).index == 0);  // rto is the first timer
    REQUIRE(found[0].then.size() == 1);
    CHECK(found[0].then[0].kind == Effect::Kind::start);
    CHECK(found[0].then[0].index == 0);
    CHECK(found[1].kind == Effect::Kind::drop);
}

TEST_CASE("a parameter may be a variable, a value, a segment and a signal") {
    const std::vector<Effect> found = effects_of(
        "effect tell(v, n, s, w) { v := n + 1; send s with seq n; signal w }\n", "tell(tries, seg.len, FIN, eof)");
    REQUIRE(found.size() == 3);
    CHECK(found[0].kind == Effect::Kind::assign);
    CHECK(found[0].index == 0);
    CHECK(found[0].value->op == Op::add);
    CHECK(found[0].value->args.at(0).op == Op::field);
    CHECK(found[1].kind == Effect::Kind::send);
    CHECK(found[1].index == 0);
    CHECK(found[1].seq->name == "len");
    CHECK(found[2].name == "eof");
}

TEST_CASE("effects use effects, and each use has its own parameters") {
    const std::vector<Effect> found =
        effects_of("effect both(v) { add(v, 1); add(v, 2) }\neffect add(v, n) { v += n }\n", "both(tries)");
    REQUIRE(found.size() == 2);
    CHECK(found[0].value->args.at(1).value == 1);
    CHECK(found[1].value->args.at(1).value == 2);
}

TEST_CASE("a child may replace or drop an effect, and its parent's rules do what it says") {
    const std::string parent = with_rule("effect note() { set closed }\n", "note()");
    const auto first = [](const std::string& text) {
        return parse_spec(text, "t").profile("child")->rule("x")->cases.at(0).effects.at(0).kind;
    };
    CHECK(first(parent + "profile child extends tiny { }") == Effect::Kind::assign);
    CHECK(first(parent + "profile child extends tiny { replace effect note() { drop } }") == Effect::Kind::drop);
    CHECK(mistake(parent + "profile child extends tiny { drop effect note }").find("unknown effect 'note'") == 0);
    CHECK(mistake(parent + "profile child extends tiny { effect note() { drop } }") ==
          "effect 'note' is already declared | write 'replace effect note' to change it");
    CHECK(mistake(parent + "profile child extends tiny { replace effect nite() { drop } }") ==
          "there is no effect 'nite' to replace | did you mean 'note'?");
}

TEST_CASE("a mistake in what is given is shown at the use, with the definition") {
    const std::string text = with_rule(arm, "arm(rt0)");
    CHECK(mistake(text) ==
          "unknown timer 'rt0' | did you mean 'rto'?\n    in effect 'arm' of test.spec:22:8, used at test.spec:23:52");
    CHECK(marked(text) == "rt0");
    CHECK(mistake(with_rule(arm, "arm(tries + 1)")).find("'t' stands for a name; this is none | in effect 'arm' of") ==
          0);
    CHECK(marked(with_rule(arm, "arm(tries + 1)")) == "tries + 1");
}

TEST_CASE("a mistake in the definition is shown there, with the use") {
    const std::string text = with_rule("effect note(v) { v := trees }\n", "note(tries)");
    CHECK(mistake(text) ==
          "unknown variable 'trees' | did you mean 'tries'?\n    in effect 'note' of test.spec:22:8, used at "
          "test.spec:23:52");
    CHECK(marked(text) == "trees");
    CHECK(mistake(tiny("effect gone() { drop } on call c rule x \"a\" cites \"b\" CLOSED { gone() }"))
              .find("'drop' stands in 'on segment' only: there is no segment to drop here | in effect 'gone' of") == 0);
}

TEST_CASE("effects that are not there, have other parameters, or go in circles") {
    CHECK(mistake(with_rule(arm, "arn(rto)")) == "unknown effect 'arn' | did you mean 'arm'?");
    CHECK(mistake(with_rule(arm, "arm()")) ==
          "effect 'arm' has 1 parameter, and 0 are given | declared at test.spec:22:8");
    CHECK(mistake(with_rule("effect a() { b() } effect b() { a() }\n", "a()")).find("a loop of effects: a -> b -> a") ==
          0);
    CHECK(mistake(with_rule("effect a(v, v) { drop }\n", "drop")) == "'v' is listed twice");
    CHECK(mistake(with_rule("effect a(tries) { drop }\n", "drop")) ==
          "'tries' already means something else in this profile");
    CHECK(mistake(with_rule("effect a(seg) { drop }\n", "drop")) == "'seg' is a word of the language");
}

TEST_CASE("an effect is used with brackets, and one without is met with that") {
    CHECK(mistake(with_rule(arm, "arm; drop"))
              .find("an effect of the profile is used with brackets, also where it has no "
                    "parameters: arm()") != std::string::npos);
    CHECK(mistake(with_rule(arm, "if (closed) { drop }")) == "none");
}

TEST_CASE("effects of effects cannot grow without bound" * doctest::test_suite("slow")) {
    std::string items = "effect e0(n) { tries := n }\n";
    for (int i = 1; i < 20; ++i)
        items += "effect e" + std::to_string(i) + "(n) { e" + std::to_string(i - 1) + "(n + n) }\n";
    CHECK(mistake(with_rule(items, "e19(1)")) == "effects that use effects, more than 10 deep");
    std::string wide = "effect f0() { set closed }\n";
    for (int i = 1; i < 9; ++i) {
        wide += "effect f" + std::to_string(i) + "() { ";
        for (int k = 0; k < 8; ++k) wide += "f" + std::to_string(i - 1) + "(); ";
        wide += "}\n";
    }
    CHECK(mistake(with_rule(wide, "f8()")) ==
          "the named effects and the 'for' of this profile add too much, all uses taken together");
}

TEST_CASE("a rule with a choice of values is one rule for each, named after it") {
    const Spec spec = parse_spec(tiny("on call c may rule r for q in 0..1, a in q..2 \"a\" cites \"b\"\n"
                                      "ESTABLISHED [tries == q] { send FIN with seq q, ack a + 1 }"),
                                 "t");
    const Profile& profile = *spec.profile("tiny");
    CHECK(rules_of(profile, "c") == std::vector<std::string>{"r_0_0", "r_0_1", "r_0_2", "r_1_1", "r_1_2"});
    const Rule& rule = *profile.rule("r_1_2");
    CHECK(rule.may);
    CHECK(rule.sentence == "a");
    const Case& only = rule.cases.at(0);
    CHECK(only.guard->args.at(1).value == 1);
    CHECK(only.effects.at(0).seq->value == 1);
    CHECK(only.effects.at(0).ack->args.at(0).value == 2);
}

TEST_CASE("a segment with a choice of values is an alphabet, and one rule may send any of it") {
    const Spec spec = parse_spec(
        tiny(alphabet + "on call c may rule r for s in any segment \"a\" cites \"b\" ESTABLISHED { send s }\n"
                        "on call d may rule d for s in {FIN, ACK} \"a\" cites \"b\" ESTABLISHED { send s }"),
        "t");
    const Profile& profile = *spec.profile("tiny");
    CHECK(names_in(profile.segments) ==
          std::vector<std::string>{"FIN", "ACK_1_1", "ACK_1_2", "ACK_1_3", "ACK_2_2", "ACK_2_3"});
    CHECK(profile.segments.at(4).seq->value == 2);
    CHECK(profile.segments.at(4).ack->value == 2);
    CHECK(rules_of(profile, "c") ==
          std::vector<std::string>{"r_FIN", "r_ACK_1_1", "r_ACK_1_2", "r_ACK_1_3", "r_ACK_2_2", "r_ACK_2_3"});
    CHECK(rules_of(profile, "d").size() == 6);
    CHECK(profile.rule("r_ACK_2_3")->cases.at(0).effects.at(0).index == 5);
}

TEST_CASE("a child drops and replaces a rule of several values by its own name") {
    const std::string parent =
        tiny("on call c rule r for q in 0..1 \"a\" cites \"b\" ESTABLISHED [tries == q] { set closed }");
    const auto rules = [&](const std::string& items) {
        return rules_of(*parse_spec(parent + "profile child extends tiny { " + items + " }", "t").profile("child"),
                        "c");
    };
    CHECK(rules("drop rule r").empty());
    CHECK(rules("replace rule r \"a\" cites \"b\" CLOSED { }") == std::vector<std::string>{"r"});
}

TEST_CASE("choices of values with mistakes") {
    const auto rule = [](const std::string& choice) {
        return mistake(tiny(alphabet + "on call c may rule r for " + choice +
                            " \"a\" cites \"b\" ESTABLISHED { send FIN with seq q }"));
    };
    CHECK(rule("q in 0..retries").find("'for' runs from one number to another, inside of 0..255") == 0);
    CHECK(rule("q in 0..300").find("'for' runs from one number to another") == 0);
    CHECK(rule("tries in 0..1").find("'tries' already means something else in this profile") == 0);
    CHECK(rule("q in 0..60, b in 0..60") == "'for' makes more than 2000");
    CHECK(rule("q in {a, b}").find("unknown variable 'a'") == 0);
    CHECK(
        mistake(tiny(
            "on call c rule r_1 \"a\" cites \"b\" CLOSED { } rule r for q in 0..1 \"a\" cites \"b\" FIN_WAIT_1 { }")) ==
        "rule 'r_1' is already declared");
    CHECK(mistake(tiny("segment X for q in {a} { seq q }")) ==
          "the 'for' of a segment runs through numbers, as in 'for q in 0..5'");
    CHECK(mistake(tiny(alphabet + "segment ACK_1_1 { seq 0 }")) == "segment 'ACK_1_1' is already declared");
}
