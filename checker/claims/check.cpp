#include "checker/claims/check.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <set>

#include "checker/claims/decide.h"
#include "checker/claims/liveness.h"
#include "checker/claims/vacuity.h"
#include "checker/claims/watch.h"
#include "checker/trace/path.h"
#include "checker/trace/plain_claims.h"
#include "checker/trace/plain_liveness.h"
#include "checker/zones/timed_claims.h"

namespace lastack {

namespace {

// What the exploration says of a claim, until its trace is made as cheap as it can be.
struct Decided {
    CheckResult result;  // without what depends on the trace
    std::optional<Trace> trace;
    std::optional<CheapestGoal> goal;  // what the trace leads to
};

class SystemCheck {
public:
    SystemCheck(const Spec& spec, const SystemDecl& decl, const CheckOptions& options)
        : spec_(spec), decl_(decl), options_(options), system_(spec, decl), explorer_(system_) {}

    SystemResult run(const std::vector<const Claim*>& claims, std::vector<CheckResult>& results);

private:
    bool fails(const WatchHooks& hooks, const Premises& premises) const;
    bool fails(const std::vector<Decided>& decided) const;
    void decide_watched(WatchHooks& hooks, const Premises& premises, const Coverage& coverage,
                        std::vector<Decided>& decided);
    Trace trace_to(const Watch& watch);
    Decided decide_after(const Claim& claim, SharedStateIndex& index, const Coverage& coverage,
                         const Premises& premises, const WatchHooks& hooks);
    std::vector<std::string> rules_not_fired(const WatchHooks& hooks) const;

    const Spec& spec_;
    const SystemDecl& decl_;
    const CheckOptions& options_;
    System system_;
    Explorer explorer_;
};

// Mirror images are counted once where nothing tells them apart and no claim asks for each
// state or step of the whole graph.
std::optional<std::string> why_not_mirrored(const Spec& spec, const SystemDecl& decl,
                                            const std::vector<const Claim*>& claims) {
    if (!is_symmetric(spec, decl)) return "its ends are not alike";
    System system(spec, decl);
    for (const Claim* claim : claims) {
        const bool whole = claim->kind == Claim::Kind::recoverable || is_liveness(claim->kind);
        if (whole || WatchHooks(system, {claim}).needs().every_step)
            return fmt::format("claim {} asks for all its states", claim->id);
    }
    return std::nullopt;
}

std::string limits_of_answer(const SystemDecl& decl, const Coverage& coverage) {
    if (coverage.interrupted) return "interrupted: only a part was explored";
    if (coverage.out_of_memory) return "the bound on memory was hit: only a part was explored";
    if (coverage.limited) return "the bound on states was hit: only a part was explored";
    if (coverage.cuts > 0) {
        return fmt::format("runs with more than {} segments in flight one way were cut", decl.network.capacity);
    }
    return "";
}

Decided start(const Spec& spec, const SystemDecl& decl, const Claim& claim, const Coverage& coverage,
              const Decision& decision) {
    Decided one;
    one.result.claim = &claim;
    one.result.profile = spec.subject;
    one.result.expected = claim.expected_for(spec.subject);
    one.result.coverage = coverage;
    one.result.answer = decision.answer;
    one.result.never_met = decision.never_met;
    one.result.note = decision.limit.empty() ? limits_of_answer(decl, coverage) : decision.limit;
    // What was explored to the end and is open all the same was not looked at to the end.
    if (decision.answer == Answer::unknown) one.result.coverage.complete = false;
    return one;
}

// The answer is there and is not the one expected. Lengths are compared in finish(), where
// traces are as cheap as can be.
bool is_unexpected(Answer answer, bool expected_to_hold) {
    return answer != Answer::unknown && (answer == Answer::holds) != expected_to_hold;
}

bool has_unexpected(const std::vector<CheckResult>& results) {
    return std::any_of(results.begin(), results.end(),
                       [](const CheckResult& result) { return !result.as_expected && !result.is_open(); });
}

void finish(const Spec& spec, CheckResult result, std::optional<Trace> trace, std::vector<CheckResult>& results,
            bool cheapest = true) {
    if (trace) {
        const PlainSystem plain(spec, *spec.system(result.claim->system));
        const bool run = is_liveness(result.claim->kind);
        if (run && spec.system(result.claim->system)->network.timed())
            confirm_run(plain, *trace);
        else
            (run ? confirm_lasso : confirm)(plain, *result.claim, *trace);
        if (result.fewest_steps) confirm(plain, *result.claim, *result.fewest_steps);
        result.note = cheapest || run ? "" : "fewest steps; not minimised further";  // however much was explored
        result.cost = cost_of(*trace);
    }
    const bool same = result.answer != Answer::unknown && (result.answer == Answer::holds) == result.expected.holds;
    const bool length = result.expected.shortest < 0 || (trace && result.cost.steps == result.expected.shortest);
    result.length_open = same && !length && trace && !cheapest;
    result.as_expected = same && length && result.vacuous() == result.expected.vacuous;
    result.trace = std::move(trace);
    results.push_back(std::move(result));
}

// Makes the traces as cheap as they can be, all in one search, and finishes the claims.
void finish_cheapest(const Spec& spec, System& system, std::vector<Decided> decided, const CheckOptions& options,
                     std::vector<CheckResult>& results, MonitorHooks* monitor = nullptr) {
    std::vector<CheapestGoal> goals;
    for (Decided& one : decided) {
        if (!one.trace || !one.goal) continue;
        one.goal->trace = *one.trace;
        goals.push_back(*one.goal);
    }
    if (options.cheapest && !goals.empty()) {
        if (options.activity) options.activity("cheapest traces of " + system.decl().name);
        find_cheapest(system, goals, options.bounds, monitor);
    }
    std::size_t next = 0;
    for (Decided& one : decided) {
        const bool has_goal = one.trace && one.goal;
        const bool minimal = has_goal && goals[next].minimal;
        if (has_goal) {
            one.result.fewest_steps = one.trace;
            if (minimal) one.trace = std::move(goals[next].trace);
        }
        next += has_goal;
        finish(spec, std::move(one.result), std::move(one.trace), results, minimal);
    }
}

SystemResult SystemCheck::run(const std::vector<const Claim*>& claims, std::vector<CheckResult>& results) {
    if (options_.activity) options_.activity("system " + decl_.name);
    const Premises premises(claims);
    std::vector<const Claim*> watched = claims;
    for (const Claim* premise : premises.claims()) watched.push_back(premise);
    WatchHooks hooks(system_, watched);
    SystemResult result;
    result.system = &decl_;
    Bounds bounds = options_.bounds;
    if (options_.fail_fast)
        bounds.stop = [&] { return (options_.bounds.stop && options_.bounds.stop()) || fails(hooks, premises); };
    result.coverage = explorer_.run(bounds, hooks);
    result.rules_not_fired = rules_not_fired(hooks);
    if (result.coverage.limited) result.growth = growth_of(system_, explorer_, result.coverage);
    std::vector<Decided> decided;
    decide_watched(hooks, premises, result.coverage, decided);
    SharedStateIndex index(explorer_);
    for (const Claim* claim : claims) {
        if (fails(decided)) break;
        if (claim->kind == Claim::Kind::recoverable || is_liveness(claim->kind))
            decided.push_back(decide_after(*claim, index, result.coverage, premises, hooks));
    }
    finish_cheapest(spec_, system_, std::move(decided), options_, results);
    return result;
}

// Asked while the system is explored.
bool SystemCheck::fails(const WatchHooks& hooks, const Premises& premises) const {
    return std::any_of(hooks.watches().begin(), hooks.watches().end(), [&](const auto& watch) {
        const Claim& claim = *watch->claim;
        return watch->found && !premises.is_premise(&claim) &&
               is_unexpected(answer_of(claim, true, false), claim.expected_for(spec_.subject).holds);
    });
}

bool SystemCheck::fails(const std::vector<Decided>& decided) const {
    return options_.fail_fast && std::any_of(decided.begin(), decided.end(), [](const Decided& one) {
               return is_unexpected(one.result.answer, one.result.expected.holds);
           });
}

Trace SystemCheck::trace_to(const Watch& watch) {
    const std::vector<SystemState> states = states_to(system_, explorer_, watch.found->index, watch.found->at);
    Trace trace = trace_along(system_, states);
    if (!watch.found->next) return trace;
    append_step(system_, states.back(), trace, [&](const SystemState& next, const SystemStep& step) {
        return next == *watch.found->next && !watch.code.holds({&states.back(), &next, &step});
    });
    return trace;
}

void SystemCheck::decide_watched(WatchHooks& hooks, const Premises& premises, const Coverage& coverage,
                                 std::vector<Decided>& decided) {
    for (const auto& watch : hooks.watches()) {
        if (premises.is_premise(watch->claim)) continue;
        Decided one = start(spec_, decl_, *watch->claim, coverage,
                            lastack::decide_watched(*watch->claim, coverage, premises, hooks));
        if (watch->found) {
            one.trace = trace_to(*watch);
            one.goal.emplace();
            using Where = CheapestGoal::Where;
            one.goal->where = watch->claim->kind == Claim::Kind::step   ? Where::step
                              : watch->claim->kind == Claim::Kind::ends ? Where::end
                                                                        : Where::state;
            one.goal->code = &watch->code;
            one.goal->wanted = watch->looks_for;
        }
        decided.push_back(std::move(one));
    }
}

Decided SystemCheck::decide_after(const Claim& claim, SharedStateIndex& index, const Coverage& coverage,
                                  const Premises& premises, const WatchHooks& hooks) {
    if (options_.activity) options_.activity("claim " + claim.id);
    Decision decision = decide_afterwards(claim, system_, explorer_, index, coverage, premises, hooks, options_.bounds);
    Decided one = start(spec_, decl_, claim, coverage, decision);
    if (decision.lost) {
        one.trace = trace_along(system_, states_on_path(explorer_, *decision.lost));
        one.goal.emplace();
        one.goal->where = CheapestGoal::Where::lost;
        one.goal->lost = std::move(decision.is_lost);
    } else if (decision.run) {
        one.trace = std::move(decision.run);
    }
    return one;
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

void check_staged(const Spec& spec, const SystemDecl& decl, const Claim& claim, const CheckOptions& options,
                  std::vector<CheckResult>& results) {
    if (options.activity) options.activity("claim " + claim.id);
    System system(spec, decl);
    MonitorHooks hooks(system, claim);
    Explorer explorer(system, hooks.stages());
    const Coverage coverage = explorer.run(options.bounds, hooks);
    std::vector<Decided> decided(1);
    const bool found = hooks.found().has_value();
    decided[0] = start(spec, decl, claim, coverage, decide_staged(spec, decl, claim, found, coverage, options.bounds));
    if (found) {
        decided[0].trace = trace_along(system, states_on_path(explorer, *hooks.found(), hooks), hooks);
        decided[0].goal.emplace();
        decided[0].goal->where = CheapestGoal::Where::stage;
    }
    finish_cheapest(spec, system, std::move(decided), options, results, &hooks);
}

constexpr std::uint64_t most_zones = 4'000'000;  // each has some hundred bytes to a kilobyte

// A system whose network has a delay is decided in time, a claim at a time.
void check_timed(const Spec& spec, const SystemDecl& decl, const std::vector<const Claim*>& claims,
                 const CheckOptions& options, CheckReport& report) {
    SystemResult result;
    result.system = &decl;
    result.coverage.complete = true;
    for (const Claim* claim : claims) {
        if (options.fail_fast && has_unexpected(report.claims)) break;
        if (options.activity) options.activity("claim " + claim->id + ", in time");
        const TimedAnswer found =
            decide_timed(spec, decl, *claim, {std::min(options.bounds.max_states, most_zones), options.bounds.stop});
        Coverage coverage;
        coverage.states = found.zones;
        coverage.transitions = found.steps;
        coverage.depth = found.depth;
        coverage.seconds = found.seconds;
        coverage.cuts = found.cuts;
        coverage.complete = found.complete || found.found;
        result.coverage.states = std::max(result.coverage.states, coverage.states);
        result.coverage.transitions = std::max(result.coverage.transitions, coverage.transitions);
        result.coverage.depth = std::max(result.coverage.depth, coverage.depth);
        result.coverage.seconds += coverage.seconds;
        result.coverage.complete = result.coverage.complete && coverage.complete;
        Decision decision;
        decision.answer = answer_of(*claim, found.found, found.complete);
        if (claim->kind == Claim::Kind::leads && found.complete && !found.premise_met)
            decision.never_met.push_back("what leads");
        // What lies behind a step for which there was no room may answer too late.
        const bool cut = claim->kind == Claim::Kind::leads && found.cuts > 0 && !found.found;
        if (cut) decision.answer = Answer::unknown;
        if (decision.answer == Answer::unknown && !cut)
            decision.limit = "the bound on zones was hit, or it was interrupted";
        finish(spec, start(spec, decl, *claim, coverage, decision).result, found.trace, report.claims);
    }
    report.systems.push_back(std::move(result));
}

}  // namespace

std::string to_string(Answer answer) {
    switch (answer) {
        case Answer::holds: return "holds";
        case Answer::violated: return "violated";
        default: return "unknown";
    }
}

namespace {

// What an answer that ends the check leaves open is no answer of its own.
void leave_undecided(const std::vector<const Claim*>& wanted, CheckReport& report) {
    std::erase_if(report.claims, [](const CheckResult& result) { return result.answer == Answer::unknown; });
    for (const Claim* claim : wanted) {
        const bool known = std::any_of(report.claims.begin(), report.claims.end(),
                                       [&](const CheckResult& result) { return result.claim == claim; });
        if (!known) report.undecided.push_back(claim);
    }
}

}  // namespace

CheckReport check(const Spec& spec, const CheckOptions& options) {
    CheckReport report;
    report.subject = spec.subject;
    std::vector<const Claim*> wanted;
    const auto among = [](const std::vector<std::string>& only, const std::string& name) {
        return only.empty() || std::find(only.begin(), only.end(), name) != only.end();
    };
    for (const Claim& claim : spec.claims) {
        if (among(options.only_claims, claim.id) && among(options.only_systems, claim.system)) wanted.push_back(&claim);
    }
    for (const SystemDecl& decl : spec.systems) {
        std::vector<const Claim*> plain, staged;
        System system(spec, decl);
        for (const Claim* claim : wanted) {
            if (claim->system == decl.name) (needs_monitor(system, *claim) ? staged : plain).push_back(claim);
        }
        if (plain.empty() && staged.empty()) continue;
        if (decl.network.timed()) {
            plain.insert(plain.end(), staged.begin(), staged.end());
            check_timed(spec, decl, plain, options, report);
            if (options.fail_fast && has_unexpected(report.claims)) break;
            continue;
        }
        const std::optional<std::string> reason =
            options.symmetry ? why_not_mirrored(spec, decl, plain) : std::optional<std::string>();
        CheckOptions own = options;
        own.bounds.mirrored = options.symmetry && !reason;
        SystemResult result = SystemCheck(spec, decl, own).run(plain, report.claims);
        result.not_mirrored = reason.value_or("");
        report.systems.push_back(std::move(result));
        for (const Claim* claim : staged) {
            if (options.fail_fast && has_unexpected(report.claims)) break;
            check_staged(spec, decl, *claim, options, report.claims);
        }
        if (options.fail_fast && has_unexpected(report.claims)) break;
    }
    if (options.fail_fast && has_unexpected(report.claims)) leave_undecided(wanted, report);
    std::stable_sort(report.claims.begin(), report.claims.end(), [](const CheckResult& a, const CheckResult& b) {
        return a.claim < b.claim;  // the order of the spec: claims are one array
    });
    return report;
}

}  // namespace lastack
