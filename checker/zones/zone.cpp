#include "checker/zones/zone.h"

#include <algorithm>

namespace lastack {

Zone::Zone(int clocks)
    : count_(clocks + 1), bounds_(static_cast<std::size_t>(count_) * count_, TimeBound::at_most(0)) {}

Zone Zone::any(int clocks) {
    Zone zone(clocks);
    for (int x = 1; x <= clocks; ++x) {
        for (int y = 0; y <= clocks; ++y) {
            if (x != y) zone.at(x, y) = TimeBound::none();
        }
    }
    return zone;
}

// Only paths through the new bound can be shorter than what was known.
bool Zone::constrain(int x, int y, TimeBound bound) {
    if (empty_) return false;
    if (bound >= most(x, y)) return true;
    if (bound + most(y, x) < TimeBound::at_most(0)) {
        empty_ = true;
        return false;
    }
    at(x, y) = bound;
    for (int i = 0; i < count_; ++i) {
        const TimeBound to_y = most(i, x) + bound;
        if (to_y.unbounded()) continue;
        for (int j = 0; j < count_; ++j) at(i, j) = std::min(at(i, j), to_y + most(y, j));
    }
    return true;
}

void Zone::up() {
    for (int x = 1; x < count_; ++x) at(x, 0) = TimeBound::none();
}

void Zone::reset(int x) {
    for (int y = 0; y < count_; ++y) {
        at(x, y) = most(0, y);
        at(y, x) = most(y, 0);
    }
    at(x, x) = TimeBound::at_most(0);
}

bool Zone::includes(const Zone& other) const {
    if (other.empty_) return true;
    if (empty_) return false;
    for (std::size_t i = 0; i < bounds_.size(); ++i) {
        if (other.bounds_[i] > bounds_[i]) return false;
    }
    return true;
}

Zone Zone::rearranged(const std::vector<int>& from) const {
    Zone zone(static_cast<int>(from.size()));
    zone.empty_ = empty_;
    const auto old = [&](int clock) { return clock == 0 ? 0 : from[static_cast<std::size_t>(clock - 1)]; };
    for (int x = 0; x < zone.count_; ++x) {
        for (int y = 0; y < zone.count_; ++y) {
            if (x != y) zone.at(x, y) = most(old(x), old(y));
        }
    }
    return zone;
}

void Zone::extrapolate(const std::vector<std::int64_t>& lower, const std::vector<std::int64_t>& upper) {
    if (empty_) return;
    bool changed = false;
    for (int x = 0; x < count_; ++x) {
        for (int y = 0; y < count_; ++y) {
            if (x == y || most(x, y).unbounded()) continue;
            const TimeBound bound = most(x, y);
            if (x > 0 && bound > TimeBound::at_most(lower[static_cast<std::size_t>(x - 1)])) {
                at(x, y) = TimeBound::none();
                changed = true;
            } else if (y > 0 && bound < TimeBound::at_most(-upper[static_cast<std::size_t>(y - 1)])) {
                // Beyond what any guard forbids: only that is kept. No value becomes negative by it.
                const TimeBound loose = TimeBound::below(-upper[static_cast<std::size_t>(y - 1)]);
                if (loose > bound) {
                    at(x, y) = loose;
                    changed = true;
                }
            }
        }
    }
    if (changed) close();
}

void Zone::close() {
    for (int k = 0; k < count_; ++k) {
        for (int i = 0; i < count_; ++i) {
            const TimeBound to_k = most(i, k);
            if (to_k.unbounded()) continue;
            for (int j = 0; j < count_; ++j) at(i, j) = std::min(at(i, j), to_k + most(k, j));
        }
    }
    for (int i = 0; i < count_; ++i) empty_ = empty_ || most(i, i) < TimeBound::at_most(0);
}

}  // namespace lastack
