#include "checker/engine/strip_store.h"

#include <doctest/doctest.h>

#include <map>
#include <random>
#include <set>
#include <tuple>
#include <vector>

#include "checker/engine/insertion.h"

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

StripId add(StripStore& store, Inserter& inserter, const StripKey& key) {
    if (store.full()) store.grow();
    return inserter.find_or_add<false>(key);
}

// Adds so many random keys, and compares with a map at each step and at the end.
void compare_with_a_map(StripStore& store, Keys keys, int count) {
    std::map<Numbers, StripId> known;
    Inserter inserter(store);
    for (int i = 0; i < count; ++i) {
        const StripKey key = keys.next();
        const auto place = known.find(numbers(key));
        REQUIRE(store.find(key) == (place == known.end() ? StripStore::none : place->second));
        const StripId id = add(store, inserter, key);
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
    Inserter inserter(store);
    std::vector<StripKey> keys;
    const auto put = [&](const StripKey& key) {
        CHECK(store.find(key) == StripStore::none);  // also where there is no room for it yet
        store.reserve(key.rows + 1, key.block + 1, key.layer + 1);
        keys.push_back(key);
        CHECK(inserter.find_or_add<false>(key) == keys.size() - 1);
    };
    for (std::uint64_t i = 0; i < 200; ++i) put({i * 3, 3, 0});
    for (std::uint64_t i = 4; i < 200; ++i) put({2, i * 2, 0});
    for (std::uint32_t i = 1; i < 6; ++i) put({1, 1, i});
    for (StripId id = 0; id < keys.size(); ++id) CHECK(store.find(keys[id]) == id);
    CHECK(store.is_direct());
}

TEST_CASE("An index for many pairs of numbers, few of them used, changes from direct to hashed by itself") {
    StripStore store(Index::automatic);
    Inserter inserter(store);
    store.reserve(1000, 100, 2);
    Keys keys(1000, 100, 2);
    std::map<Numbers, StripId> known;
    for (int i = 0; i < 50'000; ++i) {
        const StripKey key = keys.next();
        known[numbers(key)] = inserter.find_or_add<false>(key);
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
    Inserter inserter(store);
    const auto key_of = [](std::uint64_t number) { return StripKey{number / 1000, number % 1000, 0}; };
    std::uint64_t count = 0, wrong = 0;
    for (; !store.full(); ++count) wrong += inserter.find_or_add<false>(key_of(count * 2)) != count;
    CHECK(count * 100 >= slots_of(store) * 99);
    CHECK(count < slots_of(store));
    for (std::uint64_t i = 0; i < count; ++i) wrong += store.find(key_of(i * 2)) != i;
    for (std::uint64_t i = 0; i < 5'000; ++i) wrong += store.find(key_of(i * 402 + 1)) != StripStore::none;
    CHECK(wrong == 0);
    CHECK(store.size() == count);
}

}  // namespace lastack
