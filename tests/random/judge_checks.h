// The checker judged on random specs: every engine, every claim, every trace, against tests/random/brute_judge.h.
#pragma once

#include <cstdint>
#include <string>

#include "tests/random/random_spec.h"

namespace lastack::testing {

struct JudgedChecks {
    int specs = 0;
    int too_large = 0;  // more states than `judged_states`: not judged
    int refused = 0;    // both say that the profile breaks its own declarations, as by five segments in one step
    int claims = 0, holds = 0, violated = 0, unknown = 0;
    int traces = 0, lassos = 0;
    int mirrored = 0, cut = 0;  // systems explored by mirror images; systems in which steps were cut
    std::uint64_t states = 0, transitions = 0;
    std::string failure;  // the first one: the seed, the shrunk spec and what is wrong; empty: all agree
};

constexpr std::size_t judged_states = 2'000;

// What is wrong with the answers to this spec; empty where everything agrees. Compared are, with the brute-force graph
// and judge: counts of states, transitions, cuts and levels of the machine by one thread and two, step by step, and of
// the plain system; answers, lengths and costs of the nine kinds of claim, by one thread and two, by mirror images.
// Each trace is replayed, written, read back and compared, and asked for a second time.
std::string wrong_in_checks(const RandomSpec& random, JudgedChecks& count);

// The seeds first, first + 1, ..., last - 1. Ends at the first failure.
JudgedChecks judge_checks(std::uint64_t first, std::uint64_t last, const RandomKnobs& knobs = {});

}  // namespace lastack::testing
