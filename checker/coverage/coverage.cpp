#include "checker/coverage/coverage.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <tuple>

#include "checker/engine/first_uses.h"
#include "model/settings.h"

namespace lastack {

namespace {

// A case of a rule, by the rule's name and its place there.
using CasePlace = std::pair<std::string, std::size_t>;

// A profile with a rule for each case, under names that no spec can write, and what each of these stands for. The order
// within a step stays, so what matches and what is chosen stays.
struct OneRuleACase {
    Profile profile;
    std::map<std::string, CasePlace> cases;

    explicit OneRuleACase(const Profile& original) : profile(original) {
        for (Handler& handler : profile.handlers) {
            for (Step& step : handler.steps) {
                std::vector<Rule> split;
                for (const Rule& rule : step.rules) {
                    for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                        Rule one = rule;
                        one.name = fmt::format("{}#{}", rule.name, i);
                        one.cases = {rule.cases[i]};
                        cases.emplace(one.name, CasePlace{rule.name, i});
                        split.push_back(std::move(one));
                    }
                }
                step.rules = std::move(split);
            }
        }
    }
};

// A local state and what happened to it; its outcomes are the choices there.
using Situation = std::tuple<LocalId, SystemStep::Kind, SegmentId, Trigger, std::string>;

// Cases that were used, and rules that could have been taken and were not.
struct Uses {
    std::set<CasePlace> cases;
    std::set<std::string> passed_up;
};

void collect(const System& system, int end, const FirstUses& first, const OneRuleACase& split, Uses& uses) {
    const Machine& machine = system.machine(end);
    std::map<Situation, std::set<std::uint32_t>> situations;  // the labels of what was seen to happen
    for (const FirstUse& use : first.of(end)) {
        const Label& label = machine.label(use.label);
        const bool arrives = use.kind == SystemStep::Kind::deliver;
        situations[{use.before.end[end], use.kind, arrives ? use.segment : SegmentId{0}, label.trigger, label.name}]
            .insert(use.label);
    }
    for (const auto& [situation, labels] : situations) {
        std::map<std::string, std::size_t> takers;  // by rule: how many of the ways take it
        for (const std::uint32_t id : labels) {
            std::set<std::string> taken;
            for (const std::string& name : machine.label(id).rules) {
                const CasePlace& place = split.cases.at(name);
                uses.cases.insert(place);
                taken.insert(place.first);
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
    const OneRuleACase split(subject);
    Spec changed = spec;
    for (Profile& profile : changed.profiles) {
        if (profile.name == spec.subject) profile = split.profile;
    }
    configure_systems(changed);
    UseReport report;
    report.profile = spec.subject;
    report.rules = rules_of(subject);
    for (const SystemDecl& decl : spec.systems) {
        const auto is_subject = [&](int end) { return profile_at(spec, decl, end).name == spec.subject; };
        if (!is_subject(0) && !is_subject(1)) continue;
        System system(changed, decl);
        Explorer explorer(system);
        FirstUses hooks(system);
        const Coverage coverage = explorer.run(bounds, hooks);
        report.systems.push_back(decl.name);
        report.complete.push_back(coverage.complete && coverage.cuts == 0);
        report.cut.push_back(coverage.cuts > 0);
        Uses uses;
        for (int end = 0; end < 2; ++end) {
            if (is_subject(end)) collect(system, end, hooks, split, uses);
        }
        for (RuleUse& rule : report.rules) {
            rule.passed_up |= rule.may && uses.passed_up.contains(rule.name);
            for (CaseUse& one : rule.cases)
                one.by_system.push_back(uses.cases.contains({rule.name, static_cast<std::size_t>(one.number - 1)}));
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
