// Suites of a profile that fits on a screen, and mutants of it: who is killed, where, and why the others live on.
#include "harness/suite_mutation.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "generators/walk_suite.h"
#include "harness/survivors.h"
#include "model/language/read_spec.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;

namespace {

const std::map<std::string, int> limits{{"data", 1}, {"retries", 1}};

JudgingSuite suite_of(const Profile& profile, const std::string& name) {
    WalkSuiteOptions options;
    options.limits = limits;
    return {name, make_walk_suite(profile, name, options).suite.vectors};
}

SuiteMutationOptions with_limits(int jobs = 1) {
    SuiteMutationOptions options;
    options.limits = limits;
    options.jobs = jobs;
    return options;
}

const SuiteMutantResult& result_of(const SuiteMutationReport& report, const std::string& id) {
    const auto found = std::find_if(report.mutants.begin(), report.mutants.end(),
                                    [&](const SuiteMutantResult& one) { return one.id == id; });
    if (found == report.mutants.end()) FAIL("no mutant " << id);
    return *found;
}

// The tiny profile with other rules, as a mutant that was written.
Survivor survivor_of(const std::string& changes, const std::map<std::string, int>& own_limits = limits) {
    const Spec spec =
        parse_spec(hand::tiny_text + "profile other extends tiny \"a diff\" {\n" + changes + "\n}\n", "other.spec");
    const Profile &tiny = *spec.profile("tiny"), &other = *spec.profile("other");
    return explain_survivor(tiny, limits_of(tiny, own_limits), other, limits_of(other, own_limits), {});
}

}  // namespace

TEST_CASE("a kill names the vector, the step and what came") {
    const Profile profile = hand::tiny_profile();
    const std::vector<SuiteMutant> mutants = suite_mutants(profile, {Mutant::Operator::effect});
    const SuiteMutationReport report =
        score_suites(profile, mutants, {suite_of(profile, "transitions")}, with_limits());
    CHECK(report.mutants.size() == mutants.size());
    CHECK(report.suites[0].left_out.empty());
    const SuiteMutantResult& silent = result_of(report, "close_active: without effect 1 (send FIN)");
    REQUIRE(silent.kills.size() == 1);
    REQUIRE(silent.kills[0]);
    CHECK_FALSE(silent.survival);
    CHECK(silent.kills[0]->reason.find("FIN,ACK seq=1 ack=1 did not come") != std::string::npos);
    // The vector's own step: it is the one that calls close.
    const JudgingSuite suite = suite_of(profile, "transitions");
    const TestVector& vector = suite.vectors[silent.kills[0]->vector];
    CHECK(vector.id == silent.kills[0]->vector_id);
    CHECK(vector.steps[static_cast<std::size_t>(silent.kills[0]->step)].call == "close");
}

TEST_CASE("the report is the same for any number of threads, and the same again") {
    const Profile profile = hand::tiny_profile();
    const std::vector<SuiteMutant> mutants =
        suite_mutants(profile, {Mutant::Operator::rule, Mutant::Operator::target, Mutant::Operator::duration});
    const JudgingSuite suite = suite_of(profile, "states");
    const auto told = [&](int jobs) {
        std::string text;
        for (const SuiteMutantResult& one : score_suites(profile, mutants, {suite}, with_limits(jobs)).mutants) {
            text += one.id + (one.kills[0] ? " " + one.kills[0]->vector_id + one.kills[0]->reason : "");
            text += (one.survival ? to_string(*one.survival) + one.reason : "") + "\n";
        }
        return text;
    };
    const std::string once = told(1);
    CHECK(once == told(1));
    CHECK(once == told(3));
}

// A vector that fails something which the profile allows would be a false alarm: two independent judges have to agree.
TEST_CASE("nothing is killed that is proved equivalent or conforming" * doctest::test_suite("slow")) {
    const Profile profile = hand::tiny_profile();
    std::vector<JudgingSuite> suites;
    for (const std::string name : {"transitions", "reactions", "complete"}) suites.push_back(suite_of(profile, name));
    const std::vector<SuiteMutant> mutants = suite_mutants(profile, claim_operators);
    const SuiteMutationReport report = score_suites(profile, mutants, suites, with_limits());
    std::size_t compared = 0;
    for (std::size_t i = 0; i < mutants.size(); ++i) {
        if (std::none_of(report.mutants[i].kills.begin(), report.mutants[i].kills.end(),
                         [](const auto& kill) { return kill.has_value(); }))
            continue;
        const Profile changed = mutants[i].profile();
        CAPTURE(mutants[i].id);
        const Survivor judged =
            explain_survivor(profile, limits_of(profile, limits), changed, limits_of(changed, limits), {});
        CHECK(judged.survival != Survival::equivalent);
        CHECK(judged.survival != Survival::conforming);
        ++compared;
    }
    CHECK(compared > 40);
    // And who says "missed" has an exchange to show.
    for (const SuiteMutantResult& one : report.mutants)
        if (one.survival == Survival::missed) CHECK(one.exchange.has_value());
}

TEST_CASE("a rule that changes nothing is equivalent") {
    CHECK(survivor_of("").survival == Survival::equivalent);
    // ACK is sent in the same place either way.
    CHECK(survivor_of(R"(replace rule fin_again "2 MSL again" cites "RFC 9293 3.10.7.4 eighth"
      TIME_WAIT [seg.fin] { start time_wait; send ACK })")
              .survival == Survival::equivalent);
}

TEST_CASE("who never takes a choice, or always does, conforms; who does more does not") {
    CHECK(survivor_of("drop rule text_twice").survival == Survival::conforming);
    CHECK(survivor_of(R"(drop rule text_twice
    replace rule text "acknowledged twice" cites "RFC 9293 3.10.7.4 seventh"
      ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 [seg.len == 1 and seg.seq == rcv_nxt] { rcv_nxt += 1; send ACK; send ACK })")
              .survival == Survival::conforming);
    const Survivor three = survivor_of(R"(replace rule text_twice "three times" cites "RFC 9293 3.10.7.4 seventh"
      ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2 [seg.len == 1 and seg.seq == rcv_nxt]
        { rcv_nxt += 1; send ACK; send ACK; send ACK })");
    CHECK(three.survival != Survival::conforming);
    CHECK(three.survival != Survival::equivalent);
}

// There is nothing that a test could expect of it.
// Where several choices stand beside each other, who takes each that there is takes the first one always.
TEST_CASE("a mistake behind a choice is seen, whatever choices stand beside it") {
    const std::string text = R"(
profile p "answers text in one of three ways" {
  states ESTABLISHED initial, CLOSED final
  stream from 1
  var unread : flag
  segment ACK { seq 1; ack 1 }
  segment TOOK { seq 1; ack 2 }
  on call recv
    rule read "text" cites "RFC 9293 3.10.3"         ESTABLISHED [unread] { clear unread }
  on call close
    rule close "the end" cites "RFC 9293 3.10.4"     ESTABLISHED [not unread] -> CLOSED { send ACK }
    rule lost "text is lost" cites "RFC 9293 3.10.4" ESTABLISHED [unread] -> CLOSED
  on segment
    step all
      rule refused "text" cites "RFC 9293 3.10.7.4"     ESTABLISHED [seg.len == 1 and not unread] { send ACK }
      may rule silent "or not" cites "RFC 9293 3.10.7.4" ESTABLISHED [seg.len == 1 and not unread] { drop }
      may rule kept "or taken" cites "RFC 9293 3.10.7.4" ESTABLISHED [seg.len == 1 and not unread]
        { set unread; send TOOK }
}
profile careless extends p "forgets what it has taken" {
  on segment
    step all
      replace may rule kept "or taken" cites "RFC 9293 3.10.7.4" ESTABLISHED [seg.len == 1 and not unread] { send TOOK }
}
)";
    const Spec spec = parse_spec(text, "choices.spec");
    const Profile &profile = *spec.profile("p"), &careless = *spec.profile("careless");
    const SuiteMutationReport report = score_suites(
        profile, {written_mutant(careless)}, {{"choices", make_walk_suite(profile, "choices", {}).suite.vectors}}, {});
    CHECK(report.suites.at(0).left_out.empty());
    REQUIRE(report.mutants.at(0).kills.at(0));
    CHECK(report.mutants[0].kills[0]->way == "this choice taken");
}

TEST_CASE("who takes a call that the profile has no rule for conforms; who refuses one that it has does not") {
    CHECK(survivor_of(R"(replace rule half_close "a FIN, from CLOSE-WAIT, too" cites "RFC 9293 3.6"
      ESTABLISHED -> FIN_WAIT_1 { send FIN; snd_nxt += 1; if not running rto { start rto } }
      CLOSE_WAIT -> LAST_ACK { send FIN; snd_nxt += 1; if not running rto { start rto } })")
              .survival == Survival::conforming);
    const Survivor refuses = survivor_of("drop rule half_close");
    CHECK(refuses.survival != Survival::conforming);
    CHECK(refuses.survival != Survival::equivalent);
}

TEST_CASE("a timer that keeps inside of what the profile allows conforms; one that does not is told by an exchange") {
    CHECK(survivor_of("replace timer time_wait = 61 s to 62 s").survival == Survival::conforming);
    const Survivor shorter = survivor_of("replace timer patience = 150 s while state == FIN_WAIT_2 and rcv_nxt < 4");
    CHECK(shorter.survival == Survival::missed);
    REQUIRE(shorter.exchange);
    CHECK(shorter.exchange->input == "timer patience");
    CHECK(shorter.exchange->steps.size() == 2);  // close; its ACK
}

TEST_CASE("the shortest exchange says what both would answer") {
    const Survivor silent = survivor_of(R"(replace rule fin_again "no answer" cites "RFC 9293 3.10.7.4 eighth"
      TIME_WAIT [seg.fin] { start time_wait })");
    CHECK(silent.survival == Survival::missed);
    REQUIRE(silent.exchange);
    CHECK(silent.exchange->steps.size() == 2);  // close; the peer's FIN, which acknowledges ours
    CHECK(silent.exchange->original.starts_with("ACK "));
    CHECK(silent.exchange->mutant.starts_with("nothing"));
}

TEST_CASE("who breaks its own declarations is stillborn, and said to be so") {
    const Survivor broken = survivor_of(R"(replace rule fin_again "counts on" cites "RFC 9293 3.10.7.4 eighth"
      TIME_WAIT [seg.fin] { send ACK; start time_wait; rcv_nxt += 4 })");
    CHECK(broken.survival != Survival::equivalent);
    CHECK(broken.survival != Survival::conforming);
}

TEST_CASE("what is too large to compare is undecided, never equivalent") {
    const Profile profile = hand::tiny_profile();
    SurvivorOptions options;
    options.max_states = 5;
    const Limits own = limits_of(profile, limits);
    CHECK(explain_survivor(profile, own, profile, own, options).survival == Survival::undecided);
}

TEST_CASE("a vector that the profile itself fails does not judge, and is named") {
    const Profile profile = hand::tiny_profile();
    JudgingSuite suite = suite_of(profile, "states");
    suite.vectors.resize(2);
    suite.vectors[0].steps[0].states = {"LISTEN"};
    const SuiteMutationReport report = score_suites(profile, {}, {suite}, with_limits());
    CHECK(report.suites[0].vectors == 1);
    REQUIRE(report.suites[0].left_out.size() == 1);
    CHECK(report.suites[0].left_out[0].starts_with(suite.vectors[0].id));
}
