#include "generators/citations.h"

#include <algorithm>
#include <sstream>

namespace lastack {

Citations::Citations(const Profile& profile) {
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps)
            for (const Rule& rule : step.rules) by_name_.try_emplace(rule.name, &rule);
    }
}

const Citations::Rules& Citations::rules(const std::string& names) {
    const auto [place, fresh] = by_list_.try_emplace(names);
    if (fresh) {
        std::istringstream in(names);
        for (std::string name; in >> name;)
            if (const auto found = by_name_.find(name); found != by_name_.end()) place->second.push_back(found->second);
    }
    return place->second;
}

Citations::Cited Citations::cited(const std::string& first, const Rules& exercised, const Rules& named) {
    std::vector<std::string> clauses;
    const auto add = [&](const std::string& clause) {
        if (!clause.empty() && std::find(clauses.begin(), clauses.end(), clause) == clauses.end())
            clauses.push_back(clause);
    };
    add(first);
    std::map<std::string, std::string> rules;
    for (const Rule* rule : exercised) {
        add(rule->cites);
        rules.emplace(rule->name, rule->cites);
    }
    for (const Rule* rule : named) rules.emplace(rule->name, rule->cites);
    return {std::move(clauses), std::move(rules)};
}

void Citations::put(const Claim& claim, TestVector& vector) {
    std::tuple<std::string, Rules, Rules> of;
    auto& [first, exercised, named] = of;
    first = claim.cites;
    const auto add = [](Rules& to, const Rules& more) {
        for (const Rule* rule : more)
            if (std::find(to.begin(), to.end(), rule) == to.end()) to.push_back(rule);
    };
    for (const VectorStep& step : vector.steps) {
        for (const std::string& name : step.rules) add(exercised, rules(name));
        for (const Expected& expected : step.expect) add(named, rules(expected.rule));
        for (const Alternative& alternative : step.alternatives) add(named, rules(alternative.rule));
    }
    if (by_rules_.size() >= most_kept) by_rules_.clear();
    const auto [place, fresh] = by_rules_.try_emplace(of);
    if (fresh) place->second = cited(first, exercised, named);
    vector.clauses = place->second.clauses;
    vector.rules = place->second.rules;
}

}  // namespace lastack
