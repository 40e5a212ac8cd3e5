// Arithmetic on one number: where the FIN stands. RFC 9293 3.4: the FIN takes one sequence number behind the text.
#include "harness/byte_units.h"

namespace lastack {

int ByteUnits::unit_at(std::int64_t byte) const {
    if (byte < 0) return far_unit;
    // Halves round up; a vector of this program never has any.
    std::int64_t unit = (byte + block_ / 2) / block_;
    if (fin_unit_ >= 0 && byte > fin_unit_ * block_) {
        const std::int64_t beyond = byte - fin_unit_ * block_;
        // A FIN that may be bogus says only where itself ends; other positions keep their meaning as data.
        if (settled_ || beyond == 1) unit = fin_unit_ + beyond;
    }
    return unit < far_unit ? static_cast<int>(unit) : far_unit;
}

std::int64_t ByteUnits::byte_at(int unit) const {
    if (fin_unit_ < 0 || unit <= fin_unit_) return unit * block_;
    return fin_unit_ * block_ + (unit - fin_unit_);
}

void ByteUnits::fin_at(std::int64_t byte) {
    if (!settled_ && byte >= 0) fin_unit_ = unit_at(byte);
}

void ByteUnits::taken(int unit) {
    if (fin_unit_ >= 0 && unit > fin_unit_) settled_ = true;
}

}  // namespace lastack
