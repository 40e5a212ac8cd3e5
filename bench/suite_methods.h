// How many steps the methods take that a suite could be made by.
//
// Three questions. `complete` identifies states by harmonised identifiers (HSI): would identifiers that each state
// chooses freely (as the H method allows: R. Dorofeeva, K. El-Fakih, N. Yevtushenko, "An improved conformance testing
// method", FORTE 2005) take fewer steps? Would identifiers that are put behind whichever walk leads to the state and
// has been shown to do so (SPY: A. Simão, A. Petrenko, N. Yevtushenko, "On reducing test length for FSMs with extra
// states", Software Testing, Verification and Reliability 22(6), 2012)? And `reactions` walks to the nearest new goal:
// how many steps do tours through all reactions take at the least, the rural postman's with resets (A. V. Aho et al.,
// "An optimization technique for protocol conformance test generation based on UIO sequences and rural Chinese postman
// tours", IEEE Transactions on Communications 39(11), 1991)? No count looks at time: no timer is in anybody's way.
#pragma once

#include <cstddef>

#include "checker/suites/tester_graph.h"

namespace lastack::bench {

struct MethodSteps {
    std::size_t tests_harmonised = 0, tests_free = 0;
    std::size_t harmonised = 0, free = 0;  // steps, of the certain reactions of blocks that walks lead to
};
MethodSteps method_steps(const TesterGraph& graph);

// The same reactions and identifiers. A walk is put in place where it makes the tests least longer.
struct SpySteps {
    std::size_t tests = 0, steps = 0, longest = 0;
};
SpySteps spy_steps(const TesterGraph& graph);

struct TourSteps {
    std::size_t required = 0;  // certain reactions, a step each
    std::size_t between = 0;   // steps between them, by a flow of least cost; a reset costs none
};
TourSteps least_tours(const TesterGraph& graph);

}  // namespace lastack::bench
