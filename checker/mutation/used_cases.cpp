#include "checker/mutation/used_cases.h"

#include <fmt/format.h>

#include <algorithm>

#include "checker/compare/endpoint_lts.h"

namespace lastack {

namespace {

std::string case_name(const std::string& rule, std::size_t number) { return fmt::format("{}/{}", rule, number + 1); }

// Each case a rule of its own, so that labels tell which one fired.
Profile split(const Profile& profile) {
    Profile result = profile;
    for (Handler& handler : result.handlers) {
        for (Step& step : handler.steps) {
            std::vector<Rule> rules;
            for (const Rule& rule : step.rules) {
                for (std::size_t i = 0; i < rule.cases.size(); ++i) {
                    rules.push_back(rule);
                    rules.back().name = case_name(rule.name, i);
                    rules.back().cases = {rule.cases[i]};
                }
            }
            step.rules = std::move(rules);
        }
    }
    return result;
}

// Does the mutant match nowhere where its original does not?
bool narrows(Mutant::Operator op) {
    using Operator = Mutant::Operator;
    switch (op) {
        case Operator::guard:
        case Operator::number:
        case Operator::condition:
        case Operator::negate:
        case Operator::bound:
        case Operator::accept:
        case Operator::duration: return false;
        default: return true;
    }
}

}  // namespace

UsedCases::UsedCases(const Profile& profile, const Limits& limits, const AlphabetOptions& alphabet,
                     std::size_t max_states, const std::function<bool()>& stop)
    : profile_(profile) {
    const Profile by_case = split(profile);
    const OpenAlphabet open = open_alphabet({{&by_case, &limits}}, alphabet);
    Observations observations;
    LtsOptions options;
    options.max_states = max_states;
    options.stop = stop;
    const EndpointLts lts(by_case, limits, open, observations, options);
    known_ = lts.complete();
    if (!known_) return;
    for (std::uint32_t vertex = 0; vertex < lts.size(); ++vertex) {
        reached_.insert(lts.control(vertex));
        for (const LtsEdge& edge : lts.edges(vertex)) {
            if (edge.observation == Observations::outside) {
                known_ = false;  // what fires there is not known
                return;
            }
            fired_.insert(lts.rules(edge).begin(), lts.rules(edge).end());
        }
    }
}

bool UsedCases::out_of_reach(const Mutant& mutant, const Profile& changed) const {
    if (!known_ || mutant.handler < 0) return false;
    const auto rule_of = [&](const Profile& profile) -> const Rule& {
        return profile.handlers[static_cast<std::size_t>(mutant.handler)]
            .steps[static_cast<std::size_t>(mutant.step)]
            .rules[static_cast<std::size_t>(mutant.rule)];
    };
    const Rule& rule = rule_of(profile_);
    if (narrows(mutant.op)) {
        for (std::size_t i = 0; i < rule.cases.size(); ++i) {
            const bool touched = mutant.case_ < 0 || static_cast<std::size_t>(mutant.case_) == i;
            if (touched && fired_.contains(case_name(rule.name, i))) return false;
        }
        return true;
    }
    // It may match elsewhere, but only in the states that the case is about.
    const std::vector<int>& from = rule_of(changed).cases[static_cast<std::size_t>(mutant.case_)].from;
    return std::none_of(from.begin(), from.end(), [&](int state) { return reached_.contains(state); });
}

}  // namespace lastack
