// A trace as a Mermaid sequence diagram (https://mermaid.js.org/syntax/sequenceDiagram.html), which forges and wikis
// draw.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"

namespace lastack {

// Arrows of Mermaid are level, so a segment has its arrow where it arrives or is lost; where that is later than the
// next step, a note says when it left. `title` may be empty.
std::string mermaid(const PlainSystem& system, const Trace& trace, const std::string& title = "");

}  // namespace lastack
