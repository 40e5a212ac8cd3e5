// Bytes of a stream to a profile's sequence units and back, for a target that plays a profile.
//
// A unit is a block of data or the FIN (model/segment.h). Up to the FIN a position is a multiple of the block;
// the FIN is one byte; beyond it each byte is a unit. A few bytes behind a block are as many units: the peer may speak
// of what stands behind its FIN before the FIN itself has come. Positions that no unit stands for:
//   - between two blocks: the nearer block's begin;
//   - before the stream's begin, or beyond the range of a unit: `far_unit`, which no window reaches, so that the
//     profile's own rules call the segment unacceptable.
// Bytes are counted from the first one of text. A profile may number its units from further back: where the SYN is unit
// 0, the first unit of text is `first` = 1, and each of the units before the text is one byte, as the SYN is.
#pragma once

#include <cstdint>

namespace lastack {

class ByteUnits {
public:
    static constexpr int far_unit = 255;

    explicit ByteUnits(int block, int first = 0) : block_(block), first_(first) {}

    int unit_at(std::int64_t byte) const;
    std::int64_t byte_at(int unit) const;

    // The stream ends with a FIN at this byte. A later call corrects an earlier one until the FIN is settled: a tester
    // may send FINs that are never taken.
    void fin_at(std::int64_t byte);
    // Everything before `unit` was taken by the receiver: a FIN among it cannot move any more.
    void taken(int unit);

private:
    std::int64_t units(std::int64_t bytes) const;

    std::int64_t block_;
    std::int64_t first_;
    std::int64_t fin_unit_ = -1;  // counted from the first unit of text; -1: none yet
    bool settled_ = false;
};

}  // namespace lastack
