#include "checker/seen_set.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace lastack {

TEST_CASE("A key is new once") {
    SeenSet seen;
    CHECK_FALSE(seen.contains(7));
    CHECK(seen.insert(7));
    CHECK_FALSE(seen.insert(7));
    CHECK(seen.contains(7));
    CHECK(seen.size() == 1);
}

TEST_CASE("The smallest and the largest key are keys like others") {
    SeenSet seen;
    const std::uint64_t largest = (1ull << 63) - 1;
    CHECK_FALSE(seen.contains(0));
    CHECK(seen.insert(0));
    CHECK(seen.insert(largest));
    CHECK(seen.contains(0));
    CHECK(seen.contains(largest));
    CHECK_FALSE(seen.contains(largest - 1));
    CHECK_FALSE(seen.contains(1));
}

TEST_CASE(
    "Random keys, dense keys and keys that differ in high bits only: the same answers as std::set, through growth") {
    std::mt19937_64 random(2);
    SeenSet seen;
    std::set<std::uint64_t> reference;
    const std::size_t before = seen.bytes();
    for (std::uint64_t i = 0; i < 60'000; ++i) {
        for (const std::uint64_t key : {random() >> 1, i % 20'000, (i % 1000) << 53}) {
            REQUIRE(seen.insert(key) == reference.insert(key).second);
        }
    }
    CHECK(seen.size() == reference.size());
    CHECK(seen.bytes() > before);
    for (const std::uint64_t key : reference) REQUIRE(seen.contains(key));
    for (int i = 0; i < 10'000; ++i) {
        const std::uint64_t key = random() >> 1;
        REQUIRE(seen.contains(key) == (reference.count(key) > 0));
    }
}

TEST_CASE("A cleared set is empty and can be filled again") {
    SeenSet seen;
    for (std::uint64_t key = 0; key < 100; ++key) seen.insert(key);
    seen.clear();
    CHECK(seen.size() == 0);
    CHECK_FALSE(seen.contains(5));
    CHECK(seen.insert(5));
}

}  // namespace lastack
