// Deviations that are known: a file with a line for each, kept beside the code that deviates, so that a gate can pass
// with them and fail with any other, and with one of them that is gone.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

#include "generators/json_tree.h"
#include "report/report_items.h"

namespace lastack {

// A file that is no baseline; what() says where: "known.baseline:3: error: ...".
class BaselineError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Deviation {
    std::string group, id;  // of a ReportItem
    bool open = false;      // inconclusive; else a surprise
    std::string said;       // for readers; not compared
    bool operator==(const Deviation&) const = default;
};

struct Baseline {
    std::string profile;
    std::vector<Deviation> deviations;
};

// What of `items` is a deviation: surprises and what is inconclusive. An error is none, since nothing was found out.
Baseline baseline_of(const std::string& profile, const std::vector<ReportItem>& items);
// `made`: in words, what wrote it. Reading gives back what was written, but for line ends and ` | ` in a text.
std::string baseline_text(const Baseline& baseline, const std::string& made);
// `name`: of the file, for messages. Throws BaselineError.
Baseline baseline_from(const std::string& text, const std::string& name);

struct BaselineComparison {
    std::vector<Deviation> known, fresh;  // in `fresh` no errors, which have their own verdict
    std::vector<Deviation> vanished;      // surprises that are as expected now, or that the run has no more
    std::vector<Deviation> not_asked;     // skipped, open now, or of a group that this run has not
};

// Compares, and marks the items: what is known becomes as expected, what vanished a surprise. `part`: the run was of a
// part only, so that what it has not is not asked.
BaselineComparison compare(const Baseline& baseline, std::vector<ReportItem>& items, bool part);

// `known`, `new`, `vanished`, `not_asked`: the names of each.
JsonTree baseline_json(const BaselineComparison& comparison, const std::string& file);

// For a terminal of 80 columns.
std::string comparison_text(const BaselineComparison& comparison, const std::string& file);

}  // namespace lastack
