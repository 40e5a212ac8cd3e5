// How many steps the methods take that a suite could be made by.
//
// Three questions. `complete` identifies states by harmonised identifiers, behind whichever walk leads to the state and
// has been shown to do so (SPY, checker/suites/chains.h): how many fewer steps does that take than behind the cheapest
// walk (HSI)? Would identifiers that each state chooses freely (as the H method allows: R. Dorofeeva, K. El-Fakih,
// N. Yevtushenko, "An improved conformance testing method", FORTE 2005) take fewer? And `reactions` walks to the
// nearest new goal: how many steps do tours through all reactions take at the least, the rural postman's with resets
// (A. V. Aho et al., "An optimization technique for protocol conformance test generation based on UIO sequences and
// rural Chinese postman tours", IEEE Transactions on Communications 39(11), 1991)? But for the chains no count looks at
// time: no timer is in anybody's way.
#pragma once

#include <cstddef>

#include "checker/suites/complete.h"

namespace lastack::bench {

struct MethodSteps {
    std::size_t tests_harmonised = 0, tests_free = 0;
    std::size_t harmonised = 0, free = 0;  // steps, of the certain reactions of blocks that walks lead to
};
MethodSteps method_steps(const TesterGraph& graph);

// The whole suite, in time, with each identifier in a test of its own and chained.
struct ChainSteps {
    CompleteSummary single, chained;
};
ChainSteps chain_steps(const TesterGraph& graph);

struct TourSteps {
    std::size_t required = 0;  // certain reactions, a step each
    std::size_t between = 0;   // steps between them, by a flow of least cost; a reset costs none
};
TourSteps least_tours(const TesterGraph& graph);

}  // namespace lastack::bench
