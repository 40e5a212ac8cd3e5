#include "checker/engine/insertion.h"

#include <doctest/doctest.h>

#include <set>
#include <thread>
#include <vector>

#include "checker/engine/levels.h"

namespace lastack {

namespace {

using Index = StripStore::Index;

// Numbers of halves of end 0 below this are in strips below 50: eight rows each.
constexpr Half half_count = 400;

std::uint64_t seen_and_fresh(const StripStore& store) {
    std::uint64_t count = 0;
    for (StripId id = 0; id < store.size(); ++id) {
        for (const Strip::Row& row : store[id].row)
            count += static_cast<unsigned>(std::popcount(row.seen) + std::popcount(row.fresh));
    }
    return count;
}

// Runs work(0) and work(1) at once.
template <class Work>
void at_once(Work&& work) {
    const std::jthread other([&] { work(1); });
    work(0);
}

}  // namespace

TEST_CASE("A word that is put becomes fresh states of one row, and those that were there do not count again") {
    for (const Index index : {Index::direct, Index::hash}) {
        StripStore store(index);
        store.reserve(50, 4, 2);
        Inserter inserter(store);
        inserter.put<false>({8 * 5 + 3, 2, 0b1011, 1});
        inserter.put<false>({8 * 5 + 3, 2, 0b1110, 1});
        inserter.flush<false>();
        CHECK(inserter.states == 4);
        const StripId id = store.find({5, 2, 1});
        REQUIRE(id != StripStore::none);
        CHECK(store[id].row[3].fresh == 0b1111);
        CHECK(store[id].row[3].seen == 0);
        CHECK(seen_and_fresh(store) == 4);
        CHECK(store.size() == 1);
        CHECK(store.fresh_rows(id) == 0b1000);
        CHECK(inserter.dirty == std::vector<StripId>{id});
    }
}

TEST_CASE("A strip is noted once for all of its rows, and again when what it gained is a level") {
    StripStore store;
    Inserter inserter(store);
    for (const Half half : {5, 0, 7, 7}) inserter.put<false>({half, 0, 1, 0});
    inserter.flush<false>();
    const StripId id = store.find({0, 0, 0});
    CHECK(store.fresh_rows(id) == 0b1010'0001);
    CHECK(inserter.dirty == std::vector<StripId>{id});
    CHECK(Levels::seal(store, &id, &id + 1).states == 3);
    CHECK(store.fresh_rows(id) == 0);
    inserter.dirty.clear();
    inserter.put<false>({0, 0, 0b11, 0});  // the lower bit is seen
    inserter.put<false>({7, 0, 0b01, 0});  // all of it is
    inserter.flush<false>();
    CHECK(inserter.states == 4);
    CHECK(store.fresh_rows(id) == 1);
    CHECK(store[id].row[0].fresh == 0b10);
    CHECK(inserter.dirty == std::vector<StripId>{id});
}

TEST_CASE("What meets a full index beside other threads is put when they are done") {
    StripStore store(Index::hash, 1);
    Inserter inserter(store);
    Half half = 0;
    while (!store.full()) inserter.find_or_add<false>({half++, 0, 0});
    const StripId before = store.size();
    for (std::uint64_t i = 0; i < 1000; ++i) inserter.put<true>({i * Strip::rows, 1, 1, 0});
    inserter.flush<true>();
    CHECK(inserter.states == 0);
    CHECK(store.size() == before);
    inserter.settle();
    CHECK(inserter.states == 1000);
    CHECK(store.size() == before + 1000);
    CHECK(seen_and_fresh(store) == 1000);
    inserter.settle();  // nothing is left
    CHECK(inserter.states == 1000);
}

TEST_CASE("Two threads that add the same and different keys make one strip of each") {
    for (const Index index : {Index::direct, Index::hash}) {
        StripStore store(index);
        store.reserve(200, 200, 1);
        std::vector<StripId> ids[2];
        Inserter inserters[2] = {Inserter(store), Inserter(store)};
        at_once([&](int who) {
            // Both add the keys (i, 0); each adds keys of its own between them.
            for (std::uint64_t i = 0; i < 200; ++i) {
                for (std::uint64_t own = 0; own < 50; ++own)
                    inserters[who].find_or_add<true>({i, 1 + own * 2 + static_cast<unsigned>(who), 0});
                ids[who].push_back(inserters[who].find_or_add<true>({i, 0, 0}));
            }
        });
        CHECK(ids[0] == ids[1]);
        std::set<StripId> distinct;
        for (std::uint64_t rows = 0; rows < 200; ++rows) {
            for (std::uint64_t block = 0; block < 101; ++block) {
                const StripId id = store.find({rows, block, 0});
                REQUIRE(id != StripStore::none);
                REQUIRE(store.key(id) == StripKey{rows, block, 0});
                distinct.insert(id);
            }
        }
        CHECK(distinct.size() == 200 * 101);
        // A number that another thread's was quicker than, and that found no use after, is
        // the only one without a strip.
        CHECK(store.size() >= distinct.size());
        CHECK(store.size() <= distinct.size() + 2);
    }
}

TEST_CASE("Two threads that put the same states count each once, and one of them notes the strip") {
    StripStore store;
    store.reserve(half_count / Strip::rows, 10, 1);
    Inserter inserters[2] = {Inserter(store), Inserter(store)};
    at_once([&](int who) {
        for (std::uint64_t block = 0; block < 10; ++block) {
            // Both put the 32 states in the middle, and each 16 of its own.
            for (Half half = 0; half < half_count; ++half)
                inserters[who].put<true>({half, block, who == 0 ? 0x0000'FFFF'FFFF'FFFF : 0xFFFF'FFFF'FFFF'0000, 0});
        }
        inserters[who].flush<true>();
    });
    CHECK(inserters[0].states + inserters[1].states == half_count * 10 * 64);
    CHECK(seen_and_fresh(store) == half_count * 10 * 64);
    std::vector<StripId> all = inserters[0].dirty;
    all.insert(all.end(), inserters[1].dirty.begin(), inserters[1].dirty.end());
    CHECK(all.size() == half_count / Strip::rows * 10);
    CHECK(std::set<StripId>(all.begin(), all.end()).size() == all.size());
    for (const StripId id : all) CHECK(store.fresh_rows(id) == 0xFF);
}

}  // namespace lastack
