// Which of many walks are needed, and what each of them reaches.
//
// Walks are planned one after the other, so a later one often reaches what an earlier one was for. Idea: the greedy set
// cover (D. S. Johnson, "Approximation algorithms for combinatorial problems", 1974): of all walks the one that reaches
// most goals which no chosen one has, and so on; no more than ln(goals) times as many as are needed. Gains only
// shrink, so one that was computed earlier is looked at again only when it comes up (M. Minoux, "Accelerated greedy
// algorithms", 1978). What later ones have made superfluous goes in the end. A walk that is the beginning of another
// one goes with it: the other one reaches all its goals, but for those that look at silence at its end. Cost: the goals
// of all walks, some times over; four bytes for each.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/suites/walks.h"

namespace lastack {

// All goals that the walk reaches by its steps from `first` on, whoever was to reach them; sorted.
std::vector<std::uint32_t> goals_reached(Goals& goals, const Walk& walk, std::size_t first = 0);

struct Coverer {
    std::vector<std::uint32_t> reaches;  // numbers, each once
    std::size_t steps = 0;               // of two that gain the same, the shorter one is taken
};

// Which ones are kept: together they reach what all reach, and each is the only one of them to reach something.
std::vector<bool> greedy_cover(const std::vector<Coverer>& all);

}  // namespace lastack
