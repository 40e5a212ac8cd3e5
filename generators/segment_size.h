// How much text a segment carries.
#pragma once

#include "generators/vector.h"

namespace lastack {

// What a segment of the tester's may carry where neither side has options in it but timestamps: its MSS.
int segment_bytes(const TestVector& vector);

}  // namespace lastack
