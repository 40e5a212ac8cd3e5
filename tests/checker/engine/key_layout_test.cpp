#include "checker/engine/key_layout.h"

#include <doctest/doctest.h>

#include <random>
#include <set>

namespace lastack {

TEST_CASE("What is packed comes out as it was, for any state that fits") {
    std::mt19937 random(3);
    const KeyLayout::Values counts{500, 300, 70'000, 9, 4, 2, 8};
    const KeyLayout layout(counts);
    std::set<std::uint64_t> keys;
    std::set<std::vector<std::uint64_t>> states;
    for (int i = 0; i < 20'000; ++i) {
        const auto part = [&](int which) { return static_cast<std::uint32_t>(random() % counts[which]); };
        SystemState state;
        state.end = {part(0), part(1)};
        state.bag = {part(2), part(3)};
        state.losses = static_cast<std::uint8_t>(part(4));
        state.duplicates = static_cast<std::uint8_t>(part(5));
        state.stage = static_cast<std::uint8_t>(part(6));
        REQUIRE(layout.holds(state));
        const std::uint64_t key = layout.pack(state);
        REQUIRE(layout.unpack(key) == state);
        REQUIRE((key >> layout.bits()) == 0);
        keys.insert(key);
        states.insert(
            {state.end[0], state.end[1], state.bag[0], state.bag[1], state.losses, state.duplicates, state.stage});
    }
    CHECK(keys.size() == states.size());  // different states have different keys
}

TEST_CASE("A layout is as wide as its parts need: 9 + 9 + 17 + 4 + 2 + 1 + 3 bits") {
    CHECK(KeyLayout({500, 300, 70'000, 9, 4, 2, 8}).bits() == 45);
    CHECK(KeyLayout({1, 1, 1, 1, 1, 1, 1}).bits() == 0);
    CHECK(KeyLayout({2, 2, 2, 2, 1, 1, 1}).bits() == 4);
}

TEST_CASE("A number beyond its field does not fit") {
    const KeyLayout layout({16, 16, 16, 16, 1, 1, 1});
    SystemState state;
    state.end = {15, 15};
    state.bag = {15, 15};
    CHECK(layout.holds(state));
    for (int part = 0; part < 4; ++part) {
        SystemState beyond = state;
        if (part < 2)
            beyond.end[part] = 16;
        else
            beyond.bag[part - 2] = 16;
        CHECK_FALSE(layout.holds(beyond));
    }
}

TEST_CASE("63 bits are enough or the layout says so") {
    const std::uint32_t half = 1u << 31;
    CHECK(KeyLayout({half, half, 2, 1, 1, 1, 1}).bits() == 63);
    CHECK_THROWS_AS(KeyLayout({half, half, 4, 1, 1, 1, 1}), std::length_error);
}

}  // namespace lastack
