#include "cli/suites.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <limits>
#include <numeric>

#include "cli/checking.h"
#include "cli/requirement.h"
#include "cli/session.h"
#include "generators/suite_file.h"
#include "generators/vector_json.h"
#include "harness/adapter_link.h"
#include "harness/capabilities.h"
#include "harness/targets.h"
#include "model/file_text.h"
#include "model/settings.h"
#include "report/check_text.h"
#include "report/goal_tally.h"
#include "report/run_text.h"

namespace lastack {

namespace {
constexpr int tries_when_inconclusive = 3;
}

std::vector<std::string> files_of(const std::vector<std::string>& named, const std::set<std::string>& endings) {
    std::vector<std::string> files;
    for (const std::string& name : named) {
        if (!std::filesystem::is_directory(name)) {
            files.push_back(name);
            continue;
        }
        std::vector<std::string> inside;
        for (const auto& entry : std::filesystem::directory_iterator(name))
            if (endings.contains(entry.path().extension().string())) inside.push_back(entry.path().string());
        std::sort(inside.begin(), inside.end());
        files.insert(files.end(), inside.begin(), inside.end());
    }
    return files;
}

namespace {

// A document in its first line and more behind it: a vector fills lines, or the one line that there is.
bool is_suite(const std::string& text) {
    const std::size_t end = text.find('\n');
    return end != std::string::npos && end + 1 < text.size() && end > 0 && text[end - 1] == '}';
}

}  // namespace

std::vector<TestVector> read_vectors(const std::string& file) {
    const bool piped = file == "-";
    const std::size_t most = std::size_t{file.ends_with(".jsonl") ? 4096U : 64U} << 20U;  // a vector takes thousands
    const FileText content = piped ? FileText{standard_input(most + 1), ""} : file_text(file, most + 1, FileKind::any);
    const bool suite = file.ends_with(".jsonl") || (piped && is_suite(content.text));
    if (!content.trouble.empty()) throw VectorFormatError(file + ": cannot be read: " + content.trouble);
    if (content.text.size() > most) throw VectorFormatError(fmt::format("{}: larger than {} MiB", file, most >> 20U));
    try {
        if (suite) return suite_from_lines(content.text);
        return {vector_from_json(content.text)};
    } catch (const VectorFormatError& error) {
        throw VectorFormatError(file + ": " + error.what());
    }
}

namespace {

// The language knows no suites. Walks by lot are none, and explore what they walk through as a suite does.
void require_suite(const std::string& name, const Limit& limit) {
    std::vector<std::string> known = names_in(all_suites());
    known.push_back(walks_by_lot);
    if (std::find(known.begin(), known.end(), name) != known.end()) return;
    throw SpecError(limit.where, fmt::format("limit '{}' is driven in '{}', which is no suite", limit.name, name),
                    did_you_mean(name, known));
}

// What the profile says of an end that is driven, and in its place what the user says. Throws UsageError for a limit
// that the profile has not, or a value out of its range.
std::map<std::string, int> limits_of_suite(const Profile& profile, const std::vector<std::string>& words) {
    std::map<std::string, int> limits = limits_of_a_driven_end(profile);
    for (const Limit& one : profile.limits) {
        for (const std::string& suite : one.driven_in) require_suite(suite, one);
    }
    for (const auto& [name, value] : limits_given(words)) {
        limits[name] = value;
        const auto limit = std::find_if(profile.limits.begin(), profile.limits.end(),
                                        [&, &wanted = name](const Limit& one) { return one.name == wanted; });
        if (limit == profile.limits.end()) {
            const std::string hint = did_you_mean(name, names_in(profile.limits));
            throw UsageError(fmt::format("--limit: profile '{}' has no limit '{}'{}", profile.name, name,
                                         hint.empty() ? "" : ", " + hint));
        }
        if (value < limit->low || value > limit->high)
            throw UsageError(
                fmt::format("--limit: '{}' lies in {}..{}, not at {}", name, limit->low, limit->high, value));
    }
    return limits;
}

}  // namespace

WalkSuiteOptions walk_options(const Profile& profile, const WalkArguments& arguments, const std::vector<int>& ip) {
    WalkSuiteOptions options;
    options.ip_versions = ip;
    options.waits = arguments.waits;
    options.seed = arguments.seed;
    options.unit_bytes = arguments.unit;
    options.moments = arguments.moments;
    options.only = arguments.only;
    options.limits = limits_of_suite(profile, arguments.limits);
    for (const std::string& one : arguments.also_under) {
        options.also_under.push_back(setting_given(one, "--also"));
        const SettingGiven& given = options.also_under.back();
        if (profile.setting(given.name) != nullptr) continue;
        const std::string hint = did_you_mean(given.name, names_in(profile.settings));
        throw UsageError(fmt::format("--also: profile '{}' has no setting '{}'{}", profile.name, given.name,
                                     hint.empty() ? "" : ", " + hint));
    }
    options.stop = interrupted;
    return options;
}

std::string size_text(const std::string& suite, const SuiteSize& size) {
    const std::string of = size.goals > 0
                               ? fmt::format("one for each of {} goals and IP version", grouped(size.goals))
                               : fmt::format("for {} reactions, and of each what tells the next state from the others",
                                             grouped(size.reactions));
    return wrapped(fmt::format("Suite {}: up to {} vectors, {}. The endpoint has {} states, of which a tester can tell "
                               "{} apart, and a tester {} inputs.",
                               suite, grouped(size.vectors), of, grouped(size.states), grouped(size.told_apart),
                               grouped(size.inputs)),
                   2, 2);
}

void require_part(const WalkArguments& arguments) {
    const auto& suites = arguments.suites;
    if (std::find(suites.begin(), suites.end(), "complete+1") != suites.end() && arguments.only.empty())
        throw UsageError("--suite complete+1 has a test for each pair of reactions:\n"
                         "  --only TEXT names a part of the endpoint, such as time-wait or last-ack/0");
}

namespace {

// How sim uses the freedom of its profile. Throws UsageError for a name that is no choice of the profile.
SimPlay play_of(const DriveArguments& drive, const Profile& profile) {
    SimPlay play;
    play.seed = drive.seed;
    if (drive.expiry == "early") play.expiry = SimPlay::Expiry::early;
    if (drive.expiry == "late") play.expiry = SimPlay::Expiry::late;
    if (drive.expiry == "lot") play.expiry = SimPlay::Expiry::by_lot;
    play.varies = drive.may.empty();
    if (drive.may.empty() || drive.may == std::vector<std::string>{"never"}) return play;
    if (drive.may == std::vector<std::string>{"always"} || drive.may == std::vector<std::string>{"lot"}) {
        play.may = drive.may.front() == "lot" ? SimPlay::May::by_lot : SimPlay::May::always;
        return play;
    }
    std::vector<std::string> choices;
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                if (rule.may) choices.push_back(rule.name);
            }
        }
    }
    for (const std::string& name : drive.may) {
        if (std::find(choices.begin(), choices.end(), name) != choices.end()) continue;
        const std::string hint = did_you_mean(name, choices);
        throw UsageError(fmt::format("--may: '{}' is no choice (`may`) of profile '{}'{}", name, profile.name,
                                     hint.empty() ? "" : ", " + hint));
    }
    play.taken = drive.may;
    return play;
}

}  // namespace

namespace {

std::unique_ptr<Target> target_for(const DriveArguments& drive, const Spec* spec, std::string& why) {
    if (const auto place = adapter_place(drive.target)) return make_adapter_target(*place, {});
    if (const auto kernel = vm_kernel_word(drive.target)) return make_vm_target(*kernel);
    if (drive.target != "sim") {
        try {
            auto target = make_linux_target();
            drop_capabilities();
            return target;
        } catch (const TargetUnavailable& error) {
            if (drive.target == "linux" || !spec) throw;
            why = error.what();
        }
    }
    if (!spec) throw TargetUnavailable("the target sim needs a spec whose profile it plays");
    const Profile& profile = *spec->profile(spec->subject);
    return make_sim_target(profile, limits_of(profile), play_of(drive, profile));
}

}  // namespace

std::unique_ptr<Target> choose_target(const DriveArguments& drive, const Spec* spec, std::string& why) {
    try {
        auto target = target_for(drive, spec, why);
        require_target(drive.require, *target, why);
        return target;
    } catch (const TargetUnavailable& error) {
        if (drive.require.empty()) throw;
        throw RequirementMissed(fmt::format("lastack: {} is required: {}", drive.require, error.what()));
    }
}

std::vector<TestRun> drive_suite(Target& target, const std::vector<TestVector>& vectors,
                                 const DriveArguments& arguments) {
    ProgressLine progress;
    return drive_quietly(target, vectors, arguments,
                         [&](std::size_t done, std::size_t all) { progress.runs(done, all); });
}

std::vector<TestRun> drive_quietly(Target& target, const std::vector<TestVector>& vectors,
                                   const DriveArguments& arguments,
                                   const std::function<void(std::size_t, std::size_t)>& progress) {
    DriveOptions options;
    // In virtual time an hour costs nothing.
    options.longest_us = target.virtual_time() ? std::numeric_limits<std::int64_t>::max() / 2
                                               : static_cast<std::int64_t>(arguments.longest * 1e6);
    options.company = arguments.company;
    options.tries = tries_when_inconclusive;
    options.stop = interrupted;
    options.progress = progress;
    return drive(target, vectors, options);
}

bool is_surprise(Verdict verdict, bool refuted_expected) {
    return verdict == (refuted_expected ? Verdict::pass : Verdict::fail);
}

void RunTally::add(Verdict verdict, bool refuted_expected) {
    ++count[static_cast<std::size_t>(verdict)];
    expected += refuted_expected && verdict == Verdict::fail;
    surprises += is_surprise(verdict, refuted_expected);
}

std::size_t RunTally::all() const { return std::accumulate(count.begin(), count.end(), std::size_t{0}); }

int exit_code_of(const RunTally& tally) {
    const auto of = [&](Verdict verdict) { return tally.count[static_cast<std::size_t>(verdict)]; };
    if (interrupted()) return exit_limit;
    if (tally.surprises > 0) return exit_conformance;
    if (of(Verdict::error) > 0) return exit_limit;
    if (tally.all() > 0 && of(Verdict::skipped) == tally.all()) return exit_skipped;
    return of(Verdict::inconclusive) > tally.other_courses ? exit_inconclusive : exit_ok;
}

std::string tally_text(const RunTally& tally) {
    const auto of = [&](Verdict verdict) { return tally.count[static_cast<std::size_t>(verdict)]; };
    std::string text = fmt::format("  {} vectors: {} confirmed, {} refuted ({} as expected), {} inconclusive,\n",
                                   tally.all(), of(Verdict::pass), of(Verdict::fail), tally.expected,
                                   of(Verdict::inconclusive) - tally.other_courses);
    if (tally.other_courses > 0)
        text += fmt::format("  {} on a course that was not taken, which leave nothing open,\n", tally.other_courses);
    return text + fmt::format("  {} skipped, {} errors\n", of(Verdict::skipped), of(Verdict::error));
}

RunTally tally_of(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    RunTally tally;
    for (std::size_t i = 0; i < runs.size(); ++i) tally.add(runs[i].verdict, vectors[i].refuted_expected);
    const std::vector<bool> others = on_other_courses(vectors, runs);
    tally.other_courses = static_cast<std::size_t>(std::count(others.begin(), others.end(), true));
    return tally;
}

std::string target_text(const Target& target, const std::string& why) {
    if (why.empty()) return wrapped("Target: " + target.description(), 0, 2) + "\n";
    return wrapped(fmt::format("Target: {}, NOT the running kernel: {}", target.name(), target.description()), 0, 2) +
           "\n  " + wrapped(fmt::format("(not the running kernel: {})", why), 2, 3) + "\n";
}

std::string outcome_text(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    return runs_text(vectors, runs) + tally_text(tally_of(vectors, runs)) + goal_tally_text(goal_tally(vectors, runs));
}

}  // namespace lastack
