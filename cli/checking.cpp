#include "cli/checking.h"

#include <fmt/format.h>

#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/memory.h"
#include "cli/output.h"
#include "cli/rule_examination.h"
#include "cli/session.h"
#include "cli/shipped_specs.h"
#include "generators/itf.h"
#include "generators/suite.h"
#include "model/endpoint.h"
#include "model/language/read_spec.h"
#include "model/names_told.h"
#include "model/source.h"
#include "report/check_text.h"
#include "report/mermaid.h"
#include "report/svg_ladder.h"

namespace lastack {

namespace {

Where place_of(const std::string& file) {
    Where where;
    where.source = std::make_shared<const SourceText>(SourceText{file, ""});
    return where;
}

Bounds bounds_of(const CheckArguments& arguments, ProgressLine& progress) {
    Bounds bounds;
    bounds.max_states = arguments.max_states;
    bounds.max_bytes = arguments.memory > 0 ? arguments.memory : memory_at_hand();
    bounds.threads = arguments.threads;
    bounds.stop = interrupted;
    bounds.progress = [&](const Progress& so_far) { progress.states(so_far); };
    return bounds;
}

// What a name that is not known may mean: those that go on where it ends, or one that is spelled much the same.
std::string advice_on(const std::string& name, const std::vector<std::string>& known) {
    std::string longer;
    for (const std::string& each : known) {
        if (each.starts_with(name)) longer += (longer.empty() ? "" : ", ") + each;
    }
    return longer.empty() ? near_or_all(name, known) : "there are: " + longer;
}

// Refuses names that the spec does not have. `kind`: of what, "claim".
void require_known(const std::string& file, const std::string& kind, const std::vector<std::string>& given,
                   const std::vector<std::string>& known) {
    for (const std::string& name : given) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        throw SpecError(place_of(file), fmt::format("no {} '{}'", kind, name), advice_on(name, known));
    }
}

// A name that is neither a file nor a shipped spec: which specs are shipped? What has a folder is a file's.
void require_there(const std::string& path) {
    std::error_code unknown;
    const std::filesystem::path named = path;
    const std::filesystem::file_type found = std::filesystem::symlink_status(named, unknown).type();
    if (named.has_parent_path() || found != std::filesystem::file_type::not_found) return;
    const std::vector<std::string> specs = shipped_spec_names();
    throw SpecError(place_of(path), "cannot read the file: No such file or directory",
                    specs.empty() ? "" : "shipped specs: " + near_or_all(named.stem().string(), specs));
}

std::vector<std::string> systems_of(const Spec& spec) {
    std::vector<std::string> names;
    for (const SystemDecl& system : spec.systems) names.push_back(system.name);
    return names;
}

// The systems of these names with one of these claims; all, where no claim and no name is given.
std::vector<const SystemDecl*> systems_asked(const Spec& spec, const std::vector<std::string>& claims,
                                             const std::vector<std::string>& names) {
    const auto among = [](const std::vector<std::string>& list, const std::string& name) {
        return list.empty() || std::find(list.begin(), list.end(), name) != list.end();
    };
    std::vector<const SystemDecl*> asked;
    for (const SystemDecl& system : spec.systems) {
        const bool claimed =
            claims.empty() || std::any_of(spec.claims.begin(), spec.claims.end(), [&](const Claim& claim) {
                return claim.system == system.name && among(claims, claim.id);
            });
        if (claimed && among(names, system.name)) asked.push_back(&system);
    }
    return asked;
}

CheckReport check_beside(const RuleExamination& rules, const Spec& spec, const CheckArguments& arguments,
                         ProgressLine& progress) {
    std::vector<std::string> claims;
    for (const Claim& claim : spec.claims) claims.push_back(claim.id);
    require_known(arguments.spec, "claim", arguments.claims, claims);
    require_known(arguments.spec, "system", arguments.systems, systems_of(spec));
    CheckOptions options;
    options.only_claims = arguments.claims;
    options.only_systems = arguments.systems;
    options.bounds = bounds_of(arguments, progress);
    options.bounds.stop = [&] { return interrupted() || rules.found_flaws(); };
    options.symmetry = arguments.symmetry;
    options.fail_fast = arguments.fail_fast;
    std::string now;
    options.activity = [&](const std::string& what) {
        now = what;
        progress.activity(what);
    };
    try {
        return check(spec, options);
    } catch (const ModelError& error) {
        throw ModelError(
            fmt::format("{}: {}\n  a profile that is made for an end that is driven may not fit a system's "
                        "limits: --system and --claim choose others",
                        now, error.what()));
    }
}

}  // namespace

std::string standard_input(std::size_t most) {
    std::string text;
    while (text.size() < most) {
        struct pollfd waits[] = {{STDIN_FILENO, POLLIN, 0}, {interrupt_descriptor(), POLLIN, 0}};
        ::poll(waits, 2, -1);
        if (interrupted()) throw Interrupted("standard input was not read to its end");
        char piece[65536];
        const ssize_t count = ::read(STDIN_FILENO, piece, sizeof piece);
        if (count == 0) break;
        if (count > 0) text.append(piece, static_cast<std::size_t>(count));
        if (count < 0 && errno != EINTR && errno != EAGAIN)
            throw std::filesystem::filesystem_error("cannot read", "standard input",
                                                    std::error_code(errno, std::generic_category()));
    }
    return text;
}

Spec read(const SpecArguments& arguments) {
    if (arguments.spec != "-") {
        const std::string path = spec_path(arguments.spec);
        require_there(path);
        return read_spec(path, arguments.profile, arguments.settings);
    }
    return parse_spec(standard_input(largest_source + 1), "standard input", arguments.profile, arguments.settings);
}

Spec read_and_analyse(const SpecArguments& arguments) {
    Spec spec = read(arguments);
    ProgressLine progress;
    progress.activity("rules");
    RuleExamination(spec, systems_asked(spec, {}, {}), false).finish();
    return spec;
}

const SystemDecl& system_named(const Spec& spec, const std::string& file, const std::string& name) {
    require_known(file, "system", {name}, systems_of(spec));
    return *spec.system(name);
}

CheckReport run_check(const Spec& spec, const CheckArguments& arguments) {
    ProgressLine progress;
    progress.activity("rules");
    RuleExamination rules(spec, systems_asked(spec, arguments.claims, arguments.systems), arguments.threads > 1);
    try {
        CheckReport report = check_beside(rules, spec, arguments, progress);
        rules.finish();
        return report;
    } catch (...) {
        rules.finish();  // rules that contradict each other are the cause of whatever went wrong meanwhile
        throw;
    }
}

UseReport run_use(const Spec& spec, const CheckArguments& arguments) {
    ProgressLine progress;
    progress.activity("coverage");
    return rule_use(spec, bounds_of(arguments, progress));
}

GoalReport run_cover(const Spec& spec, const CheckArguments& arguments) {
    ProgressLine progress;
    progress.activity("coverage goals");
    return cover_rules(spec, bounds_of(arguments, progress), arguments.systems);
}

std::string traces_text(const Spec& spec, const CheckReport& report, bool all) {
    std::string text;
    for (const CheckResult& result : report.claims) {
        const bool shown = result.trace && (all || result.answer == Answer::violated || !result.as_expected);
        if (shown) text += "\n" + trace_text(spec, result);
    }
    return text;
}

std::size_t save_traces(const Spec& spec, const CheckReport& report, const std::string& directory) {
    std::filesystem::create_directories(directory);
    std::size_t written = 0;
    for (const CheckResult& result : report.claims) {
        if (!result.trace) continue;
        const PlainSystem system(spec, *spec.system(result.claim->system));
        const bool witness = result.claim->kind == Claim::Kind::reachable;
        const std::string title = fmt::format("{} {}: {}", witness ? "Witness of" : "Counterexample to",
                                              result.claim->id, result.claim->sentence);
        const std::string stem = (std::filesystem::path(directory) / file_stem(result.claim->id)).string();
        write_file(stem + ".itf.json", to_itf(system, *result.trace, title));
        write_file(stem + ".mmd", mermaid(system, *result.trace, title));
        write_file(stem + ".svg", svg_ladder(system, *result.trace, title));
        ++written;
    }
    return written;
}

std::map<std::string, int> limits_given(const std::vector<std::string>& words) {
    std::map<std::string, int> limits;
    for (const std::string& word : words) {
        const std::size_t sign = word.find('=');
        int value = 0;
        const char* begin = word.data() + (sign == std::string::npos ? word.size() : sign + 1);
        const auto [end, error] = std::from_chars(begin, word.data() + word.size(), value);
        if (sign == 0 || begin == word.data() + word.size() || error != std::errc{} || end != word.data() + word.size())
            throw UsageError(fmt::format("--limit wants NAME=NUMBER, not '{}'", word));
        limits[word.substr(0, sign)] = value;
    }
    return limits;
}

}  // namespace lastack
