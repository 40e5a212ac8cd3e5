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
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"

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
        CHECK(count(runs, Verdict::pass) > runs.size() / 2);
    }
}

}  // namespace

TEST_CASE("no suite refutes the small profile that it was made of, and most of it is passed") {
    WalkSuiteOptions options;
    options.limits = {{"data", 0}, {"retries", 1}};  // with text of its own outstanding it sends its FIN in two places
    for (const WalkSuite& suite : walk_suites)       // it has no window, so no places in one
        if (suite.name != "matrix") no_false_alarm(hand::tiny_profile(), suite.name, options);
}

TEST_CASE("no suite refutes the shipped profile that it was made of" * doctest::test_suite("slow")) {
    WalkSuiteOptions options;
    options.waits = false;
    options.limits = {{"buffer", 0}, {"repack", 0}};
    for (const std::string name : {"rfc9293", "rfc793", "linux"}) {
        const Spec spec = read_spec(testing::source_dir() + "/specs/" + name + ".spec", "");
        for (const std::string suite : {"states", "transitions", "ways"})
            no_false_alarm(*spec.profile(spec.subject), suite, options);
    }
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
