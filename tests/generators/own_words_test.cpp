// A protocol with words of its own, all the way: states counted by four who share no code, and its names in whatever is
// written of it.
#include <doctest/doctest.h>

#include <string>

#include "checker/claims/check.h"
#include "checker/compare/distinguish.h"
#include "checker/rules/rule_analysis.h"
#include "checker/trace/plain_system.h"
#include "generators/aldebaran.h"
#include "generators/itf.h"
#include "generators/murphi.h"
#include "generators/promela.h"
#include "generators/suite.h"
#include "report/diff_text.h"
#include "report/json.h"
#include "report/ladder.h"
#include "report/mermaid.h"
#include "report/svg_ladder.h"
#include "tests/checker/exploring.h"
#include "tests/cli/command.h"
#include "tests/generators/all_agree.h"

namespace lastack {

namespace {

using namespace testing;

// One asks, the other one answers with what it has; the answer is taken where it says enough. Every sort of field and
// condition is in it.
const std::string small = R"(profile asker "it asks" cites "none" {
protocol TRIAL
states OPEN initial, ASKED, AGREED_TO, OVER final forgets
limit data = 1 in 0..2
field cum : 0..data
field n   : 0..2
field t   : flag
timer again = 1 s
var got, tries : 0..data
segment ASK    { cum got; n 2 }
segment ANSWER { cum got; t tries == data }
segment NUDGE for k in 1..2 { n k }
on call ask
  rule ask "it" cites "none" OPEN [tries < data] -> ASKED { tries += 1; send ASK; start again }
  may rule nudge for k in {NUDGE} "it" cites "none" OPEN { send k }
on timer again
  rule again "it" cites "none" ASKED { send ASK with n 1; if tries < data { start again } }
on segment
  step all "all"
    rule told "it" cites "none"
      OPEN, ASKED [seg is ASK and seg.n >= got] -> AGREED_TO { if seg.cum > got { got := seg.cum }; send ANSWER }
    rule told_again "it" cites "none" AGREED_TO [seg is ASK] { send ANSWER with t true }
    rule over "it" cites "none" ASKED [seg is {ANSWER, NUDGE} and (seg.t or seg.n == 2)] -> OVER { send NUDGE_2 }
    rule nudged "it" cites "none" AGREED_TO [seg is NUDGE and not seg.t] -> OVER
}
profile eager extends asker "it answers a nudge, too" {
on segment
  step all
    rule open_nudged "it" cites "none" OPEN [seg is NUDGE and seg.n == 1] { send ANSWER }
}
system bag ends asker A, asker B network 2 loses duplicates reorders calls A { ask } B { ask }
system queue ends asker A, eager B network 2 loses at most 1 calls A { ask } B { ask } limit data = 2
claim agreed "it" cites "none" on bag
  reachable A gets [seg is ASK and seg.cum == 0] then B gets [seg is ANSWER and seg.t] then A in OVER
claim never "it" cites "none" on bag
  step each e: not e sends [seg is NUDGE and seg.n == 2]
  expect violated
)";

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a protocol of its own: sweep and plain interpreter, spin and rumur count alike" *
          doctest::test_suite("slow")) {
    const std::string name = "a protocol of its own: sweep and plain interpreter, spin and rumur count alike";
    const Spec spec = spec_from(small);
    for (const SystemDecl& decl : spec.systems) {
        CAPTURE(decl.name);
        const Coverage ours = all_agree(name, spec, decl.name);
        const PlainCount plain = plain_explore(PlainSystem(spec, decl));
        CHECK(ours.states > 500);
        CHECK(plain.states == ours.states);
        CHECK(plain.transitions == ours.transitions);
    }
}

TEST_CASE("drawings, traces and graphs show the names of a protocol of its own") {
    const Spec spec = spec_from(small);
    const CheckReport report = check(spec, {});
    REQUIRE(report.claims.size() == 2);
    for (const CheckResult& result : report.claims) REQUIRE(result.trace.has_value());
    const Trace& trace = *report.claims[0].trace;
    const PlainSystem system(spec, *spec.system("bag"));
    const std::string drawn = ladder(system, trace);
    CHECK(has(drawn, "ASK cum=0 n=2"));
    CHECK(has(drawn, "ANSWER cum=0 t"));
    CHECK(has(drawn, "AGREED-TO"));
    CHECK_FALSE(has(drawn, "seq="));
    for (const std::string& text : {mermaid(system, trace), svg_ladder(system, trace)}) {
        CHECK(has(text, "ASK cum=0 n=2"));
        CHECK_FALSE(has(text, "seq="));
    }
    const std::string itf = to_itf(system, trace);
    CHECK(has(itf, R"("kind": "ANSWER", "cum": {"#bigint": "0"}, "n": {"#bigint": "0"}, "t": true)"));
    CHECK(trace_from_itf(system, itf) == trace);
    std::string wrong = itf;
    wrong.replace(wrong.find("\"kind\": \"ANSWER\""), 16, "\"kind\": \"ANSWRR\"");
    CHECK_THROWS_WITH_AS(trace_from_itf(system, wrong), doctest::Contains("'ANSWRR' is none of: ASK, ANSWER, NUDGE"),
                         TraceFormatError);
    std::string graph;
    SystemGraph(spec, *spec.system("bag"), aldebaran_limits).write_aldebaran([&](const std::string& part) {
        graph += part;
    });
    CHECK(has(graph, "\"B gets ASK cum=0 n=2: sends ANSWER cum=0 t\""));
}

TEST_CASE("a conflict of rules is shown with a segment of the protocol") {
    const Spec spec =
        spec_from("profile p \"it\" cites \"none\" { protocol TRIAL states OPEN initial field n : 0..3 field t : flag\n"
                  "segment BYE { n 3 } segment NOTE { t }\n"
                  "on segment step all rule one \"it\" cites \"none\" OPEN [seg is BYE and seg.n > 1] { send NOTE }\n"
                  "rule two \"it\" cites \"none\" OPEN [not seg is NOTE] { send BYE }\n"
                  "rule dead \"it\" cites \"none\" OPEN [seg is NOTE and seg.n > 0] { send BYE } }");
    const RuleFindings found = examine_rules(spec.profiles[0], limits_of(spec.profiles[0]));
    REQUIRE(found.conflicts.size() == 1);
    CHECK(to_string(*found.conflicts[0].segment, spec.profiles[0].vocabulary) == "BYE n=2");
    REQUIRE(found.dead.size() == 1);  // a NOTE has no n
    CHECK(found.dead[0].rule->name == "dead");
}

TEST_CASE("two profiles of a protocol of its own are told apart by its segments") {
    const Spec spec = spec_from(small);
    const Profile &a = *spec.profile("asker"), &b = *spec.profile("eager");
    const Comparison same = compare(a, limits_of(a), a, limits_of(a), {});
    CHECK(same.verdict == Comparison::Verdict::bisimilar);
    const Comparison comparison = compare(a, limits_of(a), b, limits_of(b), {});
    REQUIRE(comparison.verdict == Comparison::Verdict::different);
    DiffReport report;
    report.comparison = &comparison;
    const std::string text = diff_text(report);
    CHECK(has(text, "(every kind with every"));
    CHECK(has(text, "  1. NUDGE n=1\n     A: nothing (no rule matches)\n     B: ANSWER cum=0"));
    CHECK(has(text, "No vectors: they are TCP segments, and the profiles speak TRIAL"));
    CHECK(has(diff_json(report).text(), "NUDGE n=1"));
}

TEST_CASE("profiles that do not understand each other are not compared") {
    const Spec spec = spec_from(small + "profile tcp \"it\" cites \"none\" { states CLOSED initial }\n");
    const Profile &a = *spec.profile("asker"), &b = *spec.profile("tcp");
    CHECK_THROWS_WITH_AS(compare(a, limits_of(a), b, limits_of(b), {}),
                         doctest::Contains("profile 'asker' speaks TRIAL, profile 'tcp' speaks TCP"), SpecError);
}

TEST_CASE("what makes packets refuses a protocol that is not TCP") {
    CHECK_THROWS_AS(require_tcp(spec_from(small)), SpecError);
    const command::SpecFile file(small);
    const TemporaryDirectory here;
    const std::string into = quoted((here.path() / "out").string());
    for (const std::string& arguments :
         {"generate " + file.word() + " -o " + into, "gate " + file.word() + " --target sim",
          "diff " + file.word() + " " + file.word() + " --profile-a asker -o " + into}) {
        CAPTURE(arguments);
        const command::Outcome outcome = command::invoke(arguments);
        CHECK(outcome.code == 65);
        CHECK(has(outcome.err, "speaks TRIAL: test vectors are TCP segments, so there is none to make or run"));
    }
    const command::Outcome walked = command::invoke("step " + file.word() + " --system bag </dev/null");
    CHECK(walked.code == 0);
    CHECK(has(walked.out, "A calls ask: sends ASK cum=0 n=2 -> ASKED"));
}

TEST_CASE("a segment that leaves the range of a field as it is sent is an error of the spec") {
    const Spec spec = spec_from(
        "profile p \"it\" cites \"none\" { protocol TRIAL states OPEN initial field n : 0..2 var x : 0..3\n"
        "segment BYE { n x } on call go rule go \"it\" cites \"none\" OPEN { if x < 3 { x += 1 }; send BYE } }\n"
        "system s ends p A, p B network 1 loses calls A { go } B { }\n");
    CHECK_THROWS_WITH_AS(explore(spec, spec.systems[0]),
                         doctest::Contains("the field 'n' of BYE becomes 3, outside 0..2"), ModelError);
    CHECK_THROWS_WITH_AS(plain_explore(PlainSystem(spec, spec.systems[0])),
                         doctest::Contains("the field 'n' of BYE becomes 3, outside 0..2"), ModelError);
}

}  // namespace lastack
