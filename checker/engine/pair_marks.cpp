#include "checker/engine/pair_marks.h"

namespace lastack {

bool PairMarks::mark(std::uint32_t first, std::uint32_t second) {
    if (first >= rows_.size()) rows_.resize(first * 2 + 1);
    std::vector<bool>& row = rows_[first];
    if (second >= row.size()) row.resize(second * 2 + 64);
    if (row[second]) return false;
    row[second] = true;
    return true;
}

}  // namespace lastack
