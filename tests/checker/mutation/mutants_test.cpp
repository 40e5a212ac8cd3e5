// Mutants of an endpoint that is known by heart: which there are, what they change, and which claim notices them.
#include "checker/mutation/mutants.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "checker/mutation/mutation.h"
#include "tests/checker/small_machine.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

const Profile& small(const Spec& spec) { return *spec.profile("small"); }

Mutant mutant_named(const Profile& profile, const std::string& id) {
    for (const Mutant& mutant : mutants_of(profile)) {
        if (mutant.id == id) return mutant;
    }
    FAIL("no mutant " << id);
    return {};
}

// The claims under which the tests below look at the small endpoint, on its system `lossy`.
const std::string claims = R"(
claim answered "each FIN is answered, or not yet" on lossy
  step each e: e gets [seg.fin] implies e sends [seg.has_ack] or e fires fin_quiet
  expect holds

claim heard "the closer learns that it was heard" on lossy
  reachable A calls close then A in FIN_WAIT_2
  expect holds shortest 3

claim told "who gives up is told" on lossy
  step each e: e fires give_up implies e signals timeout
  expect holds
)";

MutationReport report_of(const std::string& more, const MutationOptions& options = {}) {
    return mutation_score(spec_from(small_machine + more), options);
}

MutantResult result_of(const MutationReport& report, const std::string& id) {
    for (const MutantResult& result : report.mutants) {
        if (result.mutant.id == id) return result;
    }
    FAIL("no mutant " << id);
    return {};
}

}  // namespace

TEST_CASE("each mutant has a name of its own, and changes the profile") {
    const Spec spec = spec_from(small_machine);
    std::set<std::string> ids;
    const std::vector<Mutant> mutants = mutants_of(small(spec));
    for (const Mutant& mutant : mutants) ids.insert(mutant.id);
    CHECK(ids.size() == mutants.size());
    CHECK(ids.count("drop rule fin_acked") == 1);
    CHECK(ids.count("drop fin_again case 2") == 1);
    CHECK(ids.count("drop close case 1") == 0);  // it has one case only: that is to drop the rule
    CHECK(ids.count("fin: without effect 2 (send ACK)") == 1);
    CHECK(ids.count("fin: without -> CLOSE_WAIT") == 1);
    CHECK(ids.count("fin_acked: guard is true") == 1);
    // `fin` stands in the same step, in another state; `again` and `give_up` stand in the same state.
    CHECK(ids.count("fin: guard is true") == 1);
    CHECK(ids.count("give_up: guard is true") == 0);
}

TEST_CASE("a mutant has one change and keeps everything else") {
    const Spec spec = spec_from(small_machine);
    const Profile& original = small(spec);
    CHECK(mutated(original, mutant_named(original, "drop rule fin")).rule("fin") == nullptr);
    CHECK(mutated(original, mutant_named(original, "drop fin_again case 2")).rule("fin_again")->cases.size() == 1);
    CHECK_FALSE(
        mutated(original, mutant_named(original, "fin: guard is true")).rule("fin")->cases[0].guard.has_value());
    CHECK(mutated(original, mutant_named(original, "fin: without -> CLOSE_WAIT")).rule("fin")->cases[0].to == -1);
    const Profile silent = mutated(original, mutant_named(original, "fin: without effect 2 (send ACK)"));
    const std::vector<Effect>& left = silent.rule("fin")->cases[0].effects;
    REQUIRE(left.size() == 2);
    CHECK(left[0].kind == Effect::Kind::assign);
    CHECK(left[1].kind == Effect::Kind::signal);
    CHECK(silent.rule("fin_again")->cases[0].effects.size() == 1);  // its own ACK stays
    CHECK(silent.name == "small");
}

TEST_CASE("effects inside `if` are left out one by one; a condition is left out where its guard must stay") {
    const Spec spec = spec_from(R"(profile p "a test" {
  states ESTABLISHED initial, CLOSED final forgets
  var asked : flag
  var n : 0..2
  on call ask
    rule one "one" cites "a test"
      ESTABLISHED [not asked and n < 2] { if n == 0 { set asked; n += 1 } else { signal eof } }
    rule two "two" cites "a test"
      ESTABLISHED [asked and n < 2 and n + 1 > 0] -> CLOSED
})");
    std::vector<std::string> ids;
    for (const Mutant& mutant : mutants_of(spec.profiles[0])) ids.push_back(mutant.id);
    CHECK(ids == std::vector<std::string>{
                     "drop rule one", "one: without condition 1 (not asked)", "one: without condition 2 (n < 2)",
                     "one: without effect 1 (set asked)", "one: without effect 2 (n += 1)",
                     "one: without effect 3 (signal eof)", "drop rule two", "two: without condition 1 (asked)",
                     "two: without condition 2 (n < 2)", "two: without condition 3 (n + 1 > 0)",
                     "two: without -> CLOSED", "'n < 2' with <= (test.spec:7:34)", "'n < 2' with <= (test.spec:9:30)",
                     "'n + 1 > 0' with >= (test.spec:9:40)", "'1' as 2 (test.spec:9:44)"});
    const Profile& original = spec.profiles[0];
    const Profile calm = mutated(original, mutant_named(original, "one: without effect 3 (signal eof)"));
    CHECK(calm.rule("one")->cases[0].effects[0].then.size() == 2);
    CHECK(calm.rule("one")->cases[0].effects[0].otherwise.empty());
}

TEST_CASE("history variables watch: no mutant leaves out an assignment to them") {
    const Spec spec = spec_from(R"(profile p "a test" {
  states ESTABLISHED initial, CLOSED final forgets
  history was : flag
  on call ask
    rule one "one" cites "a test"
      ESTABLISHED -> CLOSED { set was }
})");
    for (const Mutant& mutant : mutants_of(spec.profiles[0])) CHECK(mutant.op != Mutant::Operator::effect);
}

TEST_CASE("a claim notices the mistake that it is about") {
    const MutationReport report = report_of(claims);
    CHECK(report.claims == std::vector<std::string>{"answered", "heard", "told"});
    CHECK(report.left_out.empty());
    // B is silent: A's FIN is not answered, at B's first step.
    const MutantResult silent = result_of(report, "fin: without effect 2 (send ACK)");
    CHECK(silent.fate == Fate::killed);
    CHECK((silent.killer == "answered" || silent.killer == "heard"));
    // The FIN is not sent at first: the closer is heard one step later, after the timer.
    const MutantResult late = result_of(report, "close: without effect 1 (send FIN)");
    CHECK(late.fate == Fate::killed);
    CHECK(late.killer == "heard");
    const MutantResult untold = result_of(report, "give_up: without effect 1 (signal timeout)");
    CHECK(untold.fate == Fate::killed);
    CHECK(untold.killer == "told");
    CHECK(untold.reason == "violated in 3, not holds");
}

TEST_CASE("a premise that is never true any more is noticed") {
    const MutationReport report = report_of(claims);
    const MutantResult patient = result_of(report, "drop rule give_up");
    CHECK(patient.fate == Fate::killed);
    CHECK(patient.killer == "told");
    CHECK(patient.reason.starts_with("vacuous: 'e fires give_up' ("));
}

TEST_CASE("a mutant that nobody can tell from the original is equivalent, and is not counted") {
    // rto has rules in FIN-WAIT-1 only: that it runs on in FIN-WAIT-2 makes no difference to anybody.
    const MutationReport report = report_of(claims);
    CHECK(result_of(report, "fin_acked: without effect 1 (stop rto)").fate == Fate::equivalent);
    const std::size_t counted = report.mutants.size() - report.count(Fate::equivalent) - report.count(Fate::stillborn);
    CHECK(report.score().value() ==
          doctest::Approx(100.0 * static_cast<double>(report.count(Fate::killed)) / static_cast<double>(counted)));
}

TEST_CASE("a mutant that breaks its own declarations is stillborn, with the reason") {
    const MutationReport report = report_of(claims);
    // At the last expiry both rules match now.
    const MutantResult both = result_of(report, "'tries < retries' with <= (test.spec:24:19)");
    CHECK(both.fate == Fate::stillborn);
    CHECK(both.reason.find("'again' and 'give_up' both match") != std::string::npos);
}

TEST_CASE("a mutant of what no system uses is not exercised; one that is used and not asked about survives") {
    const MutationReport report = report_of(claims);
    CHECK(result_of(report, "drop rule reset").fate == Fate::not_exercised);
    CHECK(result_of(report, "fin: without effect 3 (signal eof)").fate == Fate::survived);
}

TEST_CASE("a claim that is not as expected of the original does not judge") {
    const MutationReport report = report_of(claims + R"(
claim wrong "nobody is ever told" on lossy
  step each e: not e signals eof
  expect holds
)");
    REQUIRE(report.left_out.size() == 1);
    CHECK(report.left_out[0].claim == "wrong");
    CHECK(report.left_out[0].reason == "violated in 2, not holds");
    CHECK(report.claims.size() == 3);
}

TEST_CASE("a claim under an assumption judges under that assumption") {
    const MutationReport report = report_of(claims + R"(
claim patient "as long as no timer expires nothing is sent again" on lossy
  assuming not A expires rto
  invariant A.tries == 0
  expect holds
)");
    CHECK(report.left_out.empty());  // without the assumption it is violated, and would not judge
    CHECK(report.claims.size() == 4);
}

TEST_CASE("a claim that the bound on states leaves open judges up to that bound") {
    MutationOptions bounded;
    bounded.bounds.max_states = 8;
    const MutationReport report = report_of(claims, bounded);
    // The search for a witness needs few states; the two claims about all steps would need all of them.
    CHECK(report.in_part == std::vector<std::string>{"answered", "told"});
    CHECK(report.left_out.empty());
    // Nobody answers the FIN of the second step: that is near enough.
    const MutantResult silent = result_of(report, "fin: without effect 2 (send ACK)");
    CHECK(silent.fate == Fate::killed);
    CHECK(result_of(report, "fin: without effect 3 (signal eof)").fate == Fate::survived);
}

TEST_CASE("two threads find what one finds") {
    MutationOptions two;
    two.jobs = 2;
    const MutationReport alone = report_of(claims), together = report_of(claims, two);
    REQUIRE(alone.mutants.size() == together.mutants.size());
    for (std::size_t i = 0; i < alone.mutants.size(); ++i) {
        CHECK(alone.mutants[i].mutant.id == together.mutants[i].mutant.id);
        CHECK(alone.mutants[i].fate == together.mutants[i].fate);
        CHECK(alone.mutants[i].killer == together.mutants[i].killer);
    }
}

TEST_CASE("only the wanted kinds of change are tried, and an interrupted run says how far it came") {
    MutationOptions rules;
    rules.operators = {Mutant::Operator::rule};
    CHECK(report_of(claims, rules).mutants.size() == 9);
    MutationOptions stopped = rules;
    int tried = 0;
    stopped.progress = [&](std::size_t, std::size_t) { ++tried; };
    stopped.bounds.stop = [&] { return tried >= 3; };
    const MutationReport report = report_of(claims, stopped);
    CHECK(report.mutants.size() == 3);
    CHECK(report.planned == 9);
}
