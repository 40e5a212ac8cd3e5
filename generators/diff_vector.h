// The exchange that tells two profiles apart, as a test vector that an implementation of one of them passes.
//
// Idea: the run of one side through the exchange is a trace of a system whose other end is an environment that sends
// whatever the exchange needs; from there on it is a projection like any other (generators/project.h).
#pragma once

#include <functional>

#include "checker/compare/distinguish.h"
#include "generators/project.h"

namespace lastack {

// One side's run (generators/open_run.h).
Trace trace_of(const EndpointLts& lts, const SideRun& run, const Distinction& distinction);

// `side`: 0 = A, 1 = B. Without a vector the reason says why: the last input does nothing there, the peer's text does
// not fit bytes, the timers do not expire in this order. Different from nothing: the comparison has a distinction.
Projection diff_vector(const Comparison& comparison, int side, const ProjectionOptions& options);

// Which steps a vector can be made of, each by itself: the calls that it knows, and states behind the handshake.
Playable what_a_vector_plays();
// Of the profile's calls, those that it knows; with `opening` also those that open a connection.
std::vector<std::string> calls_of_a_tester(const Profile& profile, bool opening = false);

}  // namespace lastack
