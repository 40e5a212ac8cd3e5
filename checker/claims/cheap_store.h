// The states that the search for cheapest traces has met: each with its cheapest known cost and where that came from.
//
// Nodes are numbered in order of discovery; an index finds a node by its key: open addressing with linear probing and
// multiplicative hashing (Knuth, TAOCP 3, 6.4), 4 bytes a cell, load at most 5/8. find_or_add is O(1) expected. Cost:
// 24 bytes a node, 7 to 13 for the index. Not thread-safe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/engine/key_layout.h"

namespace lastack {

class CheapStore {
public:
    struct Node {
        std::uint64_t key = 0;
        std::uint64_t cost = 0;
        std::uint32_t parent = none;
    };
    static constexpr std::uint32_t none = 0xFFFFFFFF;

    std::size_t size() const { return nodes_.size(); }
    const Node& operator[](std::uint32_t index) const { return nodes_[index]; }
    Node& operator[](std::uint32_t index) { return nodes_[index]; }

    void prefetch(std::uint64_t key) const { __builtin_prefetch(&cells_[cell(key)]); }

    // The number of the state, new where it was not known; `fresh` says which. References to nodes are valid until
    // then.
    std::uint32_t find_or_add(std::uint64_t key, bool& fresh) {
        if (nodes_.size() * 8 >= cells_.size() * 5) rebuild(bits_ + 1);
        std::size_t at = cell(key);
        for (fresh = false; cells_[at] != 0; at = (at + 1) & (cells_.size() - 1)) {
            if (nodes_[cells_[at] - 1].key == key) return cells_[at] - 1;
        }
        fresh = true;
        nodes_.push_back({key, 0, none});
        cells_[at] = static_cast<std::uint32_t>(nodes_.size());
        return cells_[at] - 1;
    }

    // All keys in another layout; numbers stay.
    void lay_out(const KeyLayout& from, const KeyLayout& to) {
        for (Node& node : nodes_) node.key = to.pack(from.unpack(node.key));
        rebuild(bits_);
    }

private:
    std::size_t cell(std::uint64_t key) const {
        return static_cast<std::size_t>(key * 0x9E3779B97F4A7C15ull >> (64 - bits_));
    }

    void rebuild(int bits) {
        bits_ = bits;
        cells_.assign(std::size_t{1} << bits_, 0);
        for (std::uint32_t i = 0; i < nodes_.size(); ++i) {
            std::size_t at = cell(nodes_[i].key);
            while (cells_[at] != 0) at = (at + 1) & (cells_.size() - 1);
            cells_[at] = i + 1;
        }
    }

    int bits_ = 12;
    std::vector<std::uint32_t> cells_ = std::vector<std::uint32_t>(std::size_t{1} << bits_);  // number + 1; 0: empty
    std::vector<Node> nodes_;
};

}  // namespace lastack
