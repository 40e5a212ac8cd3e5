// One report of the shares that several machines have driven.
#include <fmt/format.h>

#include "cli/output.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "model/file_text.h"
#include "report/run_merge.h"

namespace lastack {
namespace {

constexpr std::size_t most_report_bytes = std::size_t{4} << 30U;

std::string contents(const std::string& file) {
    const FileText content = file_text(file, most_report_bytes);
    if (!content.trouble.empty()) throw MergeError(fmt::format("{}: cannot be read: {}", file, content.trouble));
    return content.text;
}

std::string surprises_text(const MergedRuns& merged) {
    std::string text;
    for (const MergedRun& run : merged.runs) {
        const bool surprise = is_surprise(run.verdict, run.expected_refuted);
        if (surprise || run.verdict == Verdict::error)
            text += fmt::format("  {} {}\n    {}\n", surprise ? "SURPRISE: differs" : "error", run.vector, run.reason);
    }
    return text;
}

}  // namespace

int report_verb(const ReportArguments& arguments) {
    std::vector<std::pair<std::string, std::string>> reports;
    for (const std::string& file : arguments.files) reports.emplace_back(file, contents(file));
    const MergedRuns merged = merge_runs(reports);
    RunTally tally;
    for (const MergedRun& run : merged.runs) {
        tally.add(run.verdict, run.expected_refuted);
        tally.other_courses += run.other_course;
    }
    if (arguments.output != "-")
        say(fmt::format("Target: {}\n", merged.description) + surprises_text(merged) + tally_text(tally));
    if (!arguments.output.empty()) write_file(arguments.output, merged.json);
    return exit_code_of(tally);
}

}  // namespace lastack
