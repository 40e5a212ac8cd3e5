// Whether what came is what a vector says.
#pragma once

#include <string>
#include <vector>

#include "generators/vector.h"

namespace lastack {

bool contains(const std::vector<std::string>& words, const std::string& word);

// RFC 9293 3.10.2 says "error: connection closing"; the sockets interface says EPIPE.
bool same_result(const std::string& expected, const std::string& got);

// Without ACK the number means nothing.
WireSegment comparable(WireSegment segment);

// A vector that says nothing of the window takes any; the window of a RST has no meaning.
bool fits(const WireSegment& allowed, WireSegment seen);

// A SYN in TIME-WAIT is handed to who still listens, and answered by TIME-WAIT itself only where nobody does.
bool goes_on_in_another(const TestVector& vector);

// Does something come for the connection once it is gone?
bool comes_when_over(const TestVector& vector);

}  // namespace lastack
