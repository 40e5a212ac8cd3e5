// The scenarios that the tests of other stacks and tools look at (scenarios.tsv), and the goals of `full` of `linux`
// that contain them.
#pragma once

#include <set>
#include <string>
#include <vector>

namespace lastack::testing {

struct Scenario {
    std::string number, sentence;
    std::vector<std::string> goals;  // each a goal's name, with `*` for anything; all of them are needed
    std::string reason;              // why no vector of one endpoint shows it; then there are no goals
};

std::vector<Scenario> scenarios();

// What of the patterns no name matches, "A06: pattern". `only`: patterns that begin so; empty: all.
std::vector<std::string> not_contained(const std::vector<Scenario>& scenarios, const std::set<std::string>& goals,
                                       const std::string& only);

}  // namespace lastack::testing
