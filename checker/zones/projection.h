// Durations as parameters: for which of them do the conditions of a run have a solution?
//
// Idea: quantifier elimination for difference constraints, by Fourier and Motzkin: an instant goes, and each pair of
// bounds through it becomes one. Bounds are sums of multiples of the parameters and a number, so what is left when no
// instant is, are linear inequalities of the parameters: exactly those durations for which the run exists.
// Cost: bounds multiply with each instant; a bound that is nowhere smaller than another one is left out.
#pragma once

#include <string>
#include <vector>

#include "checker/zones/timed_path.h"

namespace lastack {

// sum of factor[i] x parameter[i], and a number of microseconds.
struct Linear {
    std::vector<std::int64_t> factors;
    std::int64_t us = 0;
    bool operator==(const Linear&) const = default;
};

// value >= 0, or > 0 where it is strict.
struct Inequality {
    Linear value;
    bool strict = false;
    bool operator==(const Inequality&) const = default;
};

// What is a parameter: timers by their names, and the network's delay, by the word `delay`.
struct Parameters {
    std::vector<std::string> names;
    const Profile* profile[2] = {nullptr, nullptr};
    Linear value_of(const TimeCondition& condition) const;
};

// The inequalities that remain; contradictory numbers among them mean that there is no such run.
std::vector<Inequality> solvable_where(const std::vector<TimeCondition>& conditions, int instants,
                                       const Parameters& parameters);

}  // namespace lastack
