#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>

#include "cli/checking.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "generators/suite.h"
#include "generators/suite_file.h"
#include "generators/vector_json.h"
#include "generators/walk_suite.h"
#include "report/check_text.h"
#include "report/suite_text.h"

namespace lastack {

SuiteOptions suite_options(const SuiteArguments& arguments) {
    SuiteOptions options;
    options.ip_versions = arguments.ip;
    options.iut = arguments.iut;
    options.look_us = static_cast<std::int64_t>(arguments.look * 1e6);
    return options;
}

void write_suite(const Suite& suite, const std::string& directory) {
    std::filesystem::create_directories(directory);
    for (const TestVector& vector : suite.vectors) {
        const std::string stem = (std::filesystem::path(directory) / file_stem(vector.id)).string();
        write_file(stem + ".json", to_json(vector));
        write_file(stem + ".pkt", to_packetdrill(vector));
        const std::vector<unsigned char> capture = to_pcapng(vector);
        write_file(stem + ".pcapng", std::string(capture.begin(), capture.end()));
    }
}

std::string suite_text(const Suite& suite) {
    std::string out = fmt::format("Test vectors: {} from {} traces (each end at which a claim shows, each IP\n"
                                  "  version; traces that are one exchange for a tester share a vector)\n",
                                  suite.vectors.size(), suite.traces);
    for (const NotMade& missing : suite.not_made)
        out += fmt::format("  none for {:<18} {}\n", missing.id + ":", missing.reason);
    return out;
}

std::string goals_text(const GoalReport& goals) {
    std::string never;
    for (const std::string& rule : goals.never_fired) never += (never.empty() ? "" : " ") + rule;
    return fmt::format("Coverage goals: {} (each rule in each state where it fires); rules that never fire: {}\n",
                       goals.goals.size(), never.empty() ? "none" : never) +
           (goals.coverage.complete ? ""
                                    : "  PARTIAL: there may be more; a limit was hit, or the run was interrupted\n");
}

namespace {

std::string walk_suite_text(const WalkSuiteResult& result) {
    std::string out = fmt::format("Suite {}: {} vectors of {} steps in all reach {} of {} goals\n", result.name,
                                  result.vectors, result.steps, result.reached, result.goals);
    const auto add = [&](const std::string& text) { out += "  " + wrapped(text, 2, 2) + "\n"; };
    add(result.guarantee);
    add(fmt::format("The endpoint has {} states, of which a tester can tell {} apart, and {} reactions.", result.states,
                    result.told_apart, result.reactions));
    if (result.siblings > 0)
        add(fmt::format("{} of the vectors lead to goals of others by another course that the profile leaves open.",
                        result.siblings));
    if (const CompleteSummary& of = result.complete; of.tests > 0) {
        add(fmt::format(
            "{} of {} reactions leave a choice: what follows them is not identified. {} are out of reach in "
            "time; {} tests identify in part; {} pairs of states are not told apart. The W method would take "
            "{} steps for the same reactions.",
            of.open, of.reactions, of.out_of_reach, of.identified_in_part, of.pairs_left, of.w_steps));
    }
    std::map<std::string, std::size_t> reasons;
    const bool of_tests = result.complete.tests > 0;  // then each entry says how many
    for (const NotMade& missing : result.suite.not_made) {
        if (of_tests) out += "  " + wrapped(fmt::format("{} not made: {}", missing.id, missing.reason), 2, 4) + "\n";
        ++reasons[missing.reason];
    }
    for (const auto& [reason, count] : reasons) {
        if (!of_tests) out += "  " + wrapped(fmt::format("{} goals not: {}", count, reason), 2, 4) + "\n";
    }
    return out;
}

// Vectors are written as they are made: a first line says what the suite is, then there is one a line. Beside it the
// goals without a vector.
WalkSuiteResult write_walk_suite(const Profile& profile, const WalkSuite& suite, WalkSuiteOptions options,
                                 const std::string& directory) {
    std::filesystem::create_directories(directory);
    const std::filesystem::path stem = std::filesystem::path(directory) / suite.name;
    Output file(stem.string() + ".jsonl");
    file.add(suite_head(suite, profile));
    ProgressLine progress;
    std::size_t made = 0;
    options.take = [&](const TestVector& vector) {
        file.add(to_json_line(vector));
        progress.activity(fmt::format("suite {}: {} vectors", suite.name, ++made));
        return true;
    };
    WalkSuiteResult result = make_walk_suite(profile, suite.name, options);
    file.finish();
    std::string missed;
    for (const NotMade& one : result.suite.not_made) missed += fmt::format("{}: {}\n", one.id, one.reason);
    write_file(stem.string() + ".missed.txt", missed);
    return result;
}

// Vectors are made until the one of that name is.
int explain(const Profile& profile, const GenerateArguments& arguments) {
    std::string text;
    WalkSuiteOptions options = walk_options(profile, arguments.walks, arguments.suite.ip);
    options.take = [&](const TestVector& vector) {
        if (vector.id == arguments.explained) text = explanation_text(vector, profile);
        return text.empty();
    };
    for (const std::string& suite : arguments.walks.suites)
        if (text.empty()) make_walk_suite(profile, suite, options);
    if (text.empty())
        throw UsageError(fmt::format("--explain: no vector '{}' in {}; a vector's name is the \"id\" on its line",
                                     arguments.explained, fmt::join(arguments.walks.suites, ", ")));
    std::fputs(text.c_str(), stdout);
    return exit_ok;
}

void require_directory(const GenerateArguments& arguments) {
    if (arguments.directory.empty()) throw UsageError("--output is required: the directory for the vectors");
}

int generate_walks(const GenerateArguments& arguments) {
    const Spec spec = read_and_analyse(arguments.check);
    require_tcp(spec);
    const Profile& profile = *spec.profile(spec.subject);
    if (!arguments.explained.empty()) return explain(profile, arguments);
    require_directory(arguments);
    std::vector<WalkSuiteResult> made;
    for (const WalkSuite& suite : walk_suites) {
        if (std::find(arguments.walks.suites.begin(), arguments.walks.suites.end(), suite.name) ==
            arguments.walks.suites.end())
            continue;
        try {
            made.push_back(write_walk_suite(profile, suite, walk_options(profile, arguments.walks, arguments.suite.ip),
                                            arguments.directory));
            std::fputs(walk_suite_text(made.back()).c_str(), stdout);
        } catch (const OutOfPatience&) {
            throw Interrupted("interrupted: suite " + suite.name + " was not made");
        } catch (const std::length_error& error) {
            throw Interrupted(fmt::format("suite {} was not made: {}", suite.name, error.what()));
        }
        std::fflush(stdout);
    }
    if (arguments.coverage) std::fputs(clauses_text(profile, made).c_str(), stdout);
    fmt::print("written to {}: SUITE.jsonl, a vector a line;\n  SUITE.missed.txt, the goals without one\n",
               arguments.directory);
    return exit_ok;
}

}  // namespace

int generate_verb(const GenerateArguments& arguments) {
    if (!arguments.walks.suites.empty()) return generate_walks(arguments);
    require_directory(arguments);
    if (arguments.coverage || !arguments.explained.empty())
        throw UsageError("--coverage and --explain are about suites: --suite NAME");
    const Spec spec = read(arguments.check);
    require_tcp(spec);  // first: what cannot be made should not cost a check
    const CheckReport report = run_check(spec, arguments.check);
    const SuiteOptions options = suite_options(arguments.suite);
    Suite suite = make_suite(spec, report, options);
    if (arguments.suite.cover) {
        const GoalReport goals = run_cover(spec, arguments.check);
        add_goals(spec, goals, options, suite);
        std::fputs(goals_text(goals).c_str(), stdout);
    }
    write_suite(suite, arguments.directory);
    std::fputs(suite_text(suite).c_str(), stdout);
    if (!suite.vectors.empty()) fmt::print("written to {}: .json, .pkt and .pcapng of each\n", arguments.directory);
    return interrupted() ? exit_limit : exit_code_of(report);
}

}  // namespace lastack
