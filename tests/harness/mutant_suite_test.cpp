// The suite of mutants of a profile that fits on a screen, and unions with it.
#include "harness/mutant_suite.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <set>

#include "tests/harness/tiny_profile.h"

using namespace lastack;

namespace {

WalkSuiteOptions small() {
    WalkSuiteOptions options;
    options.limits = {{"data", 1}, {"retries", 1}};
    return options;
}

// Those that a vector could kill, and none of the suite does.
std::set<std::string> missed_by(const Profile& profile, std::vector<TestVector> vectors,
                                const std::vector<Mutant::Operator>& operators) {
    SuiteMutationOptions options;
    options.limits = small().limits;
    std::set<std::string> missed;
    for (const SuiteMutantResult& one :
         score_suites(profile, suite_mutants(profile, operators), {{"", std::move(vectors)}}, options).mutants)
        if (one.survival == Survival::missed) missed.insert(one.id);
    return missed;
}

}  // namespace

TEST_CASE("the suite of mutants kills what others let live, by a vector for those that no vector before it kills") {
    const Profile profile = hand::tiny_profile();
    WalkSuiteOptions options = small();
    options.only = "without effect";
    const std::vector<TestVector> others = make_walk_suite(profile, "states", small()).suite.vectors;
    const std::set<std::string> before = missed_by(profile, others, {Mutant::Operator::effect});
    CHECK_FALSE(before.empty());
    const WalkSuiteResult made = make_mutant_suite(profile, others, options);
    CHECK(made.name == "mutants");
    CHECK(made.vectors == made.suite.vectors.size());
    CHECK(made.reached >= made.vectors);
    std::set<std::string> goals;
    for (const TestVector& vector : made.suite.vectors) {
        CHECK(vector.id.starts_with("mutants/"));
        CHECK_FALSE(vector.claims.empty());
        for (const VectorClaim& goal : vector.claims) CHECK(goals.insert(goal.id).second);  // each once
    }
    CHECK(goals == before);
    std::vector<TestVector> all = others;
    all.insert(all.end(), made.suite.vectors.begin(), made.suite.vectors.end());
    CHECK(missed_by(profile, all, {Mutant::Operator::effect}).empty());
    // Nothing is left to add.
    CHECK(make_mutant_suite(profile, all, options).vectors == 0);
}

TEST_CASE("a mutant that no vector can show has its reason, and is no vector") {
    const Profile profile = hand::tiny_profile();
    WalkSuiteOptions options = small();
    options.only = "signal eof";
    const WalkSuiteResult made = make_mutant_suite(profile, {}, options);
    CHECK(std::any_of(made.suite.not_made.begin(), made.suite.not_made.end(), [](const NotMade& one) {
        return one.id.find("(signal eof)") != std::string::npos && one.reason.starts_with("unseen: ");
    }));
    CHECK(made.goals == made.reached + made.suite.not_made.size());
}

// What the greedy cover leaves out is not needed: neither for a goal nor, on the small profile, for a mutant.
TEST_CASE("a union that is reduced reaches the same goals and kills the same mutants" * doctest::test_suite("slow")) {
    const Profile profile = hand::tiny_profile();
    WalkSuiteOptions options = small();
    const WalkSuiteResult reduced = make_walk_suite(profile, "transitions,ways,calls,loss,timers", options);
    options.reduce = false;
    const WalkSuiteResult whole = make_walk_suite(profile, "transitions,ways,calls,loss,timers", options);
    CHECK(std::set(reduced.goal_names.begin(), reduced.goal_names.end()) ==
          std::set(whole.goal_names.begin(), whole.goal_names.end()));
    CHECK(reduced.vectors < whole.vectors);
    CHECK(reduced.steps < whole.steps);
    std::set<std::string> listed;
    for (const TestVector& vector : reduced.suite.vectors)
        for (const VectorClaim& goal : vector.claims) listed.insert(goal.id);
    CHECK(listed.size() == reduced.reached);
    const std::vector<Mutant::Operator> operators = {Mutant::Operator::rule, Mutant::Operator::effect,
                                                     Mutant::Operator::target, Mutant::Operator::duration};
    CHECK(missed_by(profile, reduced.suite.vectors, operators) == missed_by(profile, whole.suite.vectors, operators));
}
