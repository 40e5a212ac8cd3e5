#include "tests/checker/suites/scenarios.h"

#include <fnmatch.h>

#include <algorithm>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/places.h"

namespace lastack::testing {

std::vector<Scenario> scenarios() {
    std::ifstream file(source_dir() + "/tests/checker/suites/scenarios.tsv");
    std::vector<Scenario> all;
    for (std::string line; std::getline(file, line);) {
        if (line.starts_with('#')) continue;
        std::istringstream cells(line);
        Scenario one;
        std::string goals;
        if (!std::getline(cells, one.number, '\t') || !std::getline(cells, one.sentence, '\t') ||
            !std::getline(cells, goals))
            throw std::runtime_error("scenarios.tsv: three cells are wanted: " + line);
        if (goals.starts_with("- ")) {
            one.reason = goals.substr(2);
        } else {
            std::istringstream words(goals);
            for (std::string word; words >> word;) one.goals.push_back(word);
        }
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<std::string> not_contained(const std::vector<Scenario>& scenarios, const std::set<std::string>& goals,
                                       const std::string& only) {
    std::vector<std::string> missing;
    for (const Scenario& one : scenarios) {
        for (const std::string& pattern : one.goals) {
            if (!pattern.starts_with(only)) continue;
            const std::string begin = pattern.substr(0, pattern.find('*'));
            auto goal = goals.lower_bound(begin);
            while (goal != goals.end() && goal->starts_with(begin) && ::fnmatch(pattern.c_str(), goal->c_str(), 0) != 0)
                ++goal;
            if (goal == goals.end() || !goal->starts_with(begin)) missing.push_back(one.number + ": " + pattern);
        }
    }
    return missing;
}

}  // namespace lastack::testing
