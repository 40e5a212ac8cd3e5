#include "checker/engine/level_order.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <tuple>

#include "checker/engine/insertion.h"

namespace lastack {

namespace {

constexpr std::uint64_t row_count = 900, block_count = 300;
constexpr std::uint32_t layer_count = 3;

// Strips of a store with random keys, dealt out to several lists at random.
struct Dealt {
    Dealt(std::size_t strips, std::size_t hands) : store(StripStore::Index::hash), lists(hands) {
        std::mt19937_64 random(11);
        Inserter inserter(store);
        while (store.size() < strips) {
            while (store.full()) store.grow();
            const StripId before = store.size();
            const StripId id = inserter.find_or_add<false>(
                {random() % row_count, random() % block_count, static_cast<std::uint32_t>(random() % layer_count)});
            if (id == before) lists[random() % hands].push_back(id);
        }
    }
    StripStore store;
    std::vector<std::vector<StripId>> lists;
};

std::vector<std::vector<StripId>> pieces_of(const Dealt& dealt, const LevelOrder& order, std::size_t count) {
    std::vector<std::vector<FreshStrip>> sorted;
    for (const auto& list : dealt.lists) sorted.push_back(order.sorted(list));
    const auto cuts = order.cuts(sorted, count);
    std::vector<std::vector<StripId>> pieces;
    for (std::size_t piece = 0; piece < count; ++piece) pieces.push_back(order.merged(sorted, cuts, piece));
    return pieces;
}

void are_in_order(const Dealt& dealt, const std::vector<std::vector<StripId>>& pieces) {
    std::vector<StripId> all;
    for (const auto& piece : pieces) all.insert(all.end(), piece.begin(), piece.end());
    CHECK(all.size() == dealt.store.size());
    const auto later = [&](StripId one, StripId other) {  // equal keys cannot be: a key has one strip
        const StripKey &a = dealt.store.key(one), &b = dealt.store.key(other);
        return std::tie(a.layer, a.block, a.rows) >= std::tie(b.layer, b.block, b.rows);
    };
    CHECK(std::adjacent_find(all.begin(), all.end(), later) == all.end());
}

}  // namespace

TEST_CASE("Pieces follow each other in order of layer, block and rows, and have each strip once") {
    for (const std::size_t hands : {1, 2, 3}) {
        for (const std::size_t strips : {0, 1, 2, 700, 20'000}) {
            const Dealt dealt(strips, hands);
            for (const std::size_t count : {1, 2, 3, 5}) {
                CAPTURE(hands);
                CAPTURE(strips);
                CAPTURE(count);
                are_in_order(dealt, pieces_of(dealt, {dealt.store, row_count, block_count}, count));
            }
        }
    }
}

TEST_CASE("However lists are cut, the order is the same") {
    const Dealt dealt(20'000, 3);
    const LevelOrder order(dealt.store, row_count, block_count);
    const std::vector<StripId> whole = pieces_of(dealt, order, 1)[0];
    std::vector<StripId> joined;
    for (const auto& piece : pieces_of(dealt, order, 4)) joined.insert(joined.end(), piece.begin(), piece.end());
    CHECK(joined == whole);
}

TEST_CASE("Pieces of a large level are about equal") {
    const Dealt dealt(40'000, 2);
    for (const auto& piece : pieces_of(dealt, {dealt.store, row_count, block_count}, 2)) {
        CHECK(piece.size() > 18'000);
        CHECK(piece.size() < 22'000);
    }
}

}  // namespace lastack
