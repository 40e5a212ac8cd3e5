#include "checker/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/path.h"
#include "checker/plain_claims.h"
#include "checker/recoverable.h"
#include "checker/watch.h"

namespace lastack {

namespace {

class SystemCheck {
public:
    SystemCheck(const Spec& spec, const SystemDecl& decl, const CheckOptions& options)
        : spec_(spec), decl_(decl), options_(options), system_(spec, decl), explorer_(system_) {}

    SystemResult run(const std::vector<const Claim*>& claims, std::vector<CheckResult>& results);

private:
    void decide_watched(WatchHooks& hooks, const Coverage& coverage, std::vector<CheckResult>& results);
    Trace trace_to(const Watch& watch);
    void decide_recoverable(const Claim& claim, const Coverage& coverage, std::vector<CheckResult>& results);
    std::vector<std::string> rules_not_fired(const WatchHooks& hooks) const;

    const Spec& spec_;
    const SystemDecl& decl_;
    const CheckOptions& options_;
    System system_;
    Explorer explorer_;
};

std::string limits_of_answer(const SystemDecl& decl, const Coverage& coverage) {
    if (coverage.interrupted) return "interrupted: only a part was explored";
    if (coverage.limited) return "the bound on states was hit: only a part was explored";
    if (coverage.cuts > 0) {
        return fmt::format("runs with more than {} segments in flight one way were cut", decl.network.capacity);
    }
    return "";
}

CheckResult start_result(const Spec& spec, const SystemDecl& decl, const Claim& claim, const Coverage& coverage) {
    CheckResult result;
    result.claim = &claim;
    result.profile = spec.subject;
    result.expected = claim.expected_for(spec.subject);
    result.coverage = coverage;
    result.note = limits_of_answer(decl, coverage);
    return result;
}

// A trace decides: a witness makes a `reachable` claim hold, a counterexample violates any other. Without one,
// only a complete exploration decides.
void finish(const Spec& spec, CheckResult result, std::optional<Trace> trace, std::vector<CheckResult>& results) {
    const bool looks_for = result.claim->kind == Claim::Kind::reachable;
    if (trace) {
        confirm(PlainSystem(spec, *spec.system(result.claim->system)), *result.claim, *trace);
        result.answer = looks_for ? Answer::holds : Answer::violated;
        result.note.clear();  // a trace decides, however much was explored
    } else if (result.coverage.complete) {
        result.answer = looks_for ? Answer::violated : Answer::holds;
    }
    const bool same = result.answer != Answer::unknown && (result.answer == Answer::holds) == result.expected.holds;
    const bool length =
        result.expected.shortest < 0 || (trace && static_cast<int>(trace->steps.size()) == result.expected.shortest);
    result.as_expected = same && length;
    result.trace = std::move(trace);
    results.push_back(std::move(result));
}

SystemResult SystemCheck::run(const std::vector<const Claim*>& claims, std::vector<CheckResult>& results) {
    if (options_.activity) options_.activity("system " + decl_.name);
    WatchHooks hooks(system_, claims);
    SystemResult result;
    result.system = &decl_;
    result.coverage = explorer_.run(options_.bounds, hooks);
    result.rules_not_fired = rules_not_fired(hooks);
    decide_watched(hooks, result.coverage, results);
    for (const Claim* claim : claims) {
        if (claim->kind == Claim::Kind::recoverable) decide_recoverable(*claim, result.coverage, results);
    }
    return result;
}

Trace SystemCheck::trace_to(const Watch& watch) {
    WalkAgain none;
    std::vector<SystemState> states = states_on_path(explorer_, watch.found->index, none);
    Trace trace = trace_along(system_, states, none);
    if (!watch.found->next) return trace;
    bool found = false;
    system_.expand(states.back(), [&](const SystemState& next, const SystemStep& step) {
        if (found || next != *watch.found->next || watch.code.holds({&states.back(), &next, &step})) return;
        trace.steps.push_back(step_of(system_, next, step));
        found = true;
    });
    return trace;
}

void SystemCheck::decide_watched(WatchHooks& hooks, const Coverage& coverage, std::vector<CheckResult>& results) {
    for (const auto& watch : hooks.watches()) {
        std::optional<Trace> trace;
        if (watch->found) trace = trace_to(*watch);
        finish(spec_, start_result(spec_, decl_, *watch->claim, coverage), std::move(trace), results);
    }
}

void SystemCheck::decide_recoverable(const Claim& claim, const Coverage& coverage, std::vector<CheckResult>& results) {
    if (options_.activity) options_.activity("claim " + claim.id);
    CheckResult result = start_result(spec_, decl_, claim, coverage);
    std::optional<Trace> trace;
    if (coverage.complete) {
        const Recovery recovery =
            find_unrecoverable(system_, explorer_, ClaimCode(system_, claim.stages.front()), options_.bounds);
        if (!recovery.complete) {
            result.coverage.complete = false;
            result.note = "interrupted";
        }
        WalkAgain none;
        if (recovery.lost && coverage.cuts > 0) {
            result.coverage.complete = false;  // a step that was cut may have been the way out
        } else if (recovery.lost) {
            trace = trace_along(system_, states_on_path(explorer_, *recovery.lost, none), none);
        }
    }
    finish(spec_, std::move(result), std::move(trace), results);
}

std::vector<std::string> SystemCheck::rules_not_fired(const WatchHooks& hooks) const {
    std::set<std::string> fired;
    const Profile* subject = nullptr;
    for (int end = 0; end < 2; ++end) {
        if (system_.machine(end).profile().name != spec_.subject) continue;
        subject = &system_.machine(end).profile();
        for (const std::uint32_t label : hooks.labels_used(end)) {
            const std::vector<std::string>& rules = system_.machine(end).label(label).rules;
            fired.insert(rules.begin(), rules.end());
        }
    }
    std::vector<std::string> missing;
    if (!subject) return missing;
    for (const Handler& handler : subject->handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                if (!fired.contains(rule.name)) missing.push_back(rule.name);
            }
        }
    }
    return missing;
}

void decide_staged(const Spec& spec, const SystemDecl& decl, const Claim& claim, const CheckOptions& options,
                   std::vector<CheckResult>& results) {
    if (options.activity) options.activity("claim " + claim.id);
    System system(spec, decl);
    MonitorHooks hooks(system, claim);
    Explorer explorer(system, hooks.stages());
    const Coverage coverage = explorer.run(options.bounds, hooks);
    std::optional<Trace> trace;
    if (hooks.found()) trace = trace_along(system, states_on_path(explorer, *hooks.found(), hooks), hooks);
    finish(spec, start_result(spec, decl, claim, coverage), std::move(trace), results);
}

bool needs_monitor(const Spec& spec, const SystemDecl& decl, const Claim& claim) {
    if (claim.kind != Claim::Kind::reachable) return false;
    if (claim.stages.size() > 1) return true;
    System system(spec, decl);
    return ClaimCode(system, claim.stages.front()).reads_step();
}

}  // namespace

std::string to_string(Answer answer) {
    switch (answer) {
        case Answer::holds: return "holds";
        case Answer::violated: return "violated";
        default: return "unknown";
    }
}

CheckReport check(const Spec& spec, const CheckOptions& options) {
    CheckReport report;
    report.subject = spec.subject;
    std::vector<const Claim*> wanted;
    for (const Claim& claim : spec.claims) {
        const auto& only = options.only_claims;
        if (only.empty() || std::find(only.begin(), only.end(), claim.id) != only.end()) wanted.push_back(&claim);
    }
    for (const SystemDecl& decl : spec.systems) {
        std::vector<const Claim*> plain, staged;
        for (const Claim* claim : wanted) {
            if (claim->system == decl.name) (needs_monitor(spec, decl, *claim) ? staged : plain).push_back(claim);
        }
        if (plain.empty() && staged.empty()) continue;
        report.systems.push_back(SystemCheck(spec, decl, options).run(plain, report.claims));
        for (const Claim* claim : staged) decide_staged(spec, decl, *claim, options, report.claims);
    }
    std::stable_sort(report.claims.begin(), report.claims.end(), [](const CheckResult& a, const CheckResult& b) {
        return a.claim < b.claim;  // the order of the spec: claims are one array
    });
    return report;
}

}  // namespace lastack
