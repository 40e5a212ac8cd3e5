#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <set>

#include "checker/mutation/mutation.h"
#include "cli/checking.h"
#include "cli/mutate_suites.h"
#include "cli/named_suites.h"
#include "cli/reports.h"
#include "cli/session.h"
#include "cli/verbs.h"
#include "report/mutation_text.h"

namespace lastack {

namespace {

[[noreturn]] void refuse(const std::string& file, const std::string& message, const std::string& name,
                         const std::vector<std::string>& known) {
    Where where;
    where.source = std::make_shared<const SourceText>(SourceText{file, ""});
    throw SpecError(where, message, did_you_mean(name, known));
}

template <typename T>
std::vector<std::string> names_of(const std::vector<T>& list) {
    std::vector<std::string> names;
    for (const T& each : list) names.push_back(each.name);
    return names;
}

// The spec with that profile as its subject, and with those systems and their claims only; none that count time, which
// mutants do not.
Spec narrowed(Spec spec, const MutateArguments& arguments) {
    for (const std::string& name : arguments.systems) {
        if (!spec.system(name))
            refuse(arguments.spec, fmt::format("no system '{}'", name), name, names_of(spec.systems));
    }
    std::set<std::string> kept;
    for (const SystemDecl& decl : spec.systems) {
        const auto& wanted = arguments.systems;
        const bool named = wanted.empty() || std::find(wanted.begin(), wanted.end(), decl.name) != wanted.end();
        if (named && !decl.network.timed()) kept.insert(decl.name);
    }
    std::erase_if(spec.systems, [&](const SystemDecl& decl) { return !kept.contains(decl.name); });
    std::erase_if(spec.claims, [&](const Claim& claim) { return !kept.contains(claim.system); });
    return spec;
}

}  // namespace

int mutate_verb(const MutateArguments& arguments) {
    if (!arguments.walks.suites.empty() && !arguments.reports.empty())
        throw UsageError("--report is of mutants that claims judge, not suites");
    if (!arguments.walks.suites.empty())
        return mutate_by_suites(read_for_suites(arguments, arguments.walks.suites), arguments);
    if (!arguments.mutants.empty()) throw UsageError("--mutants: they are judged by a suite: name one with --suite");
    if (arguments.sample > 0) throw UsageError("--sample: of mutants that a suite judges: name one with --suite");
    const Spec spec = narrowed(read_and_analyse(arguments), arguments);
    MutationOptions options;
    options.bounds.max_states = arguments.max_states;
    options.bounds.stop = interrupted;
    options.most_pairs = arguments.equivalence;
    options.jobs = arguments.jobs;
    options.operators = operators_named(arguments.operators, claim_operators);
    MutationReport report;
    {
        ProgressLine progress;
        progress.activity("mutants");
        options.progress = [&](std::size_t done, std::size_t all) {
            progress.activity(fmt::format("{} of {} mutants tried", done, all));
        };
        report = mutation_score(spec, options);
    }
    std::fputs((arguments.json ? mutation_json(report).text() : mutation_text(report, arguments.all)).c_str(), stdout);
    if (!arguments.reports.empty())
        write_pages(arguments.reports, html_mutation_text(version, *spec.profile(spec.subject), report));
    if (report.interrupted || report.count(Fate::undecided) > 0) return exit_limit;
    return report.claims.empty() ? exit_vacuous : exit_ok;
}

}  // namespace lastack
