// The system that traces and scripts are read for: `pair` of fuzz/small_close.spec.
#pragma once

#include "checker/trace/plain_system.h"

namespace lastack::fuzz {

const PlainSystem& small_pair();

}  // namespace lastack::fuzz
