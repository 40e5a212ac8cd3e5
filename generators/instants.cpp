#include "generators/instants.h"

#include <algorithm>

namespace lastack {

namespace {

constexpr std::int64_t unknown = std::int64_t{1} << 56;  // two of them still add up

}  // namespace

int Instants::add(int earlier, Interval after) {
    const int fresh = count_++;
    std::vector<std::int64_t> wider(static_cast<std::size_t>(count_ * count_), unknown);
    for (int row = 0; row < fresh; ++row) std::copy_n(most_.begin() + row * fresh, fresh, wider.begin() + row * count_);
    wider.back() = 0;
    most_ = std::move(wider);
    constrain(earlier, fresh, after);
    return fresh;
}

bool Instants::constrain(int from, int to, Interval after) {
    const auto tighten = [&](int a, int b, std::int64_t bound) {
        if (bound >= most(a, b)) return;
        for (int i = 0; i < count_; ++i) {
            const std::int64_t ahead = most(i, a) + bound;
            std::int64_t* row = most_.data() + i * count_;
            for (int j = 0; j < count_; ++j) row[j] = std::min({row[j], ahead + most(b, j), unknown});
        }
    };
    tighten(from, to, after.high);
    tighten(to, from, -after.low);
    return most(from, from) >= 0 && most(to, to) >= 0;
}

When Instants::seen_from(const When& moment, int since) const {
    if (moment.since == since) return moment;
    const Interval shift = gap(since, moment.since);
    return {since, moment.low + shift.low, moment.high + shift.high};
}

Interval Instants::between(const When& first, const When& second) const {
    const Interval shift = gap(first.since, second.since);
    return {shift.low + second.low - first.high, shift.high + second.high - first.low};
}

}  // namespace lastack
