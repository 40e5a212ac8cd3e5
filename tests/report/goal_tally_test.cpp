// Goals are decided by any of the vectors that have them.
#include "report/goal_tally.h"

#include <doctest/doctest.h>

#include "report/run_text.h"
#include "tests/harness/hand_vectors.h"

using namespace lastack;

namespace {

// A vector with these goals, and how its run ended.
void add(std::vector<TestVector>& vectors, std::vector<TestRun>& runs, const std::vector<std::string>& goals,
         Verdict verdict, int ip = 4) {
    TestVector vector = hand::active_close(ip);
    vector.claims.clear();
    for (const std::string& goal : goals) vector.claims.push_back({goal, VectorClaim::Sense::goal, "of " + goal});
    vectors.push_back(std::move(vector));
    TestRun run;
    run.verdict = verdict;
    runs.push_back(run);
}

}  // namespace

TEST_CASE("a goal is confirmed by one of its vectors, and else as bad as the worst of them") {
    std::vector<TestVector> vectors;
    std::vector<TestRun> runs;
    add(vectors, runs, {"taken", "shared"}, Verdict::pass);
    add(vectors, runs, {"taken"}, Verdict::inconclusive);  // the course that was not taken
    add(vectors, runs, {"wrong", "shared"}, Verdict::fail);
    add(vectors, runs, {"wrong"}, Verdict::inconclusive);
    add(vectors, runs, {"open"}, Verdict::inconclusive);
    add(vectors, runs, {"open"}, Verdict::skipped);
    add(vectors, runs, {"long"}, Verdict::skipped);
    CHECK(goal_tally(vectors, runs) == GoalTally{2, 1, 1, 1});
    CHECK(goal_tally_text(goal_tally(vectors, runs)) ==
          "  5 goals: 2 confirmed, 1 refuted, 1 undecided, 1 not driven\n");
}

TEST_CASE("a branch that the implementation did not take is open only where a goal of it is") {
    std::vector<TestVector> vectors;
    std::vector<TestRun> runs;
    add(vectors, runs, {"here", "both"}, Verdict::pass);
    add(vectors, runs, {"there", "both"}, Verdict::inconclusive);
    add(vectors, runs, {"both"}, Verdict::inconclusive);
    add(vectors, runs, {"both"}, Verdict::inconclusive);
    add(vectors, runs, {"both"}, Verdict::inconclusive, 6);
    for (const std::size_t i : {1U, 2U, 4U}) {
        runs[i].left_path = true;
        runs[i].reason = "ACK is allowed here but leaves the planned path";
    }
    runs[3].reason = "the tester was late";
    CHECK(on_other_courses(vectors, runs) == std::vector<bool>{false, false, true, false, false});
    const std::string text = runs_text({vectors[1], vectors[2]}, {runs[1], runs[2]});
    CHECK(text.find("other course") == std::string::npos);  // without the run that took the other one
    CHECK(runs_text(vectors, runs).find("other course") != std::string::npos);
    // Its own goal stays undecided, but the test went on.
    runs[1].went_on_as = "here";
    CHECK(on_other_courses(vectors, runs)[1]);
    CHECK(goal_tally(vectors, runs).undecided == 2);  // and `both` over IPv6
    CHECK(runs_text(vectors, runs).find("gone on as here") != std::string::npos);
    runs[1].left_path = false;
    CHECK_FALSE(on_other_courses(vectors, runs)[1]);
}

TEST_CASE("each IP version has goals of its own, and a claim is no goal") {
    std::vector<TestVector> vectors;
    std::vector<TestRun> runs;
    add(vectors, runs, {"one"}, Verdict::pass, 4);
    add(vectors, runs, {"one"}, Verdict::fail, 6);
    CHECK(goal_tally(vectors, runs) == GoalTally{1, 1, 0, 0});
    for (TestVector& vector : vectors) vector.claims.front().sense = VectorClaim::Sense::witness;
    CHECK(goal_tally(vectors, runs) == GoalTally{});
    CHECK(goal_tally_text(goal_tally(vectors, runs)).empty());
}
