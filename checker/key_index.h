// From a state's key to its index in the explorer, for walks over the graph after the exploration.
//
// Open addressing with linear probing as in seen_set.h, with the keys left where they are: 4 bytes a cell, load 0.3 to 0.6.
// Takes no new keys: the explorer must not run on while this lives.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <limits>
#include <vector>

#include "checker/explorer.h"

namespace lastack {

class IndexOfKeys {
public:
    explicit IndexOfKeys(const Explorer& explorer)
        : explorer_(explorer), bits_(std::max(8, static_cast<int>(std::bit_width(explorer.size() * 8 / 5)))),
          cells_(std::size_t{1} << bits_, unused) {
        for (std::uint64_t i = 0; i < explorer.size(); ++i) {
            std::size_t at = cell(explorer.key(i));
            while (cells_[at] != unused) at = (at + 1) & (cells_.size() - 1);
            cells_[at] = static_cast<std::uint32_t>(i);
        }
    }
    std::uint32_t at(std::uint64_t key) const {
        std::size_t at = cell(key);
        while (explorer_.key(cells_[at]) != key) at = (at + 1) & (cells_.size() - 1);
        return cells_[at];
    }

private:
    std::size_t cell(std::uint64_t key) const {
        return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ull >> (64 - bits_));
    }

    static constexpr std::uint32_t unused = std::numeric_limits<std::uint32_t>::max();

    const Explorer& explorer_;
    int bits_;
    std::vector<std::uint32_t> cells_;
};

}  // namespace lastack
