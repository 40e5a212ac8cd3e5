#include "cli/refuted.h"

#include <fmt/format.h>

#include <memory>

#include "checker/mutation/mutants.h"
#include "cli/mutate_suites.h"
#include "cli/output.h"
#include "cli/session.h"
#include "harness/likely_faults.h"
#include "report/run_capture.h"

namespace lastack {

namespace {

constexpr std::size_t most_explained = 3, most_faults = 5;

void add_faults(const Profile& profile, const std::vector<SuiteMutant>& mutants, const TestVector& vector,
                const TestRun& run, Explanation& into) {
    into.faults_tried = true;
    into.profile_does_so = looks_like(profile, vector, run);
    if (!into.profile_does_so) into.faults = likely_faults(mutants, vector, run, most_faults, interrupted);
}

// A word that a shell takes as it is, in quotes where it would not.
std::string shell_word(const std::string& word) {
    const std::string plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+=./:,@%";
    if (!word.empty() && word.find_first_not_of(plain) == std::string::npos) return word;
    std::string quoted = "'";
    for (const char c : word) quoted += c == '\'' ? "'\\''" : std::string(1, c);
    return quoted + "'";
}

}  // namespace

std::string command_line(int argc, const char* const* argv) {
    std::string line = "lastack";
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        if (word.starts_with("--only=")) continue;
        if (word == "--only" && ++i < argc) continue;
        line += " " + shell_word(word);
    }
    return line;
}

void keep_only(const std::string& only, std::vector<TestVector>& vectors) {
    std::erase_if(vectors, [&](const TestVector& one) { return one.id.find(only) == std::string::npos; });
    if (vectors.empty()) throw UsageError(fmt::format("--only: no vector there has '{}' in its id", only));
}

Explanations explain_refuted(const ExplainArguments& arguments, const Spec* spec,
                             const std::vector<std::string>& settings, const std::vector<TestVector>& vectors,
                             const std::vector<TestRun>& runs) {
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
    Explanations explanations;
    for (std::size_t i = 0; i < runs.size() && explanations.size() < most_explained && !interrupted(); ++i) {
        if (runs[i].verdict != Verdict::fail || vectors[i].refuted_expected) continue;
        Explanation& one = explanations[i];
        one.again = arguments.command + " --only " + shell_word(vectors[i].id);
        if (arguments.faults) add_faults(*spec->profile(spec->subject), mutants, vectors[i], runs[i], one);
    }
    return explanations;
}

}  // namespace lastack
