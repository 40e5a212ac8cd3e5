// All nine kinds of claim decided on an explicit graph, as docs/spec-language.md and docs/liveness.md say it: no trick,
// no sharing.
#pragma once

#include <array>
#include <optional>

#include "tests/random/brute_graph.h"

namespace lastack::testing {

struct BruteAnswer {
    enum class Verdict { holds, violated, unknown };
    Verdict verdict = Verdict::holds;  // of a `reachable` claim: holds where there is a witness
    // Of claims about states and steps that have a trace: the fewest steps to it, and what the cheapest one costs
    // (losses, duplicates, segments sent, steps).
    std::optional<int> fewest_steps;
    std::optional<std::array<int, 4>> cheapest;
};

BruteAnswer brute_answer(const BruteGraph& graph, const Claim& claim);

}  // namespace lastack::testing
