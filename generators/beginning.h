// Where the vector of a trace begins, if it has one.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"
#include "generators/vector.h"

namespace lastack {

struct Beginning {
    TestVector::Begin begin = TestVector::Begin::established;
    std::string why_none;  // why the trace has no vector; empty: it may have one
};

// Both ends begin after their handshake, or both in CLOSED; then the tester may do what no endpoint would, and so
// `opens` says whether it is anybody. Nothing of the trace belongs to another incarnation of the connection.
Beginning beginning_of(const PlainSystem& system, const Trace& trace, bool opens);

}  // namespace lastack
