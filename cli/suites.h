// Suites on the command line: writing them, telling of them, driving a target with them.
#pragma once

#include <array>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cli/verbs.h"
#include "generators/suite.h"
#include "generators/walk_suite.h"
#include "harness/driver.h"

namespace lastack {

// What the options of the command say of a suite.
SuiteOptions suite_options(const SuiteArguments& arguments);

// What the options of the command say of a suite by walks. Throws UsageError for a limit that the profile has not.
WalkSuiteOptions walk_options(const Profile& profile, const WalkArguments& arguments, const std::vector<int>& ip);

// In words, for people: how many vectors, and of what. Lines but the first are indented by two.
std::string size_text(const std::string& suite, const SuiteSize& size);
// Throws UsageError for `complete+1` of all of an endpoint.
void require_part(const WalkArguments& arguments);

// Files as they are named, and of a directory those inside with one of the endings, sorted.
std::vector<std::string> files_of(const std::vector<std::string>& named, const std::set<std::string>& endings);

// One vector, or the suite of a file whose name ends with .jsonl; "-" is either, from standard input. Throws
// VectorFormatError.
std::vector<TestVector> read_vectors(const std::string& file);

// Forms beside JSON that are written where none is asked for.
inline const std::vector<std::string> usual_forms = {"packetdrill", "pcapng"};
// Writes all vectors as JSON and in these forms into a directory that is made where missing. Returns, for people, what
// a form cannot say; the vectors are listed in vectors.FORM.missed.txt.
std::string write_suite(const Suite& suite, const std::string& directory,
                        const std::vector<std::string>& forms = usual_forms);
std::string suite_text(const Suite& suite);
std::string goals_text(const GoalReport& goals);

// The target by name: "linux", "sim", or "auto": the running kernel where it may be driven, else sim, with the reason
// on `why`. `spec` may be null where sim is not wanted. Throws TargetUnavailable, and RequirementMissed
// (cli/requirement.h).
std::unique_ptr<Target> choose_target(const DriveArguments& drive, const Spec* spec, std::string& why);

// Drives with a progress line; an interrupt skips what is left. An inconclusive vector is driven up to three times.
std::vector<TestRun> drive_suite(Target& target, const std::vector<TestVector>& vectors,
                                 const DriveArguments& arguments);
// The same, with somebody else's progress.
std::vector<TestRun> drive_quietly(Target& target, const std::vector<TestVector>& vectors,
                                   const DriveArguments& arguments,
                                   const std::function<void(std::size_t, std::size_t)>& progress);

// Not as the spec expects.
bool is_surprise(Verdict verdict, bool refuted_expected);

// What became of vectors, counted.
struct RunTally {
    std::array<std::size_t, 5> count{};       // by verdict
    std::size_t expected = 0, surprises = 0;  // refuted as expected; not as the spec expects
    std::size_t other_courses = 0;            // of the inconclusive ones: report/goal_tally.h
    void add(Verdict verdict, bool refuted_expected);
    std::size_t all() const;
};
RunTally tally_of(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);
std::string tally_text(const RunTally& tally);
int exit_code_of(const RunTally& tally);

// What will be driven, for people. `why`: why it is not the running kernel, or empty; then the first line says so.
std::string target_text(const Target& target, const std::string& why);
// And what it did: each run, and the tally.
std::string outcome_text(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs);

}  // namespace lastack
