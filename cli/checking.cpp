#include "cli/checking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "cli/memory.h"
#include "cli/rule_examination.h"
#include "cli/session.h"
#include "generators/itf.h"
#include "report/check_text.h"
#include "report/mermaid.h"
#include "report/svg_ladder.h"

namespace lastack {

Spec read_and_analyse(const std::string& path, const std::string& subject) {
    Spec spec = read_spec(path, subject);
    RuleExamination(spec, false).finish();
    return spec;
}

namespace {

Bounds bounds_of(const CheckArguments& arguments, ProgressLine& progress) {
    Bounds bounds;
    bounds.max_states = arguments.max_states;
    bounds.max_bytes = arguments.memory > 0 ? arguments.memory : memory_at_hand();
    bounds.threads = arguments.threads;
    bounds.stop = interrupted;
    bounds.progress = [&](const Progress& so_far) { progress.states(so_far); };
    return bounds;
}

// Refuses names that the spec does not have. `kind`: of what, "claim".
void require_known(const std::string& file, const std::string& kind, const std::vector<std::string>& given,
                   const std::vector<std::string>& known) {
    for (const std::string& name : given) {
        if (std::find(known.begin(), known.end(), name) != known.end()) continue;
        Where where;
        where.source = std::make_shared<const SourceText>(SourceText{file, ""});
        throw SpecError(where, fmt::format("no {} '{}'", kind, name), did_you_mean(name, known));
    }
}

CheckReport check_beside(const RuleExamination& rules, const Spec& spec, const CheckArguments& arguments,
                         Checkpoint* checkpoint) {
    std::vector<std::string> claims, systems;
    for (const Claim& claim : spec.claims) claims.push_back(claim.id);
    for (const SystemDecl& system : spec.systems) systems.push_back(system.name);
    require_known(arguments.spec, "claim", arguments.claims, claims);
    require_known(arguments.spec, "system", arguments.systems, systems);
    ProgressLine progress;
    CheckOptions options;
    options.only_claims = arguments.claims;
    options.only_systems = arguments.systems;
    options.bounds = bounds_of(arguments, progress);
    options.bounds.stop = [&] { return interrupted() || rules.found_flaws(); };
    options.bounds.checkpoint = checkpoint;
    options.bounds.max_table_bytes = arguments.tables > 0 ? arguments.tables : options.bounds.max_bytes / 4;
    options.symmetry = arguments.symmetry;
    options.activity = [&](const std::string& what) { progress.activity(what); };
    return check(spec, options);
}

}  // namespace

CheckReport run_check(const Spec& spec, const CheckArguments& arguments, Checkpoint* checkpoint) {
    // Not beside what is kept: a checkpoint of a spec that has to be mended is of no use.
    RuleExamination rules(spec, arguments.threads > 1 && !checkpoint);
    try {
        CheckReport report = check_beside(rules, spec, arguments, checkpoint);
        rules.finish();
        return report;
    } catch (...) {
        rules.finish();  // rules that contradict each other are the cause of whatever went wrong meanwhile
        throw;
    }
}

std::unique_ptr<Checkpoint> open_checkpoint(const Spec& spec, const CheckArguments& arguments) {
    if (arguments.checkpoint.empty()) return nullptr;
    auto checkpoint = std::make_unique<Checkpoint>(
        arguments.checkpoint, arguments.checkpoint_every,
        fingerprint_of(spec, {arguments.claims, arguments.systems, arguments.symmetry, version}));
    if (const auto& found = checkpoint->found()) {
        fmt::print(stderr, "lastack: {}: system {} goes on at depth {}, with {} states\n", arguments.checkpoint,
                   found->system, found->depth, grouped(found->states));
    }
    return checkpoint;
}

bool is_complete(const CheckReport& report) {
    return !interrupted() && std::all_of(report.systems.begin(), report.systems.end(),
                                         [](const SystemResult& system) { return system.coverage.complete; });
}

UseReport run_use(const Spec& spec, const CheckArguments& arguments) {
    ProgressLine progress;
    progress.activity("coverage");
    return rule_use(spec, bounds_of(arguments, progress));
}

GoalReport run_cover(const Spec& spec, const CheckArguments& arguments) {
    ProgressLine progress;
    progress.activity("coverage goals");
    return cover_rules(spec, bounds_of(arguments, progress));
}

void print_traces(const Spec& spec, const CheckReport& report, bool all) {
    for (const CheckResult& result : report.claims) {
        const bool shown = result.trace && (all || result.answer == Answer::violated || !result.as_expected);
        if (shown) std::fputs(("\n" + trace_text(spec, result)).c_str(), stdout);
    }
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
        std::string name = result.claim->id;
        std::replace(name.begin(), name.end(), '/', '.');
        const std::string stem = (std::filesystem::path(directory) / name).string();
        write_file(stem + ".itf.json", to_itf(system, *result.trace, title));
        write_file(stem + ".mmd", mermaid(system, *result.trace, title));
        write_file(stem + ".svg", svg_ladder(system, *result.trace, title));
        ++written;
    }
    return written;
}

}  // namespace lastack
