#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <map>
#include <optional>
#include <stdexcept>

#include "cli/checking.h"
#include "cli/named_suites.h"
#include "cli/output.h"
#include "cli/session.h"
#include "cli/suites.h"
#include "cli/vector_files.h"
#include "generators/numbers.h"
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

std::string write_suite(const Suite& suite, const std::string& directory, const std::vector<std::string>& forms) {
    VectorFiles files(directory, (std::filesystem::path(directory) / "vectors").string(), forms_named(forms, true));
    for (const TestVector& vector : suite.vectors) files.add(vector);
    files.finish();
    return files.text();
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
    if (result.states > 0)
        add(fmt::format("The endpoint has {} states, of which a tester can tell {} apart, and {} reactions.",
                        result.states, result.told_apart, result.reactions));
    if (result.siblings > 0)
        add(fmt::format("{} of the vectors lead to goals of others by another course that the profile leaves open.",
                        result.siblings));
    if (const CompleteSummary& of = result.complete; of.tests > 0) {
        add(fmt::format(
            "{} of {} reactions leave a choice: their courses are identified once for their rules. {} are out of reach "
            "in "
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

// What makes the suite smaller. Limits are those that the profile declares.
std::string smaller_text(const Profile& profile, const WalkSuiteOptions& options, const std::string& suite) {
    std::string limits;
    for (const Limit& limit : profile.limits) {
        if (limit.low == limit.high) continue;
        const auto given = options.limits.find(limit.name);
        const int value = given == options.limits.end() ? limits_of(profile).at(limit.name) : given->second;
        if (value > limit.low) limits += fmt::format("{}{}={}", limits.empty() ? "" : " ", limit.name, value);
    }
    std::string out = "--only TEXT takes a part of it";
    if (!limits.empty()) out += fmt::format(", --limit NAME=NUMBER less than {}", limits);
    if (options.ip_versions.size() > 1) out += ", --ip 4 one IP version";
    if (suite == "exhaustive") out += "; the suite complete takes one input of each class";
    return out + "; lastack run --suite drives all of it and needs no files.";
}

std::string paragraph(const std::string& text) { return "\n  " + wrapped(text, 2, 2); }

// Throws std::length_error where there would be more vectors, or files of other forms, than --most allows.
void require_room(const std::string& suite, const GenerateArguments& arguments, const SuiteSize& size) {
    const std::uint64_t files = size.vectors * std::max<std::size_t>(forms_named(arguments.forms, false).size(), 1);
    if (files <= arguments.most) return;
    throw std::length_error(wrapped(fmt::format("up to {} {}, more than --most {}", grouped(files),
                                                arguments.forms.empty() ? "vectors" : "files (--as)", arguments.most),
                                    20, 2) +
                            paragraph(size_text(suite, size)));
}

// The vectors of a suite on their way into files: a first line says what the suite is, then there is one a line; other
// forms are files of a directory. Nothing is there before the size is known.
class SuiteFiles {
public:
    SuiteFiles(const GenerateArguments& arguments, const WalkSuite& suite, const Profile& profile)
        : suite_(suite.name), head_(suite_head(suite, profile)),
          stem_((std::filesystem::path(arguments.directory) / suite.name).string()),
          forms_(forms_named(arguments.forms, false)) {
        if (arguments.walks.numbers) numbers_.emplace(*arguments.walks.numbers);
    }
    void add(TestVector vector) {
        open();
        if (numbers_) numbers_->put(vector);
        lines_->add(to_json_line(vector));
        if (files_) files_->add(vector);
        progress_.activity(fmt::format("suite {}: {} vectors", suite_, ++made_));
    }
    // What a form could not say.
    std::string finish(const std::vector<NotMade>& not_made) {
        progress_.clear();
        open();
        lines_->finish();
        std::string missed;
        for (const NotMade& one : not_made) missed += fmt::format("{}: {}\n", one.id, one.reason);
        write_file(stem_ + ".missed.txt", missed);
        if (!files_) return "";
        files_->finish();
        return files_->text();
    }

private:
    void open() {
        if (lines_) return;
        std::filesystem::create_directories(std::filesystem::path(stem_).parent_path());
        lines_.emplace(stem_ + ".jsonl");
        lines_->add(head_);
        if (!forms_.empty()) files_.emplace(stem_, stem_, forms_);
    }

    std::string suite_, head_, stem_;
    std::vector<const VectorForm*> forms_;
    std::optional<Numbers> numbers_;
    std::optional<Output> lines_;
    std::optional<VectorFiles> files_;
    ProgressLine progress_;
    std::size_t made_ = 0;
};

WalkSuiteResult write_walk_suite(const Spec& spec, const GenerateArguments& arguments, const std::string& suite) {
    const Profile& profile = *spec.profile(spec.subject);
    const WalkSuite known = suite_named(suite);
    SuiteFiles files(arguments, known, profile);
    WalkSuiteOptions options = walk_options(profile, arguments.walks, arguments.suite.ip);
    options.sized = [&](const SuiteSize& size) { require_room(known.name, arguments, size); };
    options.take = [&](TestVector vector) {
        files.add(std::move(vector));
        return true;
    };
    WalkSuiteResult result;
    try {
        result = make_named_suite({spec, arguments.check, arguments.walks.suites}, suite, options);
    } catch (const std::length_error& error) {
        const std::string what = error.what();
        throw std::length_error((what.find('\n') == std::string::npos ? wrapped(what, 20, 2) : what) +
                                paragraph("Smaller: " + smaller_text(profile, options, known.name)));
    }
    const std::string missed = files.finish(result.suite.not_made);
    std::fputs((walk_suite_text(result) + missed).c_str(), stdout);
    return result;
}

// Vectors are made until the one of that name is.
int explain(const Spec& spec, const GenerateArguments& arguments) {
    std::string text;
    const Profile& profile = *spec.profile(spec.subject);
    WalkSuiteOptions options = walk_options(profile, arguments.walks, arguments.suite.ip);
    options.take = [&](const TestVector& vector) {
        if (vector.id == arguments.explained) text = explanation_text(vector, profile);
        return text.empty();
    };
    for (const std::string& suite : arguments.walks.suites)
        if (text.empty()) make_named_suite({spec, arguments.check, arguments.walks.suites}, suite, options);
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
    require_part(arguments.walks);
    const Spec spec = read_for_suites(arguments.check, arguments.walks.suites);
    if (!arguments.explained.empty()) return explain(spec, arguments);
    require_directory(arguments);
    std::vector<WalkSuiteResult> made;
    for (const std::string& suite : arguments.walks.suites) {
        try {
            made.push_back(write_walk_suite(spec, arguments, suite));
        } catch (const OutOfPatience&) {
            throw Interrupted("interrupted: suite " + suite + " was not made");
        }
        std::fflush(stdout);
    }
    if (arguments.coverage) std::fputs(clauses_text(*spec.profile(spec.subject), made).c_str(), stdout);
    fmt::print("written to {}: SUITE.jsonl, a vector a line;\n  SUITE.missed.txt, the goals without one{}\n",
               arguments.directory, arguments.forms.empty() ? "" : "; SUITE/, the other forms");
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
    if (arguments.walks.numbers) {
        Numbers numbers(*arguments.walks.numbers);
        for (TestVector& vector : suite.vectors) numbers.put(vector);
    }
    const std::vector<std::string>& forms = arguments.forms.empty() ? usual_forms : arguments.forms;
    const std::string missed = write_suite(suite, arguments.directory, forms);
    std::fputs(suite_text(suite).c_str(), stdout);
    std::string endings = ".json";
    for (const VectorForm* form : forms_named(forms, false)) endings += ", " + form->ending;
    if (!suite.vectors.empty()) fmt::print("written to {}:\n  {}\n{}", arguments.directory, endings, missed);
    return interrupted() ? exit_limit : exit_code_of(report);
}

}  // namespace lastack
