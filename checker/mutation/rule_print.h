// Which rules of a profile does a mutant have otherwise?
//
// Each rule is printed, as it stands after names and effects were put in; prints that differ are rules that differ.
// Only by content: a rule that was written again, the same, does not. Cost: one pass over the rules.
#pragma once

#include <map>
#include <set>
#include <string>

#include "model/spec.h"

namespace lastack {

class RulePrints {
public:
    explicit RulePrints(const Profile& original) : prints_(prints_of(original)) {}

    // The names of rules that only one of the two has, or that differ.
    std::set<std::string> differing(const Profile& other) const;

private:
    static std::map<std::string, std::string> prints_of(const Profile& profile);
    std::map<std::string, std::string> prints_;  // by name
};

}  // namespace lastack
