#include "checker/level_order.h"

#include <algorithm>
#include <boost/sort/spreadsort/integer_sort.hpp>
#include <tuple>

namespace lastack {

namespace {

constexpr std::size_t samples_a_piece = 64;

}  // namespace

bool LevelOrder::before(const FreshStrip& one, const FreshStrip& other) const {
    if (rows_ != 0) return one.order < other.order;
    const StripKey &a = store_.key(one.strip), &b = store_.key(other.strip);
    return std::tie(a.plane, a.block, a.rows) < std::tie(b.plane, b.block, b.rows);
}

std::vector<FreshStrip> LevelOrder::sorted(const std::vector<StripId>& strips) const {
    std::vector<FreshStrip> list;
    list.reserve(strips.size());
    for (const StripId strip : strips) {
        const StripKey& key = store_.key(strip);
        list.push_back({(key.plane * blocks_ + key.block) * rows_ + key.rows, strip});
    }
    const auto less = [this](const FreshStrip& one, const FreshStrip& other) { return before(one, other); };
    if (rows_ == 0)
        std::sort(list.begin(), list.end(), less);
    else
        boost::sort::spreadsort::integer_sort(
            list.begin(), list.end(), [](const FreshStrip& one, unsigned shift) { return one.order >> shift; }, less);
    return list;
}

std::vector<std::vector<std::size_t>> LevelOrder::cuts(const std::vector<std::vector<FreshStrip>>& lists,
                                                       std::size_t pieces) const {
    const auto less = [this](const FreshStrip& one, const FreshStrip& other) { return before(one, other); };
    std::size_t count = 0;
    for (const auto& list : lists) count += list.size();
    const std::size_t distance = count / (pieces * samples_a_piece) + 1;
    std::vector<FreshStrip> sample;
    for (const auto& list : lists) {
        for (std::size_t i = distance / 2; i < list.size(); i += distance) sample.push_back(list[i]);
    }
    std::sort(sample.begin(), sample.end(), less);
    std::vector<std::vector<std::size_t>> cuts;
    for (const auto& list : lists) {
        std::vector<std::size_t>& own = cuts.emplace_back(1, 0);
        for (std::size_t piece = 1; piece < pieces && !sample.empty(); ++piece) {
            const FreshStrip& first = sample[sample.size() * piece / pieces];
            own.push_back(static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), first, less) - list.begin()));
        }
        own.resize(pieces, list.size());
        own.push_back(list.size());
    }
    return cuts;
}

std::vector<StripId> LevelOrder::merged(const std::vector<std::vector<FreshStrip>>& lists,
                                        const std::vector<std::vector<std::size_t>>& cuts, std::size_t piece) const {
    std::vector<FreshStrip> all;
    for (std::size_t i = 0; i < lists.size(); ++i) {
        const auto begin = lists[i].begin();
        const auto old = static_cast<std::ptrdiff_t>(all.size());
        all.insert(all.end(), begin + static_cast<std::ptrdiff_t>(cuts[i][piece]),
                   begin + static_cast<std::ptrdiff_t>(cuts[i][piece + 1]));
        std::inplace_merge(all.begin(), all.begin() + old, all.end(),
                           [this](const FreshStrip& one, const FreshStrip& other) { return before(one, other); });
    }
    std::vector<StripId> strips;
    strips.reserve(all.size());
    for (const FreshStrip& one : all) strips.push_back(one.strip);
    return strips;
}

}  // namespace lastack
