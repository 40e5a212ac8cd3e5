// The first screen of a gate: is all as expected, what is not, and what the stack does that a reader would not think.
#pragma once

#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

struct GateOutcome {
    const Spec& spec;
    const CheckReport& report;
    const std::vector<TestVector>& vectors;
    const std::vector<TestRun>& runs;  // runs[i] is of vectors[i]
    std::string target;                // what was driven, in lines
    std::string tally;                 // the runs counted, in lines
};

// The verdict; what was counted; the surprises with their ladders and exchanges; what was left open; the findings; what
// was not driven. Not: the other claims and vectors, the table of states, the limits.
std::string gate_text(const GateOutcome& outcome);

}  // namespace lastack
