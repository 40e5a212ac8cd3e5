// What several machines have driven, as one report: `run --json` of each share, put together.
//
// The shares must be of one thing: the same target, version, kernel, spec files and settings, and no vector in two of
// them. Cost: linear in the reports, which are held in memory.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "harness/driver.h"

namespace lastack {

// A report that is none, or is of something else; says of which file.
class MergeError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct MergedRun {
    std::string vector, reason;
    Verdict verdict = Verdict::error;
    bool expected_refuted = false, other_course = false;
};

struct MergedRuns {
    std::string json;  // as `run --json` of all vectors would print it, sorted by the vectors' names
    std::string description;
    std::vector<MergedRun> runs;
};

// Names of files, for messages, and their texts.
MergedRuns merge_runs(const std::vector<std::pair<std::string, std::string>>& reports);

}  // namespace lastack
