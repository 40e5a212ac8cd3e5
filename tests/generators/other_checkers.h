// Other people's model checkers on our exported models: how many states and transitions spin and rumur count.
#pragma once

#include <cstdint>
#include <regex>
#include <stdexcept>
#include <string>

#include "tests/support.h"

namespace lastack::testing {

struct OtherCount {
    std::uint64_t states = 0, transitions = 0;
};

// Is it installed, and the compiler that it needs?
inline bool checker_present(const std::string& tool) {
    int code = 0;
    run("command -v " + tool + " && command -v gcc", &code);
    return code == 0;
}

inline std::string must_run(const std::string& command) {
    int code = 0;
    std::string output = run(command, &code);
    if (code != 0) throw std::runtime_error(command + "\n" + output);
    return output;
}

// Their programs are compiled without optimisation: for Linux with a half-close gcc -O1 takes 18 s of processor time
// for SPIN's, gcc -O0 takes 3, and the states are counted in less than a second by either.

// The two numbers that the pattern catches.
inline OtherCount counts_in(const std::string& output, const std::string& pattern) {
    std::smatch match;
    if (!std::regex_search(output, match, std::regex(pattern))) throw std::runtime_error("no counts in:\n" + output);
    return {std::stoull(match[1]), std::stoull(match[2])};
}

// SPIN counts the initial state as a transition, and a step that is cut as one that leads back to where it began.
// Without -o2 it would hide variables that are only written.
inline OtherCount spin_counts(const std::string& model) {
    const TemporaryDirectory here;
    here.write("model.pml", model);
    const std::string there = "cd " + quoted(here.path().string()) + " && ";
    const std::string warnings = must_run(there + "spin -a -o2 model.pml");
    if (warnings.find("Error") != std::string::npos) throw std::runtime_error(warnings);
    must_run(there + "gcc -O0 -w -DSAFETY -DNOREDUCE -o pan pan.c");
    const std::string output = must_run(there + "./pan -n -m1000000");
    if (output.find("errors: 0") == std::string::npos || output.find("too small") != std::string::npos)
        throw std::runtime_error(output);
    return counts_in(output, R"((\d+) states, stored[^]*?(\d+) transitions)");
}

// rumur counts rules fired, which are our steps.
inline OtherCount rumur_counts(const std::string& model) {
    const TemporaryDirectory here;
    here.write("model.m", model);
    const std::string there = "cd " + quoted(here.path().string()) + " && ";
    must_run(there + "rumur model.m --output model.c --deadlock-detection off");
    must_run(there + "gcc -std=c11 -O0 -mcx16 -w model.c -lpthread -o model");
    return counts_in(must_run(there + "./model"), R"((\d+) states, (\d+) rules fired)");
}

}  // namespace lastack::testing
