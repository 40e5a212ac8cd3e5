// A trace, or a vector, as a ladder in SVG 1.1 (https://www.w3.org/TR/SVG11/), complete in itself: no scripts, styles
// or fonts from outside. 800 pixels wide, time downward; the same trace gives the same bytes.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"
#include "generators/vector.h"

namespace lastack {

// An arrow is level where the segment is delivered by the next step, else it slants from its departure to its arrival.
// A cross is a loss, a plus the place where the network doubles a segment, dashes are the copy's way. `title` may be
// empty.
std::string svg_ladder(const PlainSystem& system, const Trace& trace, const std::string& title = "");

// A vector: the tester at the left, the IUT at the right, windows beside the segments that are expected.
std::string svg_ladder(const TestVector& vector);

}  // namespace lastack
