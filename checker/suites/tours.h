// Walks that together reach a set of goals, of the fewest steps in all: the rural postman's tours with resets.
//
// The greedy walks (checker/suites/walks.h) go to the nearest new goal. Here the steps that reach the goals are those
// of the greedy walks, and which of them follows which is decided for all of them at once: a flow of least cost joins
// the end of each with the beginning of another one, or the start of a new walk with it (A. V. Aho et al., "An
// optimization technique for protocol conformance test generation based on UIO sequences and rural Chinese postman
// tours", IEEE Transactions on Communications 39(11), 1991; the flow is Boost.Graph's). Deviation: rounds that the flow
// leaves closed are cut where that costs least and begin at the start, and a walk whose next step time does not allow
// any more begins anew, so that the tours are short and not shortest. Where the greedy walks take fewer steps, or reach
// more, they are what is returned. Goals that ask for the step before, or for more than one step, are theirs alone.
// Cost: a search for each such step; a flow through some edges for each.
#pragma once

#include "checker/suites/walks.h"

namespace lastack {

Walks tours_to(const TesterGraph& graph, Goals& goals, const WalkOptions& options);

}  // namespace lastack
