#include "cli/mutate_suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <stdexcept>

#include "cli/checking.h"
#include "cli/named_suites.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "generators/open_run.h"
#include "harness/suite_mutation.h"
#include "model/source_text.h"
#include "report/suite_mutation_text.h"

namespace lastack {

namespace {

constexpr std::uint64_t most_compared = 50'000;  // local states of a mutant

// The vectors of claims whose end another profile plays, or which the subject is expected to fail, say nothing of it.
void keep_those_of_subject(std::vector<TestVector>& vectors) {
    std::erase_if(vectors, [](const TestVector& one) { return one.profile != one.subject || one.refuted_expected; });
}

JudgingSuite judging_suite(const Spec& spec, const MutateArguments& arguments, const std::string& name) {
    if (name.ends_with(".jsonl")) {
        JudgingSuite saved{std::filesystem::path(name).stem().string(), read_vectors(name)};
        keep_those_of_subject(saved.vectors);
        return saved;
    }
    CheckArguments check;
    static_cast<SpecArguments&>(check) = arguments;
    try {
        // The answers of `sim` do not depend on the IP version.
        const WalkSuiteOptions options = walk_options(*spec.profile(spec.subject), arguments.walks, {4});
        std::vector<std::string> others = arguments.walks.suites;
        std::erase_if(others, [](const std::string& one) { return one.ends_with(".jsonl"); });
        WalkSuiteResult made = make_named_suite({spec, check, others}, name, options);
        keep_those_of_subject(made.suite.vectors);
        return {name, std::move(made.suite.vectors)};
    } catch (const OutOfPatience&) {
        throw Interrupted("interrupted: suite " + name + " was not made");
    }
}

// The limits that the vectors of a file were made with count as well, where the command names none.
std::map<std::string, int> limits_for(const Profile& profile, const MutateArguments& arguments,
                                      const std::vector<JudgingSuite>& suites) {
    std::map<std::string, int> limits = walk_options(profile, arguments.walks, {4}).limits;
    for (const JudgingSuite& suite : suites) {
        for (const TestVector& vector : suite.vectors) {
            if (vector.system != open_system) break;  // of claims: each has the limits of its system
            for (const auto& [name, value] : vector.limits) {
                const auto [place, fresh] = limits.try_emplace(name, value);
                if (!fresh && place->second != value)
                    throw UsageError(fmt::format("--suite: vector {} of {} has {} = {}, not {} as others", vector.id,
                                                 suite.name, name, value, place->second));
            }
            break;  // all vectors of a suite have the same
        }
    }
    return limits;
}

}  // namespace

std::vector<SuiteMutant> written_mutants(const std::vector<std::string>& files,
                                         const std::vector<std::string>& settings, const std::string& subject,
                                         std::vector<std::unique_ptr<Spec>>& specs) {
    std::vector<SuiteMutant> mutants;
    for (const std::string& file : files_of(files, {".spec"})) {
        specs.push_back(std::make_unique<Spec>(read({file, "", settings})));
        for (const Profile& profile : specs.back()->profiles) {
            if (profile.parent == subject && profile.where.source && profile.where.source->name == file)
                mutants.push_back(written_mutant(profile));
        }
    }
    if (mutants.empty()) throw UsageError(fmt::format("--mutants: no profile there extends '{}'", subject));
    return mutants;
}

int mutate_by_suites(const Spec& spec, const MutateArguments& arguments) {
    const Profile& profile = *spec.profile(spec.subject);
    ProgressLine progress;
    std::vector<JudgingSuite> suites;
    for (const std::string& name : arguments.walks.suites) {
        progress.activity("suite " + name);
        suites.push_back(judging_suite(spec, arguments, name));
    }
    SuiteMutationOptions options;
    options.limits = limits_for(profile, arguments, suites);
    options.max_states = std::min(arguments.max_states, most_compared);
    options.jobs = arguments.jobs;
    options.stop = interrupted;
    options.progress = [&](std::size_t done, std::size_t all) {
        progress.activity(fmt::format("{} of {} mutants tried", done, all));
    };
    std::vector<std::unique_ptr<Spec>> specs;
    std::vector<SuiteMutant> mutants =
        arguments.mutants.empty() ? suite_mutants(profile, operators_named(arguments.operators, all_operators))
                                  : written_mutants(arguments.mutants, arguments.settings, spec.subject, specs);
    const std::size_t all = mutants.size();
    if (arguments.sample > 0) mutants = sample_of(std::move(mutants), arguments.sample, arguments.walks.seed);
    SuiteMutationReport report = score_suites(profile, mutants, std::move(suites), options);
    report.sample_of = mutants.size() < all ? all : 0;
    progress.clear();
    const std::string told =
        arguments.json ? suite_mutation_json(report).text() : suite_mutation_text(report, arguments.all);
    std::fputs(told.c_str(), stdout);
    if (report.interrupted || report.count(Survival::undecided) > 0) return exit_limit;
    const bool judged = std::any_of(report.suites.begin(), report.suites.end(),
                                    [](const SuiteTally& suite) { return suite.vectors > 0; });
    return judged ? exit_ok : exit_vacuous;
}

}  // namespace lastack
