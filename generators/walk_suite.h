// Suites of test vectors with a guarantee: walks through the tester's graph of one endpoint (checker/suites), each made
// a vector (generators/project.h).
//
// A walk whose timers cannot be told apart in time is cut: what it reaches before that stays, the goals behind it are
// reached by walks of their own, and where that fails, too, the suite says so. A choice of the profile is an
// alternative of the vector: where the endpoint may answer or not and is in the same state afterwards, either is
// allowed and the vector goes on. What is held in memory is walks, forty bytes a step, and in a union the numbers of
// their goals; of vectors nothing, where somebody takes them.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/suites/complete.h"
#include "checker/suites/goals.h"
#include "generators/suite.h"

namespace lastack {

// What `driven in` calls walks by lot (checker/suites/random_walks.h), which are no suite.
inline constexpr const char* walks_by_lot = "walk";

// How large a suite will be, known before its first vector is made.
struct SuiteSize {
    std::size_t states = 0, told_apart = 0;  // of the endpoint
    std::size_t inputs = 0, reactions = 0;   // of a tester; of the states that can be told apart
    std::size_t goals = 0;                   // of a suite by goals
    std::size_t vectors = 0;                 // at most, but for those that lead to a goal on another course
};

struct WalkSuiteOptions {
    std::vector<int> ip_versions = {4};
    int unit_bytes = 100;
    std::int64_t look_us = 100'000;             // how long silence is watched for at the end of a vector
    bool waits = true;                          // for timers
    std::optional<std::uint32_t> moments = {};  // drawn with this seed, as in ProjectionOptions
    std::size_t longest = 40;                   // steps of a vector
    std::uint32_t seed = 1;                     // another one takes other members of each class of inputs
    std::map<std::string, int> limits;          // of the profile
    // Settings under which the suite is made once more, each alone: what it changes is asked for, the goals about
    // timers of another length, and those that there are with the profile's own settings not.
    std::vector<SettingGiven> also_under;
    std::string only;  // only goals whose name has this in it; empty: all
    std::size_t max_states = 1'000'000;
    // A union has only the walks that its goals need, each with all goals that it reaches (checker/suites/cover.h).
    bool reduce = true;
    std::function<bool()> stop;
    std::size_t skip = 0;          // so many tests, or walks, are passed over
    std::size_t* tests = nullptr;  // counts them as they are made
    // Threads that make the tests of reactions side by side, each with states of its own: of `skip` and `tests` each
    // has one, of `take` it may. They come in no order, and a choice that two meet is tested by both.
    std::vector<std::size_t> skips;
    std::vector<std::size_t>* tests_of_jobs = nullptr;
    std::vector<std::function<bool(TestVector)>> takes;  // each is called by its thread alone; none: all have `take`
    int jobs = 1;
    std::function<void(const SuiteSize&)> sized;  // is told before any vector is made; may throw
    // Takes each vector in place of `WalkSuiteResult::suite`, so that none has to be kept; false ends the making.
    std::function<bool(TestVector)> take;
};

struct WalkSuiteResult {
    Suite suite;  // not_made: the goals without a vector
    std::string name, guarantee;
    std::size_t states = 0, told_apart = 0, reactions = 0;  // of the endpoint; what a tester tells apart
    std::size_t goals = 0, reached = 0;
    std::size_t vectors = 0, steps = 0;            // made; steps of all of them
    std::size_t siblings = 0;                      // of these, for the other course where the profile leaves a choice
    std::vector<std::string> goal_names;           // those reached
    CompleteSummary complete;                      // only of the suite of that name
    std::map<std::string, std::size_t> by_clause;  // vectors that exercise a rule of it
    std::set<std::string> firing;                  // rules that fire anywhere in the tester's graph
};

// For those who make suites of something else. Does it wait for a timer of the IUT?
bool waits(const TestVector& vector);
// Counts one more test, and says whether the options pass over it.
bool is_passed_over(const WalkSuiteOptions& options, WalkSuiteResult& result);
// To `take`, or into the result; adds to `vectors` and `by_clause`. False where there is to be no other.
bool hand_out(TestVector vector, const WalkSuiteOptions& options, WalkSuiteResult& result);

// What the profile says of an end that is driven by any suite.
std::map<std::string, int> limits_of_a_driven_end(const Profile& profile);

// `suite`: a name, or several with commas between them, whose union is made. Throws std::invalid_argument for a suite
// that there is not, std::length_error for an endpoint that is too large,
// OutOfPatience where `stop` said so.
WalkSuiteResult make_walk_suite(const Profile& profile, const std::string& suite, const WalkSuiteOptions& options);

}  // namespace lastack
