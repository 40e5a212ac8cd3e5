// Arithmetic on one number: where the FIN stands. RFC 9293 3.4: the FIN takes one sequence number behind the text.
#include "harness/byte_units.h"

namespace lastack {

int ByteUnits::unit_at(std::int64_t byte) const {
    if (byte < 0) return byte < -first_ ? far_unit : static_cast<int>(first_ + byte);
    // Halves round up; a vector of this program never has any.
    std::int64_t unit = (byte + block_ / 2) / block_;
    if (fin_unit_ >= 0 && byte > fin_unit_ * block_) {
        const std::int64_t beyond = byte - fin_unit_ * block_;
        // A FIN that may be bogus says only where itself ends; other positions keep their meaning as data.
        if (settled_ || beyond == 1) unit = fin_unit_ + beyond;
    }
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
