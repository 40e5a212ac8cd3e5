#include "checker/engine/strip_store.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <thread>
#include <tuple>
#include <vector>

namespace lastack {

namespace {

using Index = StripStore::Index;
using Numbers = std::tuple<std::uint64_t, std::uint64_t, std::uint32_t>;

Numbers numbers(const StripKey& key) { return {key.rows, key.block, key.layer}; }

// Keys below these numbers; a few come twice.
class Keys {
public:
    Keys(std::uint64_t rows, std::uint64_t blocks, std::uint32_t layers)
        : rows_(rows), blocks_(blocks), layers_(layers) {}

    StripKey next() {
        return {random_() % rows_, random_() % blocks_, static_cast<std::uint32_t>(random_() % layers_)};
    }

private:
    std::uint64_t rows_, blocks_;
    std::uint32_t layers_;
    std::mt19937_64 random_{7};
};

// Entries that the index has room for.
std::uint64_t slots_of(const StripStore& store) {
    return (store.bytes() - store.size() * (sizeof(Strip) + sizeof(StripKey) + 1)) / sizeof(StripId);
}

StripId add(StripStore& store, const StripKey& key, StripId& spare) {
    if (store.full()) store.grow();
    return store.find_or_add<false>(key, spare);
}

// Adds so many random keys, and compares with a map at each step and at the end.
void compare_with_a_map(StripStore& store, Keys keys, int count) {
    std::map<Numbers, StripId> known;
    StripId spare = StripStore::none;
    for (int i = 0; i < count; ++i) {
        const StripKey key = keys.next();
        const auto place = known.find(numbers(key));
        REQUIRE(store.find(key) == (place == known.end() ? StripStore::none : place->second));
        const StripId id = add(store, key, spare);
        REQUIRE(store.key(id) == key);
        if (place == known.end())
            REQUIRE(known.emplace(numbers(key), id).second);
        else
            REQUIRE(id == place->second);
    }
    std::set<StripId> distinct;
    for (const auto& [key, id] : known) {
        CHECK(store.find({std::get<0>(key), std::get<1>(key), std::get<2>(key)}) == id);
        distinct.insert(id);
    }
    CHECK(distinct.size() == known.size());
    CHECK(store.size() == known.size());
}

}  // namespace

TEST_CASE("A strip is found under its key and under no other, with either index") {
    for (const Index index : {Index::direct, Index::hash, Index::automatic}) {
        StripStore store(index);
        store.reserve(300, 40, 3);
        compare_with_a_map(store, Keys(300, 40, 3), 30'000);
        CHECK(store.is_direct() == (index != Index::hash));
    }
}

TEST_CASE("A hashed index grows while it is filled, and loses nothing") {
    StripStore store(Index::hash, 5);
    const std::uint64_t empty = slots_of(store);
    compare_with_a_map(store, Keys(1 << 20, 1 << 20, 2), 120'000);
    CHECK(slots_of(store) == 64 * empty);
}

TEST_CASE("A direct index grows in each of its three numbers, and loses nothing") {
    StripStore store(Index::direct);
    StripId spare = StripStore::none;
    std::vector<StripKey> keys;
    const auto put = [&](const StripKey& key) {
        CHECK(store.find(key) == StripStore::none);  // also where there is no room for it yet
        store.reserve(key.rows + 1, key.block + 1, key.layer + 1);
        keys.push_back(key);
        CHECK(store.find_or_add<false>(key, spare) == keys.size() - 1);
    };
    for (std::uint64_t i = 0; i < 200; ++i) put({i * 3, 3, 0});
    for (std::uint64_t i = 4; i < 200; ++i) put({2, i * 2, 0});
    for (std::uint32_t i = 1; i < 6; ++i) put({1, 1, i});
    for (StripId id = 0; id < keys.size(); ++id) CHECK(store.find(keys[id]) == id);
    CHECK(store.is_direct());
}

TEST_CASE("An index for many pairs of numbers, few of them used, changes from direct to hashed by itself") {
    StripStore store(Index::automatic);
    StripId spare = StripStore::none;
    store.reserve(1000, 100, 2);
    Keys keys(1000, 100, 2);
    std::map<Numbers, StripId> known;
    for (int i = 0; i < 50'000; ++i) {
        const StripKey key = keys.next();
        known[numbers(key)] = store.find_or_add<false>(key, spare);
    }
    CHECK(store.is_direct());
    store.reserve(1 << 16, 1 << 12, 2);
    CHECK_FALSE(store.is_direct());
    CHECK_FALSE(store.full());  // there is room for all that were there
    for (const auto& [key, id] : known) CHECK(store.find({std::get<0>(key), std::get<1>(key), std::get<2>(key)}) == id);
    CHECK(store.find({60'000, 4'000, 1}) == StripStore::none);
    CHECK(store.size() == known.size());
}

TEST_CASE("A hashed index that is 99 % full finds all that is in it, and nothing else") {
    StripStore store(Index::hash, 99);
    StripId spare = StripStore::none;
    const auto key_of = [](std::uint64_t number) { return StripKey{number / 1000, number % 1000, 0}; };
    std::uint64_t count = 0, wrong = 0;
    for (; !store.full(); ++count) wrong += store.find_or_add<false>(key_of(count * 2), spare) != count;
    CHECK(count * 100 >= slots_of(store) * 99);
    CHECK(count < slots_of(store));
    for (std::uint64_t i = 0; i < count; ++i) wrong += store.find(key_of(i * 2)) != i;
    for (std::uint64_t i = 0; i < 5'000; ++i) wrong += store.find(key_of(i * 402 + 1)) != StripStore::none;
    CHECK(wrong == 0);
    CHECK(store.size() == count);
}

TEST_CASE("A strip starts empty, and its notes tell the rows that gained states") {
    StripStore store;
    StripId spare = StripStore::none;
    const StripId id = store.find_or_add<false>({1, 2, 0}, spare);
    const StripId other = store.find_or_add<false>({2, 2, 0}, spare);
    for (int row = 0; row < Strip::rows; ++row) {
        CHECK(store[id].row[row].seen == 0);
        CHECK(store[id].row[row].fresh == 0);
    }
    CHECK(store.note_row<false>(id, 5));        // the first one
    CHECK_FALSE(store.note_row<false>(id, 0));  // of others
    CHECK_FALSE(store.note_row<true>(id, 7));
    CHECK_FALSE(store.note_row<true>(id, 7));
    CHECK(store.fresh_rows(id) == 0b1010'0001);
    CHECK(store.fresh_rows(other) == 0);
    CHECK(store.note_row<true>(other, 3));
    store.clear_rows(id);
    CHECK(store.fresh_rows(id) == 0);
    CHECK(store.fresh_rows(other) == 0b1000);
    CHECK(store.note_row<true>(id, 0));
}

TEST_CASE("Two threads that add the same and different keys make one strip of each") {
    for (const Index index : {Index::direct, Index::hash}) {
        StripStore store(index);
        store.reserve(200, 200, 1);
        std::vector<StripId> ids[2];
        StripId spare[2] = {StripStore::none, StripStore::none};
        const auto work = [&](int who) {
            // Both add the keys (i, 0); each adds keys of its own between them.
            for (std::uint64_t i = 0; i < 200; ++i) {
                for (std::uint64_t own = 0; own < 50; ++own)
                    store.find_or_add<true>({i, 1 + own * 2 + static_cast<unsigned>(who), 0}, spare[who]);
                ids[who].push_back(store.find_or_add<true>({i, 0, 0}, spare[who]));
            }
        };
        {
            const std::jthread other(work, 1);
            work(0);
        }
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
        // A number whose owner lost a race and found no use for it after is the only one without a strip.
        const auto unused = static_cast<unsigned>((spare[0] != StripStore::none) + (spare[1] != StripStore::none));
        CHECK(store.size() == distinct.size() + unused);
    }
}

TEST_CASE("Of two threads that gain states in one row, one is told that it was the first") {
    StripStore store;
    StripId spare = StripStore::none;
    for (std::uint64_t i = 0; i < 500; ++i) store.find_or_add<false>({i % 50, i / 50, 0}, spare);
    std::vector<StripId> first[2];
    const auto work = [&](int who) {
        for (StripId id = 0; id < 500; ++id) {
            for (std::size_t row = 0; row < Strip::rows; ++row) {
                if (store.note_row<true>(id, row)) first[who].push_back(id);
            }
        }
    };
    {
        const std::jthread other(work, 1);
        work(0);
    }
    std::vector<StripId> all = first[0];
    all.insert(all.end(), first[1].begin(), first[1].end());
    CHECK(all.size() == 500);
    CHECK(std::set<StripId>(all.begin(), all.end()).size() == 500);
    for (StripId id = 0; id < 500; ++id) CHECK(store.fresh_rows(id) == 0xFF);
}

}  // namespace lastack
