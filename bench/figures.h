// What measurements print and compute alike: a figure beside its target, the middle one of several runs.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "harness/target.h"

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

using Parts = std::vector<std::pair<std::string, std::function<bool()>>>;  // by name; true: its targets are met

// The `main` of a measurement that has parts: runs those that are wanted, all where none is named. Returns the exit
// code: 0 only where every part ran and met its targets, 64 for a name that is none. A part whose target cannot be
// driven here counts as left out.
inline int run_parts(const Parts& parts, const std::vector<std::string>& wanted) {
    for (const std::string& name : wanted) {
        if (std::any_of(parts.begin(), parts.end(), [&](const auto& part) { return part.first == name; })) continue;
        fmt::print(stderr, "no part '{}'; there are:", name);
        for (const auto& part : parts) fmt::print(stderr, " {}", part.first);
        fmt::print(stderr, "\n");
        return 64;
    }
    bool met = true, all = true;
    for (const auto& [name, part] : parts) {
        if (!wanted.empty() && std::find(wanted.begin(), wanted.end(), name) == wanted.end()) {
            all = false;
            continue;
        }
        fmt::print("== {}\n", name);
        std::fflush(stdout);
        try {
            met &= part();
        } catch (const TargetUnavailable& reason) {
            fmt::print("skipped: {}\n", reason.what());
            all = false;
        }
    }
    fmt::print("{}\n", !met  ? "a target is missed"
                       : all ? "every target is met"
                             : "every target of these parts is met; others were left out");
    return met && all ? 0 : 1;
}

}  // namespace lastack::bench
