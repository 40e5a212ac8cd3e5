// System states as 64-bit keys: each part in a bit field just wide enough for the numbers handed out so far.
//
// Parts grow as tables intern new local states and bags; when a part outgrows its field the explorer lays the keys
// out anew. Packing is shifts and ors; nothing is lost. Invariant: unpack(pack(s)) == s for every s that fits.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <stdexcept>

#include "model/system.h"

namespace lastack {

class KeyLayout {
public:
    static constexpr int parts = 7;  // end 0, end 1, bag 0, bag 1, losses, duplicates, stage
    using Values = std::array<std::uint32_t, parts>;

    // Fields for values 0..count-1 each. Throws std::length_error where 64 bits are not enough.
    explicit KeyLayout(const Values& counts) {
        int at = 0;
        for (int i = 0; i < parts; ++i) {
            width_[i] = std::bit_width(counts[i] > 0 ? counts[i] - 1 : 0u);
            shift_[i] = at;
            at += width_[i];
        }
        if (at > 63) throw std::length_error("a system state needs more than 63 bits");
        bits_ = at;
    }

    // Does every part of this state fit its field?
    bool holds(const SystemState& s) const {
        return (s.end[0] >> width_[0] | s.end[1] >> width_[1] | s.bag[0] >> width_[2] | s.bag[1] >> width_[3]) == 0;
    }

    int bits() const { return bits_; }

    std::uint64_t pack(const SystemState& s) const {
        return std::uint64_t{s.end[0]} << shift_[0] | std::uint64_t{s.end[1]} << shift_[1] |
               std::uint64_t{s.bag[0]} << shift_[2] | std::uint64_t{s.bag[1]} << shift_[3] |
               std::uint64_t{s.losses} << shift_[4] | std::uint64_t{s.duplicates} << shift_[5] |
               std::uint64_t{s.stage} << shift_[6];
    }

    SystemState unpack(std::uint64_t key) const {
        const auto part = [&](int i) {
            return static_cast<std::uint32_t>(key >> shift_[i] & ((1ull << width_[i]) - 1));
        };
        SystemState s;
        s.end = {part(0), part(1)};
        s.bag = {part(2), part(3)};
        s.losses = static_cast<std::uint8_t>(part(4));
        s.duplicates = static_cast<std::uint8_t>(part(5));
        s.stage = static_cast<std::uint8_t>(part(6));
        return s;
    }

private:
    std::array<int, parts> width_{}, shift_{};
    int bits_ = 0;
};

}  // namespace lastack
