// How much memory the command may take before the kernel would end it.
#pragma once

#include <cstdint>

namespace lastack {

// Nine tenths of what is free now, in bytes: of the machine (MemAvailable), or of the control group where that has
// less. 0 where the system does not tell.
std::uint64_t memory_at_hand();

}  // namespace lastack
