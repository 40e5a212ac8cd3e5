#include "checker/explorer.h"

#include <algorithm>

namespace lastack {

Explorer::Explorer(System& system, int stages)
    : system_(system), stages_(static_cast<std::uint32_t>(stages)), layout_(counts()) {}

// Sizes to lay keys out for: twice what is there, so that few re-layouts happen on the way up.
KeyLayout::Values Explorer::counts() const {
    const Network& network = system_.network();
    const auto roomy = [](std::size_t size) { return static_cast<std::uint32_t>(std::max<std::size_t>(size * 2, 64)); };
    return {roomy(system_.machine(0).size()),
            roomy(system_.machine(1).size()),
            roomy(system_.bags(0).size()),
            roomy(system_.bags(1).size()),
            static_cast<std::uint32_t>(std::max(network.loss_budget, 0) + 1),
            static_cast<std::uint32_t>(std::max(network.duplicate_budget, 0) + 1),
            stages_};
}

// Lays all keys out anew, wider. Pending keys must have been flushed.
void Explorer::make_room() {
    const KeyLayout wider(counts());
    seen_.clear();
    for (std::uint64_t& key : order_) {
        key = wider.pack(layout_.unpack(key));
        seen_.insert(key);
    }
    layout_ = wider;
}

int Explorer::depth_of(std::uint64_t index) const {
    const auto after = std::upper_bound(level_starts_.begin(), level_starts_.end(), index);
    return static_cast<int>(after - level_starts_.begin()) - 1;
}

bool Explorer::keep_going(const Bounds& bounds, std::uint64_t at, Coverage& coverage) const {
    if (bounds.progress) bounds.progress(order_.size(), order_.size() - at, static_cast<int>(level_starts_.size()) - 1);
    coverage.limited = order_.size() >= bounds.max_states;
    coverage.interrupted = bounds.stop && bounds.stop();
    return !coverage.limited && !coverage.interrupted;
}

void Explorer::finish(Coverage& coverage, std::clock_t start) const {
    coverage.states = order_.size();
    coverage.depth = static_cast<int>(level_starts_.size()) - 1;
    coverage.cuts = system_.cuts();
    coverage.seconds = static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC;
    coverage.bytes = order_.capacity() * sizeof(std::uint64_t) + seen_.bytes();
    for (int end = 0; end < 2; ++end) {
        coverage.locals[end] = system_.machine(end).size();
        coverage.bags[end] = system_.bags(end).size();
    }
}

}  // namespace lastack
