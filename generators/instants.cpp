#include "generators/instants.h"

#include <algorithm>

namespace lastack {

namespace {

constexpr std::int64_t unknown = std::int64_t{1} << 56;  // two of them still add up

}  // namespace

int Instants::add(int earlier, Interval after) {
    const int fresh = static_cast<int>(most_.size());
    for (std::vector<std::int64_t>& row : most_) row.push_back(unknown);
    most_.emplace_back(most_.size() + 1, unknown);
    most_[fresh][fresh] = 0;
    constrain(earlier, fresh, after);
    return fresh;
}

bool Instants::constrain(int from, int to, Interval after) {
    const auto tighten = [&](int a, int b, std::int64_t most) {
        if (most >= most_[a][b]) return;
        for (std::size_t i = 0; i < most_.size(); ++i) {
            for (std::size_t j = 0; j < most_.size(); ++j) {
                const std::int64_t through = std::min(most_[i][a] + most + most_[b][j], unknown);
                most_[i][j] = std::min(most_[i][j], through);
            }
        }
    };
    tighten(from, to, after.high);
    tighten(to, from, -after.low);
    return most_[from][from] >= 0 && most_[to][to] >= 0;
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
