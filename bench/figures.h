// What measurements print and compute alike: a figure beside its target, the middle one of several runs.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

namespace lastack::bench {

// Of an odd number of values.
inline double median(std::vector<double> values) {
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

// Prints one figure beside its target; returns whether it is met.
inline bool line(const std::string& what, const std::string& figure, const std::string& target, bool met) {
    fmt::print("{:<39} {:>12}  target {:<12} {}\n", what, figure, target, met ? "met" : "MISSED");
    std::fflush(stdout);
    return met;
}

}  // namespace lastack::bench
