#include "cli/known_deviations.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "model/file_text.h"

namespace lastack {

namespace {

constexpr std::size_t most_baseline_bytes = std::size_t{64} << 20U;

std::string baseline_text(const std::string& file) {
    if (file == "-") return standard_input(most_baseline_bytes);
    const FileText content = file_text(file, most_baseline_bytes + 1);
    if (!content.trouble.empty())
        throw BaselineError(fmt::format("{}: cannot be read: {}; --write-baseline makes one", file, content.trouble));
    if (content.text.size() > most_baseline_bytes)
        throw BaselineError(fmt::format("{}: larger than {} MiB", file, most_baseline_bytes >> 20U));
    return content.text;
}

bool is_known(const BaselineComparison& comparison, const std::string& group, const std::string& id) {
    return std::any_of(comparison.known.begin(), comparison.known.end(),
                       [&](const Deviation& one) { return one.group == group && one.id == id; });
}

}  // namespace

std::optional<Baseline> given_baseline(const BaselineArguments& arguments, const std::string& profile) {
    if (arguments.known.empty()) return std::nullopt;
    Baseline baseline = baseline_from(baseline_text(arguments.known), arguments.known);
    if (baseline.profile != profile)
        throw BaselineError(fmt::format("{}: a baseline of profile {}, and this run is of {}", arguments.known,
                                        baseline.profile, profile));
    return baseline;
}

int exit_code_beside(const BaselineComparison& comparison, const CheckReport& report, const std::string& target,
                     const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    CheckReport others = report;
    for (CheckResult& result : others.claims)
        result.as_expected |= is_known(comparison, claims_group(*result.claim), result.claim->id);
    std::vector<TestVector> other_vectors;
    std::vector<TestRun> other_runs;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        if (is_known(comparison, vectors_group(target), runs[i].vector_id)) continue;
        other_vectors.push_back(vectors[i]);
        other_runs.push_back(runs[i]);
    }
    int code = exit_code_of(others);
    if (code == exit_ok) code = exit_code_of(tally_of(other_vectors, other_runs));
    return code == exit_ok && !comparison.vanished.empty() ? exit_conformance : code;
}

std::string write_baseline(const BaselineArguments& arguments, const Baseline& baseline) {
    if (arguments.written.empty() || interrupted()) return "";
    write_file(arguments.written, baseline_text(baseline, fmt::format("lastack {}, gate --write-baseline", version)));
    return fmt::format("\nBaseline: {} deviations written to {}\n", baseline.deviations.size(), arguments.written);
}

}  // namespace lastack
