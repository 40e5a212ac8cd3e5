// Marks for pairs of small numbers, growing on use: a bit for each pair, row by row.
#pragma once

#include <cstdint>
#include <vector>

namespace lastack {

class PairMarks {
public:
    // True the first time.
    bool mark(std::uint32_t first, std::uint32_t second);

private:
    std::vector<std::vector<bool>> rows_;
};

}  // namespace lastack
