// What the steps of a vector cite: the clauses of the rules that they exercise.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "generators/vector.h"
#include "model/spec.h"

namespace lastack {

// The claim's first, then those of the rules, each once, in the order of the steps.
std::vector<std::string> clauses_of(const Claim& claim, const Profile& profile, const std::vector<VectorStep>& steps);

// The clause of each rule that a step names.
std::map<std::string, std::string> rules_of(const Profile& profile, const std::vector<VectorStep>& steps);

}  // namespace lastack
