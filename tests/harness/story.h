// What a run observed, for the message of a failed check.
#pragma once

#include <string>

#include "harness/driver.h"

namespace hand {

inline std::string story(const lastack::TestRun& run) {
    using lastack::Observed;
    std::string text = run.vector_id + ": " + to_string(run.verdict) + ": " + run.reason;
    for (const Observed& one : run.observed) {
        const bool segment = one.kind == Observed::Kind::sent || one.kind == Observed::Kind::received;
        text += "\n  " + std::to_string(one.at_us) + " us, step " + std::to_string(one.step) + ": " +
                (segment ? to_string(one.segment) + " " : "") + one.text;
    }
    return text;
}

}  // namespace hand
