// Text of the tester's that comes in several segments.
//
// Idea: text that the vector sends in order, and that is acknowledged at once and as a whole, may as well come in
// pieces, one behind the other: a step for each, of which the last one has the FIN and all that was expected. What is
// acknowledged in between is let pass. Cost: linear in the vector.
#pragma once

#include "generators/vector.h"

namespace lastack {

// Pieces of at most `most_bytes` each; the vector as it is where none of its text can come so. A call that waits for
// text would return with the first piece, so where one does, nothing is changed.
TestVector in_pieces(const TestVector& vector, int most_bytes);

}  // namespace lastack
