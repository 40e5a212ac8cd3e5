// Arithmetic on one number: where the FIN stands. RFC 9293 3.4: the FIN takes one sequence number behind the text.
#include "harness/byte_units.h"

#include <algorithm>

namespace lastack {

namespace {
constexpr std::int64_t most_fins = 16;  // that stand behind each other, of several ends of a stream that never came
}

// Blocks, and single bytes behind the last of them: FINs whose place nobody has told yet. What is neither is near a
// block's begin.
std::int64_t ByteUnits::units(std::int64_t bytes) const {
    const std::int64_t rest = bytes % block_;
    if (rest <= std::min(most_fins, block_ / 4)) return bytes / block_ + rest;
    return (bytes + block_ / 2) / block_;  // halves round up; a vector of this program never has any
}

int ByteUnits::unit_at(std::int64_t byte) const {
    if (byte < 0) return byte < -first_ ? far_unit : static_cast<int>(first_ + byte);
    std::int64_t unit = units(byte);
    // Behind a FIN that was taken text would begin anew. One that was not may be bogus: other positions keep their
    // meaning.
    if (settled_ && byte > fin_unit_ * block_) unit = fin_unit_ + 1 + units(byte - fin_unit_ * block_ - 1);
    unit += first_;
    return unit < far_unit ? static_cast<int>(unit) : far_unit;
}

std::int64_t ByteUnits::byte_at(int unit) const {
    const std::int64_t text = unit - first_;
    if (text < 0) return text;
    if (fin_unit_ < 0 || text <= fin_unit_) return text * block_;
    return fin_unit_ * block_ + (text - fin_unit_);
}

void ByteUnits::fin_at(std::int64_t byte) {
    if (!settled_ && byte >= 0) fin_unit_ = unit_at(byte) - first_;
}

void ByteUnits::taken(int unit) {
    if (fin_unit_ >= 0 && unit - first_ > fin_unit_) settled_ = true;
}

}  // namespace lastack
