// What of two endpoints' timers can be observed, put into their observations.
//
// A timer that is started, or started again while it runs, ends later than one that is not: whoever waits sees it. So a
// reaction's observation tells which timers it starts (EndpointLts::see), with three exceptions that nobody can see:
//   - a timer that takes no time;
//   - one that is stopped or started again before any rule takes its end, whatever happens;
//   - one whose end never matters: it sends nothing and signals nothing, and the endpoint is the same before and after.
//     Such a timer's expiries are not observed at all. This is the largest set of timers with that property: all silent
//     ones are taken for such; those whose expiry leads to another block of the partition are not; and again, until
//     none is left to strike out. It holds then, since what is seen without them does not change when one of them ends.
// Cost: a refinement for each round, of which there are one or two; the edges are kept twice.
#pragma once

#include "checker/compare/bisimulation.h"

namespace lastack {

// Timers of two profiles, by their names in the alphabet, that are declared with other durations. Derived timers, too.
std::set<std::string> differently_measured(const Profile& a, const Profile& b, const OpenAlphabet& alphabet);

// Both systems are complete. Gives the partition under what is observed then.
Partition observe_time(EndpointLts& a, EndpointLts& b, Observations& observations, const std::function<bool()>& stop);

}  // namespace lastack
