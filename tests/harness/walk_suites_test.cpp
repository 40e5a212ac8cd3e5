// Suites of walks, driven: no profile is refuted by its own, and one with a mistake is.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/mutation/mutants.h"
#include "generators/walk_suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "model/settings.h"
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

std::size_t count(const std::vector<TestRun>& runs, Verdict verdict) {
    return static_cast<std::size_t>(
        std::count_if(runs.begin(), runs.end(), [&](const TestRun& run) { return run.verdict == verdict; }));
}

std::vector<TestRun> play(const Profile& profile, const Suite& suite, SimPlay::May may, SimPlay::Expiry expiry) {
    const auto target = make_sim_target(profile, limits_of(profile), {may, {}, {}, expiry, false, 1});
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    return drive(*target, suite.vectors, options);
}

std::string first_failure(const std::vector<TestRun>& runs) {
    for (const TestRun& run : runs)
        if (run.verdict == Verdict::fail || run.verdict == Verdict::error) return run.vector_id + ": " + run.reason;
    return "";
}

void no_false_alarm(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options) {
    const WalkSuiteResult made = make_walk_suite(profile, suite, options);
    CAPTURE(profile.name);
    CAPTURE(suite);
    CHECK(made.suite.vectors.size() > 5);
    for (const auto may : {SimPlay::May::never, SimPlay::May::always}) {
        const std::vector<TestRun> runs = play(profile, made.suite, may, SimPlay::Expiry::middle);
        INFO(first_failure(runs));
        CHECK(count(runs, Verdict::fail) == 0);
        CHECK(count(runs, Verdict::error) == 0);
        CHECK(count(runs, Verdict::pass) * 3 > runs.size());  // of siblings only one decides
    }
}

}  // namespace

TEST_CASE("no suite refutes the small profile that it was made of, and most of it is passed") {
    WalkSuiteOptions options;
    // With text of its own outstanding it sends its FIN again in another place.
    options.limits = {{"data", 1}, {"retries", 1}};
    for (const WalkSuite& suite : walk_suites)  // it has no window, so no places in one; and no call that opens
        if (suite.name != "matrix" && suite.name != "handshake" && suite.name != "complete+1" &&
            suite.name != "exhaustive")
            no_false_alarm(hand::tiny_profile(), suite.name, options);
}

namespace {

// With a timer for what is sent late.
Profile tiny_with(const std::string& right, const std::string& wrong) {
    std::string text = hand::tiny_text;
    const std::string timer = "timer rto       = 1 s", rule = "on timer patience";
    text.insert(text.find(timer), "timer late      = 40 ms\n");
    text.insert(text.find(rule), R"(on timer late
  rule late "an acknowledgment that is owed" cites "RFC 9293 3.8.6.3"   any but CLOSED { send ACK }
)");
    const std::size_t place = text.find(right);
    REQUIRE(place != std::string::npos);
    return parse_spec(text.replace(place, right.size(), wrong), "wrong.spec").profiles.at(0);
}

}  // namespace

TEST_CASE(
    "the suite of timers refutes a timer that is too short, not started anew, started by anything, or not stopped") {
    WalkSuiteOptions options;
    options.limits = {{"data", 1}, {"retries", 1}};
    const Suite timers = make_walk_suite(hand::tiny_profile(), "timers", options).suite;
    const std::vector<std::pair<std::string, std::string>> mistakes = {
        {"time_wait = 60 s to 62 s", "time_wait = 30 s to 31 s"},
        {"time_wait = 60 s to 62 s", "time_wait = 90 s to 93 s"},
        {"TIME_WAIT [seg.fin] { send ACK; start time_wait }", "TIME_WAIT [seg.fin] { send ACK }"},
        {"TIME_WAIT [seg.fin] { send ACK; start time_wait }",
         "TIME_WAIT [seg.fin] { send ACK; start time_wait }\n      TIME_WAIT [not seg.fin] { start time_wait }"},
        {"if snd_una == snd_nxt { stop rto } else { start rto }", "if snd_una < snd_nxt { start rto }"},
        {"{ rcv_nxt += 1; send ACK; signal eof; start time_wait }", "{ rcv_nxt += 1; send ACK; signal eof }"},
    };
    for (const auto& [right, wrong] : mistakes) {
        CAPTURE(wrong);
        const std::vector<TestRun> runs =
            play(tiny_with(right, wrong), timers, SimPlay::May::never, SimPlay::Expiry::middle);
        CHECK(count(runs, Verdict::fail) > 0);
    }
}

TEST_CASE("the suite of losses goes to the bound of retransmissions and one beyond, and doubles what it sends") {
    WalkSuiteOptions options;
    options.limits = {{"data", 0}, {"retries", 2}};
    const WalkSuiteResult made = make_walk_suite(hand::tiny_profile(), "loss", options);
    const std::set<std::string> goals(made.goal_names.begin(), made.goal_names.end());
    for (const std::string state : {"fin-wait-1", "closing", "last-ack"}) {
        for (const std::string times : {"1/ack-1", "2/ack-1", "3/beyond"}) {
            CAPTURE(state);
            CAPTURE(times);
            CHECK(goals.contains("lost/rto/" + state + "/outstanding/" + times));
        }
        CHECK_FALSE(goals.contains("lost/rto/" + state + "/outstanding/4/beyond"));
    }
    for (const std::string goal : {"doubled/established/fin-ack/fin/1", "doubled/fin-wait-2/fin-ack/fin/2"})
        CHECK(goals.contains(goal));
}

// Whichever way it chooses, as long as it keeps to it, an endpoint is led to more goals than one course alone has.
TEST_CASE("where the profile leaves a choice, the goals behind it are reached on either course") {
    const Profile profile = tiny_with("{ rcv_nxt += 1; send ACK; send ACK }", "{ rcv_nxt += 1; start late }");
    WalkSuiteOptions options;
    options.limits = {{"data", 0}, {"retries", 1}};
    const WalkSuiteResult made = make_walk_suite(profile, "states", options);
    CHECK(made.siblings > 0);
    for (const auto may : {SimPlay::May::never, SimPlay::May::always}) {
        const std::vector<TestRun> runs = play(profile, made.suite, may, SimPlay::Expiry::middle);
        CHECK(count(runs, Verdict::fail) == 0);
        std::set<std::string> planned, decided, by_first;  // goals; a goal's first vector is that of one course
        for (std::size_t i = 0; i < runs.size(); ++i) {
            for (const VectorClaim& goal : made.suite.vectors[i].claims) {
                const bool first = planned.insert(goal.id).second;
                if (runs[i].verdict != Verdict::pass) continue;
                decided.insert(goal.id);
                if (first) by_first.insert(goal.id);
            }
        }
        if (may == SimPlay::May::always) CHECK(decided.size() > by_first.size());
        CHECK(decided.size() * 2 > planned.size());
    }
}

TEST_CASE("no suite refutes the shipped profile that it was made of" * doctest::test_suite("slow")) {
    WalkSuiteOptions options;
    options.waits = false;
    options.limits = {{"buffer", 0}, {"repack", 0}};
    for (const std::string name : {"rfc9293", "rfc793", "linux", "lwip"}) {
        const Spec spec = read_spec(testing::source_dir() + "/specs/" + name + ".spec", "");
        for (const std::string suite : {"states", "calls", "default"})  // transitions and ways are in default
            no_false_alarm(*spec.profile(spec.subject), suite, options);
    }
}

TEST_CASE("the suite of openings refutes no shipped profile that it was made of" * doctest::test_suite("slow")) {
    WalkSuiteOptions options;
    options.limits = {{"buffer", 0}, {"repack", 0}, {"data", 0}};
    for (const std::string name : {"rfc9293", "rfc5961", "linux", "lwip"}) {
        const Spec spec = read_spec(testing::source_dir() + "/specs/" + name + ".spec", "");
        no_false_alarm(*spec.profile(spec.subject), "handshake", options);
    }
}

// Where an endpoint announces a window of 0, nobody knows from it where the profile's window ends.
TEST_CASE("a window that is announced as shut is not counted from its right edge" * doctest::test_suite("slow")) {
    const Spec spec = read_spec(testing::source_dir() + "/specs/rfc9293.spec", "");
    WalkSuiteOptions options;
    options.only = "rst/established/right";
    no_false_alarm(*spec.profile(spec.subject), "matrix", options);
}

// Of the mistakes in one of the rules that it exercises the suite of all reactions with their next states notices nine
// of ten; what it has to leave is behind timers that end at one moment, or makes no difference.
TEST_CASE("the complete suite of the small profile refutes profiles with a mistake" * doctest::test_suite("slow")) {
    const Profile profile = hand::tiny_profile();
    WalkSuiteOptions options;
    options.limits = {{"data", 0}, {"retries", 1}};
    const WalkSuiteResult complete = make_walk_suite(profile, "complete", options);
    std::set<std::string> exercised;
    for (const TestVector& vector : complete.suite.vectors)
        for (const auto& [rule, clause] : vector.rules) exercised.insert(rule);
    std::size_t tried = 0, noticed = 0;
    for (const Mutant& mutant : mutants_of(profile, {Mutant::Operator::rule, Mutant::Operator::target})) {
        if (!exercised.contains(mutant.rule_name)) continue;
        const Profile wrong = mutated(profile, mutant);
        ++tried;
        const std::vector<TestRun> runs = play(wrong, complete.suite, SimPlay::May::never, SimPlay::Expiry::middle);
        const bool seen = count(runs, Verdict::fail) > 0;
        noticed += seen;
        if (!seen) MESSAGE("not noticed: " << mutant.id);
    }
    CHECK(tried > 15);
    CHECK(noticed * 10 >= tried * 9);
}

// The tester counts it from the right edge, in bytes; the last ones before the edge belong to no block's begin.
TEST_CASE("a SYN whose text and FIN end behind the window is played where it was planned") {
    const Spec spec = parse_spec(R"(
profile p "is ended by a SYN with text and a FIN that lies across its window's edge" {
  states ESTABLISHED initial, CLOSED final
  stream from 1
  limit window = 3 in 1..4 "units"
  var rcv_nxt : 1..3
  segment ACK { seq 1; ack rcv_nxt }
  on segment
    step all
      rule over "across the edge" cites "RFC 9293 3.10.7.4 first"
        ESTABLISHED [seg.syn and seg.fin and seg.len == 1 and seg.seq + 2 == rcv_nxt + window] -> CLOSED
}
)",
                                 "across");
    const Suite suite = make_walk_suite(spec.profiles.at(0), "transitions", {}).suite;
    const std::vector<TestRun> runs = play(spec.profiles.at(0), suite, SimPlay::May::never, SimPlay::Expiry::middle);
    INFO(first_failure(runs));
    CHECK(count(runs, Verdict::pass) == suite.vectors.size());
    CHECK_FALSE(runs.empty());
}

TEST_CASE("a suite is made once more under another setting, for what that changes") {
    const Spec spec = parse_spec(R"(
profile p "waits as long as it is told" {
  states ESTABLISHED initial, TIME_WAIT, CLOSED final
  stream from 1
  setting waits = 1 in 1..60
  timer time_wait = waits s
  timer patience  = 3 s while state == ESTABLISHED
  on call close
    rule close "waits" cites "RFC 9293 3.10.4" ESTABLISHED -> TIME_WAIT { start time_wait }
  on timer time_wait
    rule over "2 MSL" cites "RFC 9293 3.10.8" TIME_WAIT -> CLOSED
  on timer patience
    rule enough "the end" cites "RFC 9293 3.9.1.2" ESTABLISHED -> CLOSED
}
)",
                                 "settings");
    WalkSuiteOptions options;
    const std::size_t as_it_stands = make_walk_suite(spec.profiles.at(0), "timers", options).vectors;
    options.also_under = {setting_given("waits=5")};
    const Suite suite = make_walk_suite(spec.profiles.at(0), "timers", options).suite;
    std::size_t more = 0;
    for (const TestVector& vector : suite.vectors) {
        const bool other = vector.settings.at(0).second == "5";
        more += other;
        for (const VectorClaim& goal : vector.claims) {
            CHECK(goal.id.ends_with("/waits=5") == other);
            if (other) CHECK(goal.id.find("/time_wait/") != std::string::npos);
        }
    }
    CHECK(more > 0);
    CHECK(suite.vectors.size() == as_it_stands + more);
    CHECK(count(play(spec.profiles.at(0), suite, SimPlay::May::never, SimPlay::Expiry::middle), Verdict::pass) ==
          suite.vectors.size());
}

// The SYN,ACK of the next connection is sent again after a second, which no vector of this one knows.
TEST_CASE("silence is not watched for where another connection has taken the place of TIME-WAIT") {
    const Spec spec = parse_spec(R"(
profile p "lets a SYN take the place of TIME-WAIT" {
  states ESTABLISHED initial, TIME_WAIT, CLOSED final
  stream from 1
  timer time_wait = 60 s
  segment SYNACK { seq 0; ack 0; syn }
  on call close
    rule close "waits" cites "RFC 9293 3.10.4" ESTABLISHED -> TIME_WAIT { start time_wait }
  on timer time_wait
    rule over "2 MSL" cites "RFC 9293 3.10.8" TIME_WAIT -> CLOSED
  on segment
    step all
      rule reopen "MAY-2" cites "RFC 9293 3.6.1"
        TIME_WAIT [seg.syn and not seg.has_ack] -> CLOSED { stop time_wait; send SYNACK }
}
)",
                                 "reopened");
    const Suite suite = make_walk_suite(spec.profiles.at(0), "timers", {}).suite;
    const auto told = std::find_if(suite.not_made.begin(), suite.not_made.end(), [](const NotMade& one) {
        return one.id.find("stops/time_wait/time-wait/syn") == 0;
    });
    REQUIRE(told != suite.not_made.end());
    CHECK(told->reason == "what takes the place of the connection is not followed");
    for (const TestVector& vector : suite.vectors)
        for (const VectorStep& step : vector.steps)
            if (step.kind == VectorStep::Kind::send && step.segment.syn) CHECK(vector.settle_us < 1'000'000);
}

TEST_CASE("another draw takes other members of a class of inputs, and the same draw the same bytes") {
    WalkSuiteOptions options;
    options.limits = {{"retries", 1}};
    const auto first = make_walk_suite(hand::tiny_profile(), "reactions", options);
    const auto again = make_walk_suite(hand::tiny_profile(), "reactions", options);
    CHECK(first.suite.vectors == again.suite.vectors);
    options.seed = 2;
    const auto other = make_walk_suite(hand::tiny_profile(), "reactions", options);
    CHECK(other.goals == first.goals);
    CHECK(other.suite.vectors != first.suite.vectors);
}

TEST_CASE("a suite that there is not, and goals by name") {
    CHECK_THROWS_AS(make_walk_suite(hand::tiny_profile(), "all", {}), std::invalid_argument);
    WalkSuiteOptions options;
    options.only = "last-ack";
    const WalkSuiteResult made = make_walk_suite(hand::tiny_profile(), "transitions", options);
    CHECK(made.goals > 0);
    for (const std::string& name : made.goal_names) CHECK(name.find("last-ack") != std::string::npos);
}

TEST_CASE("the tests of one reaction are numbered from its second one on, alike for each IP version") {
    for (const std::vector<int>& versions : {std::vector<int>{4}, std::vector<int>{4, 6}}) {
        WalkSuiteOptions options;
        options.limits = {{"data", 0}, {"retries", 1}};
        options.ip_versions = versions;
        std::set<std::string> ids;
        for (const TestVector& vector : make_walk_suite(hand::tiny_profile(), "complete", options).suite.vectors)
            CHECK(ids.insert(vector.id).second);
        const auto any_ends = [&](const std::string& end) {
            return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) { return id.ends_with(end); });
        };
        CHECK(any_ends("/2/ipv4"));
        CHECK(any_ends("/2/ipv6") == (versions.size() == 2));
    }
}
