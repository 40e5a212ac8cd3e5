// Text in XML 1.0.
#pragma once

#include <string>

namespace lastack {

// For attributes and between tags. A line's end and a tab are named, since a reader makes blanks of those in
// attributes; there are no other control characters in XML, so they become blanks here.
std::string xml_escaped(const std::string& text);

}  // namespace lastack
