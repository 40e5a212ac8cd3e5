// What of `./dev measure proofs` is about time.
#pragma once

#include "bench/figures.h"

namespace lastack::bench {

// zones, bounds, condition: see bench/measure_proofs.cpp.
Parts zone_parts();

}  // namespace lastack::bench
