// The set of keys seen so far: open addressing with linear probing over a power-of-two table of 64-bit cells.
//
// Exact: whole keys are stored. Keys are below 2^63; a cell holds key + 1, 0 is empty. The hash is one odd
// multiplication (Knuth, TAOCP 3, 6.4, multiplicative hashing); its top bits choose the cell, so that they depend on every bit of
// the key. prefetch() some keys ahead of insert() hides the cache miss that dominates the cost. Load is at most 5/8.
// insert is O(1) expected; growth doubles the table and re-inserts. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace lastack {

class SeenSet {
public:
    SeenSet() : cells_(std::size_t{1} << bits_) {}

    std::size_t size() const { return size_; }
    std::size_t bytes() const { return cells_.size() * sizeof(std::uint64_t); }

    void prefetch(std::uint64_t key) const { __builtin_prefetch(&cells_[cell(key)], 1); }

    // True where the key is new.
    bool insert(std::uint64_t key) {
        if (size_ * 8 >= cells_.size() * 5) grow();
        for (std::size_t at = cell(key);; at = (at + 1) & (cells_.size() - 1)) {
            if (cells_[at] == key + 1) return false;
            if (cells_[at] == 0) {
                cells_[at] = key + 1;
                ++size_;
                return true;
            }
        }
    }

    bool contains(std::uint64_t key) const {
        for (std::size_t at = cell(key); cells_[at] != 0; at = (at + 1) & (cells_.size() - 1)) {
            if (cells_[at] == key + 1) return true;
        }
        return false;
    }

    void clear() {
        cells_.assign(cells_.size(), 0);
        size_ = 0;
    }

private:
    std::size_t cell(std::uint64_t key) const {
        return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ull >> (64 - bits_));
    }

    void grow() {
        std::vector<std::uint64_t> old(std::size_t{2} << bits_);
        old.swap(cells_);
        ++bits_;
        size_ = 0;
        for (const std::uint64_t value : old) {
            if (value != 0) insert(value - 1);
        }
    }

    int bits_ = 16;
    std::vector<std::uint64_t> cells_;
    std::size_t size_ = 0;
};

}  // namespace lastack
