// What suites are about, for a terminal of 80 columns: which clauses they exercise, and why a vector exists.
#pragma once

#include <string>
#include <vector>

#include "generators/walk_suite.h"

namespace lastack {

// A row for each clause that the profile's rules cite, a column for each suite: how many of its vectors exercise a rule
// of the clause. Then the clauses that no vector touches, each with the reason.
std::string clauses_text(const Profile& profile, const std::vector<WalkSuiteResult>& suites);

// What the vector is for, what it does, and what a stack that fails at a step gets wrong.
std::string explanation_text(const TestVector& vector, const Profile& profile);

}  // namespace lastack
