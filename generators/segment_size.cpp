#include "generators/segment_size.h"

#include <algorithm>

namespace lastack {

int segment_bytes(const TestVector& vector) {
    const auto& options = vector.options;
    const bool timed = std::find(options.begin(), options.end(), "timestamps") != options.end();
    return (vector.ip == 4 ? 1460 : 1440) - (timed ? 12 : 0);
}

}  // namespace lastack
