// The words of verdicts in colour, for a terminal.
#pragma once

#include <string>

namespace lastack {

// A text as the other files of this folder make it, with what begins a line and is a verdict in colour (ECMA-48): green
// what is as expected, red a surprise, yellow what is open. Nothing else changes, so that columns stay.
std::string coloured(const std::string& text);

}  // namespace lastack
