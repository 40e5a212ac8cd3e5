// The order of a level: by layer, block of end 1, rows of end 0. A level is swept in it, so that neighbours share what
// they read, and states have numbers that do not depend on who found them.
//
// Idea: each thread sorts what it has found; then the sorted lists are cut at the same places and each thread merges
// what lies between two cuts, as in parallel sorting by regular sampling (H. Shi, J. Schaeffer, JPDC 14, 1992). The
// cuts are quantiles of a sample, so the pieces are about equal, not exactly. Cost: 20 bytes a strip; to merge takes
// time in proportion to the number of lists.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/engine/strip_store.h"

namespace lastack {

struct FreshStrip {
    std::uint64_t order = 0;  // ignored where numbers are too large for one word
    StripId strip = 0;
};

class LevelOrder {
public:
    // `rows` and `blocks`: above all such numbers of the strips; 0: they are too large, compare the keys themselves.
    LevelOrder(const StripStore& store, std::uint64_t rows, std::uint64_t blocks)
        : store_(store), rows_(rows), blocks_(blocks) {}

    // The strips, each once, in order.
    std::vector<FreshStrip> sorted(const std::vector<StripId>& strips) const;

    // Where to cut sorted lists into so many pieces: for each list, `pieces` + 1 positions.
    std::vector<std::vector<std::size_t>> cuts(const std::vector<std::vector<FreshStrip>>& lists,
                                               std::size_t pieces) const;

    // What lies between two cuts of all lists, in order.
    std::vector<StripId> merged(const std::vector<std::vector<FreshStrip>>& lists,
                                const std::vector<std::vector<std::size_t>>& cuts, std::size_t piece) const;

private:
    bool before(const FreshStrip& one, const FreshStrip& other) const;

    const StripStore& store_;
    std::uint64_t rows_, blocks_;
};

}  // namespace lastack
