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

const std::vector<const Rule*>& Citations::rules(const std::string& names) {
    const auto [place, fresh] = by_list_.try_emplace(names);
    if (fresh) {
        std::istringstream in(names);
        for (std::string name; in >> name;)
            if (const auto found = by_name_.find(name); found != by_name_.end()) place->second.push_back(found->second);
    }
    return place->second;
}

void Citations::put(const Claim& claim, TestVector& vector) {
    std::vector<const Rule*> exercised, named;
    const auto add = [](std::vector<const Rule*>& to, const std::vector<const Rule*>& more) {
        for (const Rule* rule : more)
            if (std::find(to.begin(), to.end(), rule) == to.end()) to.push_back(rule);
    };
    for (const VectorStep& step : vector.steps) {
        for (const std::string& name : step.rules) add(exercised, rules(name));
        for (const Expected& expected : step.expect) add(named, rules(expected.rule));
        for (const Alternative& alternative : step.alternatives) add(named, rules(alternative.rule));
    }
    vector.clauses = {claim.cites};
    for (const Rule* rule : exercised)
        if (std::find(vector.clauses.begin(), vector.clauses.end(), rule->cites) == vector.clauses.end())
            vector.clauses.push_back(rule->cites);
    add(named, exercised);
    for (const Rule* rule : named) vector.rules.emplace(rule->name, rule->cites);
}

}  // namespace lastack
