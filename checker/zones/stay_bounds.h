// How long can an endpoint stay in each state, at least and at most, for given settings; and how long can a close take?
//
// A stay begins with the step that enters the state and ends with the one that leaves it; from its beginning on the
// peer is silent and the application calls nothing more. Before that anything may have happened. The bounds are exact
// for the model: they are read from the zones of all such runs, and the run of the longest stay has its times from its
// steps alone (timed_path.h).
#pragma once

#include <functional>
#include <string>

#include "checker/zones/timed_claims.h"
#include "checker/zones/timed_endpoint.h"

namespace lastack {

struct StayStep {
    std::string text;     // what happens
    std::string state;    // where the end, or the ends, are after it
    StepTime time;        // since the stay began
    bool before = false;  // the way to it
};

// No `longest_us`: for ever where `for_ever`, else longer than was looked at.
struct StayBounds {
    std::string state;             // as the RFC spells it
    std::optional<bool> closed;    // the application had given up its descriptor as it began
    bool ends = false;             // some run leaves it
    std::int64_t shortest_us = 0;  // where it ends
    std::optional<std::int64_t> longest_us;
    bool for_ever = false;        // no timer is left that ends it
    std::vector<StayStep> worst;  // the run of the longest stay; empty where there is none
};

struct StayOptions {
    std::string state;  // only this control state; empty: all
    std::int64_t horizon_us = 2 * 3600 * std::int64_t{1'000'000};
    ZoneBounds bounds;
};

struct StayReport {
    std::vector<StayBounds> stays;
    bool complete = false;
    std::uint64_t zones = 0;
    double seconds = 0;  // of processor time
};

// Of the end A of the system.
StayReport stay_bounds(const Spec& spec, const SystemDecl& decl, const StayOptions& options);

// From the last call that changes anything, at either end, until both ends are in final states. The network is that of
// the declaration, in time.
StayBounds close_bounds(const Spec& spec, const SystemDecl& decl, const StayOptions& options, StayReport& report);

}  // namespace lastack
