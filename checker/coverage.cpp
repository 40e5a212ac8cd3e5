#include "checker/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>

#include "model/settings.h"

namespace lastack {

namespace {

// The profile with a rule for each case, under names that no spec can write. The order within a step stays, so what
// matches and what is chosen stays.
Profile one_rule_a_case(Profile profile) {
    for (Handler& handler : profile.handlers) {
        for (Step& step : handler.steps) {
            std::vector<Rule> split;
            for (const Rule& rule : step.rules) {
                for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                    Rule one = rule;
                    one.name = fmt::format("{}#{}", rule.name, i);
                    one.cases = {rule.cases[i]};
                    split.push_back(std::move(one));
                }
            }
            step.rules = std::move(split);
        }
    }
    return profile;
}

// A local state and what happened to it; its outcomes are the choices there.
using Situation = std::tuple<LocalId, SystemStep::Kind, SegmentId, int, std::string>;

// What one end did, by the first use of each of its outcomes.
class UseHooks {
public:
    explicit UseHooks(System& system) : system_(system) {}

    Needs needs() const { return {}; }
    SystemState start(const SystemState& initial) const { return initial; }
    bool state(std::uint64_t, const SystemState&) { return true; }
    bool expanded(std::uint64_t, const SystemState&, bool) { return true; }
    bool step(std::uint64_t, const SystemState& before, const SystemState&, const SystemStep& step) {
        if (!step.outcome) return true;
        std::vector<bool>& seen = seen_[step.end];
        const std::size_t index = system_.machine(step.end).index_of(*step.outcome);
        if (index >= seen.size()) seen.resize(index * 2 + 64);
        if (!seen[index]) note(before.end[step.end], step);
        seen[index] = true;
        return true;
    }

    // For each situation of an end, the labels of what was seen to happen.
    const std::map<Situation, std::set<std::uint32_t>>& situations(int end) const { return situations_[end]; }

private:
    void note(LocalId local, const SystemStep& step) {
        const Label& label = system_.machine(step.end).label(step.outcome->label);
        const bool arrives = step.kind == SystemStep::Kind::deliver;
        const Situation here{local, step.kind, arrives ? step.segment : SegmentId{0}, static_cast<int>(label.trigger),
                             label.name};
        situations_[step.end][here].insert(step.outcome->label);
    }

    System& system_;
    std::vector<bool> seen_[2];  // by index of the outcome
    std::map<Situation, std::set<std::uint32_t>> situations_[2];
};

// Names of split rules that were used, and of rules that could have been taken and were not.
struct Uses {
    std::set<std::string> cases, passed_up;
};

std::string rule_of(const std::string& split) { return split.substr(0, split.find('#')); }

void collect(const System& system, int end, const UseHooks& hooks, Uses& uses) {
    const Machine& machine = system.machine(end);
    for (const auto& [situation, labels] : hooks.situations(end)) {
        std::map<std::string, std::size_t> takers;  // by rule: how many of the ways take it
        for (const std::uint32_t id : labels) {
            std::set<std::string> taken;
            for (const std::string& name : machine.label(id).rules) {
                uses.cases.insert(name);
                taken.insert(rule_of(name));
            }
            for (const std::string& rule : taken) ++takers[rule];
        }
        for (const auto& [rule, count] : takers) {
            if (count < labels.size()) uses.passed_up.insert(rule);
        }
    }
}

std::string states_text(const Profile& profile, const std::vector<int>& from) {
    std::string listed, others;
    for (std::size_t i = 0; i < profile.states.size(); ++i) {
        const bool in = std::find(from.begin(), from.end(), static_cast<int>(i)) != from.end();
        std::string& text = in ? listed : others;
        text += (text.empty() ? "" : ", ") + profile.states[i].name;
    }
    if (others.empty()) return "any";
    return others.size() + 8 < listed.size() ? "any but " + others : listed;
}

std::vector<RuleUse> rules_of(const Profile& profile) {
    std::vector<RuleUse> rules;
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                RuleUse use{rule.name, rule.sentence, rule.cites, rule.where, rule.may, false, {}};
                for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                    const Case& one = rule.cases[i];
                    use.cases.push_back({static_cast<int>(i) + 1, one.where, states_text(profile, one.from), {}});
                }
                rules.push_back(std::move(use));
            }
        }
    }
    return rules;
}

std::vector<ClauseUse> clause_use(const std::vector<RuleUse>& rules) {
    std::vector<ClauseUse> clauses;
    for (const RuleUse& rule : rules) {
        for (const std::string& clause : clauses_of(rule.cites)) {
            auto place = std::find_if(clauses.begin(), clauses.end(),
                                      [&](const ClauseUse& known) { return known.clause == clause; });
            if (place == clauses.end()) place = clauses.insert(place, {clause, {}, false});
            place->rules.push_back(rule.name);
            place->used |= rule.used();
        }
    }
    return clauses;
}

std::string trimmed(const std::string& text) {
    const std::size_t begin = text.find_first_not_of(' ');
    if (begin == std::string::npos) return "";
    return text.substr(begin, text.find_last_not_of(' ') - begin + 1);
}

// "RFC 9293 3.10.4" -> "RFC 9293": the words before the second one with a digit in front. Other documents have no such
// shape, and lend nothing to what follows.
std::string document_of(const std::string& clause) {
    if (!clause.starts_with("RFC ")) return "";
    const std::size_t end = clause.find(' ', 4);
    return end == std::string::npos ? clause : clause.substr(0, end);
}

template <typename Of>
Share share(const std::vector<RuleUse>& rules, Of&& of) {
    Share total;
    for (const RuleUse& rule : rules) of(rule, total);
    return total;
}

}  // namespace

bool CaseUse::used() const { return std::find(by_system.begin(), by_system.end(), true) != by_system.end(); }

bool RuleUse::used() const {
    return std::any_of(cases.begin(), cases.end(), [](const CaseUse& one) { return one.used(); });
}

std::vector<std::string> clauses_of(const std::string& cites) {
    std::vector<std::string> clauses;
    std::string document;
    for (std::size_t begin = 0; begin <= cites.size();) {
        const std::size_t end = std::min(cites.find(';', begin), cites.size());
        std::string clause = trimmed(cites.substr(begin, end - begin));
        begin = end + 1;
        if (clause.empty()) continue;
        if (std::isdigit(static_cast<unsigned char>(clause[0])) != 0 && !document.empty())
            clause = document + " " + clause;
        else
            document = document_of(clause);
        clauses.push_back(std::move(clause));
    }
    return clauses;
}

UseReport rule_use(const Spec& spec, const Bounds& bounds) {
    const Profile& subject = *spec.profile(spec.subject);
    Spec split = spec;
    for (Profile& profile : split.profiles) {
        if (profile.name == spec.subject) profile = one_rule_a_case(profile);
    }
    configure_systems(split);
    UseReport report;
    report.profile = spec.subject;
    report.rules = rules_of(subject);
    for (const SystemDecl& decl : spec.systems) {
        const auto is_subject = [&](int end) { return profile_at(spec, decl, end).name == spec.subject; };
        if (!is_subject(0) && !is_subject(1)) continue;
        System system(split, decl);
        Explorer explorer(system);
        UseHooks hooks(system);
        const Coverage coverage = explorer.run(bounds, hooks);
        report.systems.push_back(decl.name);
        report.complete.push_back(coverage.complete && coverage.cuts == 0);
        report.cut.push_back(coverage.cuts > 0);
        Uses uses;
        for (int end = 0; end < 2; ++end) {
            if (is_subject(end)) collect(system, end, hooks, uses);
        }
        for (RuleUse& rule : report.rules) {
            rule.passed_up |= rule.may && uses.passed_up.contains(rule.name);
            for (CaseUse& one : rule.cases)
                one.by_system.push_back(uses.cases.contains(fmt::format("{}#{}", rule.name, one.number - 1)));
        }
    }
    report.clauses = clause_use(report.rules);
    return report;
}

Share rules_used(const UseReport& report) {
    return share(report.rules, [](const RuleUse& rule, Share& total) {
        total.used += rule.used();
        ++total.all;
    });
}

Share cases_used(const UseReport& report) {
    return share(report.rules, [](const RuleUse& rule, Share& total) {
        for (const CaseUse& one : rule.cases) total.used += one.used();
        total.all += rule.cases.size();
    });
}

Share choices_used(const UseReport& report) {
    return share(report.rules, [](const RuleUse& rule, Share& total) {
        if (!rule.may) return;
        total.used += rule.used() + (rule.passed_up ? 1 : 0);
        total.all += 2;
    });
}

Share clauses_used(const UseReport& report) {
    Share total;
    for (const ClauseUse& clause : report.clauses) {
        total.used += clause.used;
        ++total.all;
    }
    return total;
}

}  // namespace lastack
