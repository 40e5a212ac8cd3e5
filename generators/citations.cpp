#include "generators/citations.h"

#include <algorithm>
#include <sstream>

namespace lastack {

std::vector<std::string> clauses_of(const Claim& claim, const Profile& profile, const std::vector<VectorStep>& steps) {
    std::vector<std::string> clauses{claim.cites};
    for (const VectorStep& step : steps) {
        for (const std::string& name : step.rules) {
            const Rule* rule = profile.rule(name);
            if (rule && std::find(clauses.begin(), clauses.end(), rule->cites) == clauses.end())
                clauses.push_back(rule->cites);
        }
    }
    return clauses;
}

// A list of names is one string with blanks.
std::map<std::string, std::string> rules_of(const Profile& profile, const std::vector<VectorStep>& steps) {
    std::map<std::string, std::string> clauses;
    const auto add = [&](const std::string& names) {
        std::istringstream in(names);
        for (std::string name; in >> name;) {
            if (const Rule* rule = profile.rule(name)) clauses[name] = rule->cites;
        }
    };
    for (const VectorStep& step : steps) {
        for (const std::string& name : step.rules) add(name);
        for (const Expected& expected : step.expect) add(expected.rule);
        for (const Alternative& alternative : step.alternatives) add(alternative.rule);
    }
    return clauses;
}

}  // namespace lastack
