#include "checker/engine/level_order.h"

#include <algorithm>
#include <boost/sort/spreadsort/integer_sort.hpp>

namespace lastack {

namespace {

constexpr std::size_t samples_a_piece = 64;
constexpr std::size_t prefetch_distance = 16;

bool before(const FreshStrip& one, const FreshStrip& other) { return one.order < other.order; }

}  // namespace

std::vector<FreshStrip> LevelOrder::sorted(const std::vector<StripId>& strips) const {
    std::vector<FreshStrip> list;
    list.reserve(strips.size());
    for (std::size_t i = 0; i < strips.size(); ++i) {
        if (i + prefetch_distance < strips.size()) store_.prefetch_key(strips[i + prefetch_distance]);
        const StripKey& key = store_.key(strips[i]);
        list.push_back({(key.layer * blocks_ + key.block) * rows_ + key.rows, strips[i]});
    }
    boost::sort::spreadsort::integer_sort(
        list.begin(), list.end(), [](const FreshStrip& one, unsigned shift) { return one.order >> shift; }, before);
    return list;
}

std::vector<std::vector<std::size_t>> LevelOrder::cuts(const std::vector<std::vector<FreshStrip>>& lists,
                                                       std::size_t pieces) const {
    std::size_t count = 0;
    for (const auto& list : lists) count += list.size();
    const std::size_t distance = count / (pieces * samples_a_piece) + 1;
    std::vector<FreshStrip> sample;
    for (const auto& list : lists) {
        for (std::size_t i = distance / 2; i < list.size(); i += distance) sample.push_back(list[i]);
    }
    std::sort(sample.begin(), sample.end(), before);
    std::vector<std::vector<std::size_t>> cuts;
    for (const auto& list : lists) {
        std::vector<std::size_t>& own = cuts.emplace_back(1, 0);
        for (std::size_t piece = 1; piece < pieces && !sample.empty(); ++piece) {
            const FreshStrip& first = sample[sample.size() * piece / pieces];
            own.push_back(
                static_cast<std::size_t>(std::lower_bound(list.begin(), list.end(), first, before) - list.begin()));
        }
        own.resize(pieces, list.size());
        own.push_back(list.size());
    }
    return cuts;
}

std::vector<StripId> LevelOrder::merged(const std::vector<std::vector<FreshStrip>>& lists,
                                        const std::vector<std::vector<std::size_t>>& cuts, std::size_t piece) const {
    std::vector<StripId> strips;
    std::vector<std::size_t> next;
    for (const auto& own : cuts) next.push_back(own[piece]);
    for (;;) {
        std::size_t least = lists.size();
        for (std::size_t i = 0; i < lists.size(); ++i) {
            const bool left = next[i] < cuts[i][piece + 1];
            if (left && (least == lists.size() || before(lists[i][next[i]], lists[least][next[least]]))) least = i;
        }
        if (least == lists.size()) return strips;
        strips.push_back(lists[least][next[least]++].strip);
    }
}

}  // namespace lastack
