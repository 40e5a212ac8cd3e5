// How many steps the methods take that a suite could be made by.
//
// Two questions. `complete` identifies states by harmonised identifiers (HSI): would identifiers that each state
// chooses freely (as the H method allows: R. Dorofeeva, K. El-Fakih, N. Yevtushenko, "An improved conformance testing
// method", FORTE 2005) take fewer steps? And `reactions` walks to the nearest new goal: how many steps does any set of
// tours take at the least? A tour that comes to a block less often than it must leave it comes there by a step more,
// each time; the rural postman's tours take that or more (A. V. Aho et al., "An optimization technique for protocol
// conformance test generation based on UIO sequences and rural Chinese postman tours", IEEE Transactions on
// Communications 39(11), 1991). Neither count looks at time: no timer is in anybody's way.
#pragma once

#include <cstddef>

#include "checker/suites/tester_graph.h"

namespace lastack::bench {

struct MethodSteps {
    std::size_t tests_harmonised = 0, tests_free = 0;
    std::size_t harmonised = 0, free = 0;  // steps, of the certain reactions of blocks that walks lead to
};
MethodSteps method_steps(const TesterGraph& graph);

struct TourSteps {
    std::size_t required = 0;  // certain reactions, a step each
    std::size_t between = 0;   // steps between them, at the least; a reset costs none
};
TourSteps least_tours(const TesterGraph& graph);

}  // namespace lastack::bench
