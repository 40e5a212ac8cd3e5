// Other connections of the listener that a vector's connection comes from, at its side.
//
// Idea: what ends one connection must leave the others as they are (RFC 9293 3.3.1: each has a TCB of its own). Each
// neighbour is opened before the vector's connection is, must stay silent until that is over, and is then closed by its
// tester, in the plain way that every profile has: FIN, its ACK, the other FIN, its ACK. What it does otherwise fails
// the vector beside which it stood.
#pragma once

#include <string>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

// What a neighbour of this vector's connection is asked, once the vector is over.
TestVector neighbour_of(const TestVector& vector);

// What the neighbour's run makes of that of the vector.
void take_neighbour(const TestRun& neighbour, TestRun& run);

}  // namespace lastack
