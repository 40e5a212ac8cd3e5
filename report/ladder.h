// A trace as a ladder diagram in plain text, at most 80 columns: A on the left, B on the right, time downward.
#pragma once

#include <string>

#include "checker/trace/plain_system.h"

namespace lastack {

std::string ladder(const PlainSystem& system, const Trace& trace);

}  // namespace lastack
