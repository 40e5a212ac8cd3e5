// A trace, or a vector, as a Mermaid sequence diagram (https://mermaid.js.org/syntax/sequenceDiagram.html), which
// forges and wikis draw.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"
#include "generators/vector.h"

namespace lastack {

// Arrows of Mermaid are level, so a segment has its arrow where it arrives or is lost; where that is later than the
// next step, a note says when it left. `title` may be empty.
std::string mermaid(const PlainSystem& system, const Trace& trace, const std::string& title = "");

// A vector: what the tester does, what the IUT must send and when, what it may send besides.
std::string mermaid(const TestVector& vector);

}  // namespace lastack
