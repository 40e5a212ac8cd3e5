#include "cli/refuted.h"

#include <fmt/format.h>

#include <memory>

#include "checker/mutation/mutants.h"
#include "cli/mutate_suites.h"
#include "cli/output.h"
#include "cli/session.h"
#include "harness/likely_faults.h"
#include "report/check_text.h"
#include "report/run_capture.h"

namespace lastack {

namespace {

constexpr std::size_t most_explained = 3, most_faults = 5;

std::string faults_text(const Profile& profile, const std::vector<SuiteMutant>& mutants, const TestVector& vector,
                        const TestRun& run) {
    if (looks_like(profile, vector, run)) return "    the profile itself does so: the vector is not one of it\n";
    const std::vector<LikelyFault> faults = likely_faults(mutants, vector, run, most_faults, interrupted);
    if (faults.empty()) return "    none of the mistakes that were tried looks like this\n";
    std::string text;
    for (const LikelyFault& one : faults) {
        const std::string place = one.where.source ? fmt::format("{}:{}", one.where.source->name, one.where.line) : "";
        text += "    " + wrapped(fmt::format("looks like: {} ({}) \"{}\"", one.id, place, one.sentence), 4, 6) + "\n";
    }
    return text;
}

}  // namespace

std::string explain_refuted(const ExplainArguments& arguments, const Spec* spec,
                            const std::vector<std::string>& settings, const std::string& again,
                            const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    if (!arguments.pcapng.empty()) {
        const std::vector<unsigned char> bytes = runs_pcapng(vectors, runs);
        write_file(arguments.pcapng, {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
    }
    std::vector<std::unique_ptr<Spec>> specs;
    std::vector<SuiteMutant> mutants;
    if (arguments.faults) {
        const Profile& profile = *spec->profile(spec->subject);
        if (!arguments.mutants.empty()) mutants = written_mutants(arguments.mutants, settings, spec->subject, specs);
        for (SuiteMutant& mutant : suite_mutants(profile, all_operators)) mutants.push_back(std::move(mutant));
    }
    std::string text;
    std::size_t explained = 0;
    for (std::size_t i = 0; i < runs.size() && explained < most_explained && !interrupted(); ++i) {
        if (runs[i].verdict != Verdict::fail || vectors[i].refuted_expected) continue;
        ++explained;
        if (!again.empty())
            text += fmt::format("  {} again:\n    {} --only '{}'\n", vectors[i].id, again, vectors[i].id);
        if (arguments.faults) text += faults_text(*spec->profile(spec->subject), mutants, vectors[i], runs[i]);
    }
    return text;
}

}  // namespace lastack
