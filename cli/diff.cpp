#include <fmt/format.h>

#include <cstdio>

#include "cli/checking.h"
#include "cli/reports.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/verbs.h"
#include "generators/diff_vector.h"
#include "report/diff_text.h"

namespace lastack {

namespace {

constexpr std::size_t shown_by_default = 10;

const Profile& chosen_profile(const Spec& spec, const std::string& name) {
    const Profile* profile = spec.profile(name.empty() ? spec.subject : name);
    if (profile) return *profile;
    std::vector<std::string> names;
    for (const Profile& one : spec.profiles) names.push_back(one.name);
    const std::string hint = did_you_mean(name, names);
    throw UsageError(fmt::format("no profile '{}' in the spec{}", name, hint.empty() ? "" : "; " + hint));
}

CompareOptions options_of(const DiffArguments& arguments, const Profile& a, const Profile& b) {
    CompareOptions options;
    options.max_states = arguments.max_states;
    options.states_observable = arguments.states;
    options.start = arguments.start;
    options.stop = interrupted;
    if (arguments.highest_unit >= 0) options.alphabet.highest_unit = arguments.highest_unit;
    if (!arguments.calls.empty()) options.alphabet.calls = arguments.calls;
    for (const std::string& call : arguments.calls) {
        if (!a.handler(Trigger::call, call) && !b.handler(Trigger::call, call))
            throw UsageError(fmt::format("neither profile handles a call '{}'", call));
    }
    for (const Profile* profile : {&a, &b}) {
        if (!arguments.start.empty() && profile->state(arguments.start) < 0)
            throw UsageError(fmt::format("profile {} has no state '{}'", profile->name, arguments.start));
    }
    return options;
}

int exit_code_of(Comparison::Verdict verdict) {
    switch (verdict) {
        case Comparison::Verdict::bisimilar: return exit_ok;
        case Comparison::Verdict::different: return exit_conformance;
        default: return exit_limit;
    }
}

Spec read_side(const std::string& file, const DiffArguments& arguments, const std::vector<std::string>& own) {
    std::vector<std::string> settings = arguments.settings;
    settings.insert(settings.end(), own.begin(), own.end());  // the last one counts
    return read_and_analyse({file, "", settings});
}

}  // namespace

int diff_verb(const DiffArguments& arguments) {
    const Spec spec_a = read_side(arguments.spec_a, arguments, arguments.settings_a);
    const Spec spec_b = read_side(arguments.spec_b, arguments, arguments.settings_b);
    const Profile& a = chosen_profile(spec_a, arguments.profile_a);
    const Profile& b = chosen_profile(spec_b, arguments.profile_b);
    const CompareOptions options = options_of(arguments, a, b);
    std::pair<Limits, Limits> limits;
    try {
        limits = shared_limits(a, b, limits_given(arguments.limits));
    } catch (const std::invalid_argument& error) {
        throw UsageError(error.what());
    }
    Comparison comparison = compare(a, limits.first, b, limits.second, options);
    const bool playable = !a.vocabulary.own();  // vectors are TCP's
    if (!playable && !arguments.directory.empty()) require_tcp(spec_a);
    DiffTrial trial;
    if (playable) trial = find_playable(comparison, {4, 100}, interrupted);
    DiffReport report;
    report.comparison = &comparison;
    report.trial = &trial;
    report.declared = declared_differences(a, b);
    report.shown = arguments.all ? comparison.further.size() : shown_by_default;
    Suite suite;
    for (const int side : {0, 1}) {
        if (!comparison.distinction || !playable) break;
        for (const int ip : arguments.ip) {
            report.vectors[side].push_back(diff_vector(comparison, side, {ip, 100}));
            if (const auto& vector = report.vectors[side].back().vector) suite.vectors.push_back(*vector);
        }
    }
    std::fputs((arguments.json ? diff_json(report).text() : diff_text(report)).c_str(), stdout);
    if (!arguments.reports.empty()) write_pages(arguments.reports, html_diff_text(version, a, b, report));
    if (!arguments.directory.empty()) {
        write_suite(suite, arguments.directory);
        if (!arguments.json && !suite.vectors.empty())
            fmt::print("\n{} vectors written to {}\n", suite.vectors.size(), arguments.directory);
    }
    return comparison.interrupted || interrupted() ? exit_limit : exit_code_of(comparison.verdict);
}

}  // namespace lastack
