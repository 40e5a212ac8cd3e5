// For which durations does a claim hold? The weakest condition on parameters, found by counterexamples.
//
// Idea: counterexample-guided refinement (Clarke and others, 2000) of a condition: at durations that satisfy what is
// believed so far, the timed exploration decides the claim; a counterexample is generalised to all durations for which
// its steps are a run (projection.h), and these are taken out. Z3 chooses the durations that are tried: at every face
// of what was taken out, just beyond it, until all of them hold; and just inside, where each has to be violated. So the
// condition is exact at the points that were tried, and a condition in between: docs/time.md says what that means.
// Timers that are parameters last exactly their time, and double without a cap.
#pragma once

#include <functional>

#include "checker/zones/projection.h"
#include "checker/zones/timed_claims.h"

namespace lastack {

struct Parameter {
    std::string name;  // of a timer, at both ends; `delay`: the longest time that a segment is on its way
    std::int64_t least_us = 0, most_us = 0;
};

struct TriedPoint {
    std::vector<std::int64_t> us;  // by parameter
    bool violated = false;
    std::optional<Trace> trace;
};

// The claim is violated where all of these hold.
using ViolatedRegion = std::vector<Inequality>;

struct WeakestCondition {
    std::vector<Parameter> parameters;
    std::vector<ViolatedRegion> regions;  // none inside of another one
    std::vector<TriedPoint> inside;       // points that satisfy the condition, just so: all hold
    std::vector<TriedPoint> outside;      // points that do not, just so: all violated, with a trace
    bool complete = false;                // every face was tried from both sides
    std::string note;                     // why not
    double seconds = 0;                   // of processor time
};

struct ConditionOptions {
    std::vector<Parameter> parameters;
    ZoneBounds bounds;
    std::int64_t step_us = 1000;  // "just"
    int most_points = 200;
};

// Throws SpecError for a parameter that is none.
WeakestCondition weakest_condition(const Spec& spec, const SystemDecl& decl, const Claim& claim,
                                   const ConditionOptions& options);

// "time_wait > 4 rto + delay", a line for each region.
std::vector<std::string> condition_lines(const WeakestCondition& condition);

}  // namespace lastack
