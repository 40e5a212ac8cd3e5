// Traces as JSON in the Informal Trace Format (ITF), the exchange format of Apalache and Quint. docs/traces.md has the
// variables of a state. Reading what was written gives an equal trace.
#pragma once

#include <stdexcept>
#include <string>

#include "checker/trace/plain_system.h"
#include "generators/vector.h"

namespace lastack {

// A file that is no trace of the system at hand; what() has the JSON pointer and the reason. Exit 65.
class TraceFormatError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Members in a fixed order, newline at the end. `description` is a sentence for people and not read back.
std::string to_itf(const PlainSystem& system, const Trace& trace, const std::string& description = "");

// Takes names, types and ranges from the system and its profiles, and refuses whatever is not as to_itf writes it.
// Whether the steps are steps of the model is not asked here: that takes a replay. Throws TraceFormatError.
Trace trace_from_itf(const PlainSystem& system, const std::string& text);

// A vector as the course that it plans, a state behind each step; written only. docs/vectors.md has the variables.
std::string to_itf(const TestVector& vector);

}  // namespace lastack
