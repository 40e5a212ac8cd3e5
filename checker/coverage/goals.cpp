#include "checker/coverage/goals.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <optional>
#include <utility>

#include "checker/engine/first_uses.h"
#include "checker/trace/path.h"
#include "checker/trace/plain_claims.h"

namespace lastack {

namespace {

// A rule by name, and the control state before it fired.
using Place = std::pair<std::string, int>;

// The nearest use at end A of each rule in each control state.
std::map<Place, FirstUse> nearest_uses(const System& system, const FirstUses& uses) {
    std::map<Place, FirstUse> nearest;
    const Machine& machine = system.machine(0);
    for (const FirstUse& use : uses.of(0)) {
        for (const std::string& rule : machine.label(use.label).rules)
            nearest.try_emplace({rule, machine.control_state(use.before.end[0])}, use);
    }
    return nearest;
}

const SystemDecl& system_of_subject(const Spec& spec, const std::vector<std::string>& only) {
    const auto wanted = [&](const SystemDecl& decl) {
        return only.empty() || std::find(only.begin(), only.end(), decl.name) != only.end();
    };
    for (const SystemDecl& decl : spec.systems) {
        if (wanted(decl) && profile_at(spec, decl, 0).name == spec.subject) return decl;
    }
    const std::string which = only.empty() ? "no system" : fmt::format("none of the systems {}", fmt::join(only, ", "));
    throw SpecError(Where{}, fmt::format("{} has the profile '{}' at end A", which, spec.subject));
}

Claim goal_claim(const SystemDecl& decl, const Profile& profile, const Rule& rule, int state) {
    Expr in_state;
    in_state.op = Op::state_in;
    in_state.states = {state};
    in_state.name = profile.states[state].name;
    Expr at_a;
    at_a.op = Op::at_end;
    at_a.args = {in_state};
    Expr fires;
    fires.op = Op::fires;
    fires.name = rule.name;
    Expr both;
    both.op = Op::and_;
    both.args = {at_a, fires};
    Claim claim;
    claim.id = rule.name + "/" + profile.states[state].name;
    claim.sentence = rule.sentence;
    claim.cites = rule.cites;
    claim.system = decl.name;
    claim.kind = Claim::Kind::reachable;
    claim.stages = {both};
    claim.where = rule.where;
    return claim;
}

Trace trace_to(System& system, Explorer& explorer, const FirstUse& use, const std::string& rule) {
    const std::vector<SystemState> states = states_to(system, explorer, use.index, use.before);
    Trace trace = trace_along(system, states);
    append_step(system, states.back(), trace, [&](const SystemState& next, const SystemStep& step) {
        if (next != use.next || !step.outcome || step.end != 0) return false;
        const std::vector<std::string>& rules = system.machine(0).label(step.outcome->label).rules;
        return std::find(rules.begin(), rules.end(), rule) != rules.end();
    });
    return trace;
}

}  // namespace

GoalReport cover_rules(const Spec& spec, const Bounds& bounds, const std::vector<std::string>& only_systems) {
    const SystemDecl& decl = system_of_subject(spec, only_systems);
    System system(spec, decl);
    Explorer explorer(system);
    FirstUses hooks(system);
    GoalReport report;
    report.coverage = explorer.run(bounds, hooks);
    const std::map<Place, FirstUse> nearest = nearest_uses(system, hooks);
    const PlainSystem plain(spec, decl);
    const Profile& profile = plain.profile(0);
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                bool fired = false;
                for (int state = 0; state < static_cast<int>(profile.states.size()); ++state) {
                    const auto use = nearest.find({rule.name, state});
                    if (use == nearest.end()) continue;
                    fired = true;
                    if (bounds.stop && bounds.stop()) {  // the way to each is looked for anew
                        report.coverage.complete = false;
                        report.coverage.interrupted = true;
                        return report;
                    }
                    Goal goal{goal_claim(decl, profile, rule, state),
                              trace_to(system, explorer, use->second, rule.name)};
                    confirm(plain, goal.claim, goal.trace);
                    report.goals.push_back(std::move(goal));
                }
                if (!fired) report.never_fired.push_back(rule.name);
            }
        }
    }
    return report;
}

}  // namespace lastack
