// Placements around 2^31 and 2^32, checked by arithmetic modulo 2^32.
#include "checker/numbers/placements.h"

#include <doctest/doctest.h>

#include <set>

using namespace lastack;
using Place = Placement::Place;
using Border = Placement::Border;
using Size = Placement::Size;

namespace {

std::uint32_t first(Border border, Place place, std::uint32_t length) {
    return Placements(1).at({border, place, length, Size::any, 1}).value().first;
}

}  // namespace

TEST_CASE("the first number lies at the border, or one beside it") {
    for (const std::uint32_t length : {0U, 1U, 1460U}) {
        CHECK(first(Border::sign, Place::first_below, length) == 0x7fffffff);
        CHECK(first(Border::sign, Place::first_at, length) == 0x80000000);
        CHECK(first(Border::sign, Place::first_above, length) == 0x80000001);
        CHECK(first(Border::wrap, Place::first_below, length) == 0xffffffff);
        CHECK(first(Border::wrap, Place::first_at, length) == 0);
        CHECK(first(Border::wrap, Place::first_above, length) == 1);
    }
}

TEST_CASE("the number behind a segment, which is acknowledged, lies at the border or beside it") {
    CHECK(first(Border::wrap, Place::next_at, 1) == 0xffffffff);  // a FIN with the last number
    CHECK(first(Border::wrap, Place::next_below, 1) == 0xfffffffe);
    CHECK(first(Border::wrap, Place::next_above, 1) == 0);
    CHECK(first(Border::sign, Place::next_at, 1460) == 0x80000000 - 1460);
}

TEST_CASE("a border is crossed inside of a segment, at various places, and never by a single number") {
    std::set<std::uint32_t> places;
    for (std::uint32_t seed = 1; seed <= 5; ++seed) {
        const auto across = Placements(seed).at({Border::wrap, Place::across, 1460, Size::any, 1});
        REQUIRE(across);
        CHECK(across->first > 0xffffffff - 1459);
        places.insert(across->first);
    }
    CHECK(places.size() > 1);
    CHECK(first(Border::sign, Place::across, 2) == 0x7fffffff);  // text of one byte and the FIN
    for (const std::uint32_t length : {0U, 1U})
        CHECK_FALSE(Placements(1).at({Border::wrap, Place::across, length, Size::any, 1}));
}

TEST_CASE("windows hold what they must, and lie around the sign of 16 bits") {
    Placements placements(7);
    const auto window = [&](Size size, std::uint32_t least) {
        const auto placed = placements.at({Border::wrap, Place::first_at, 1, size, least});
        return placed ? static_cast<int>(placed->window) : -1;
    };
    CHECK(window(Size::least, 202) == 202);
    CHECK(window(Size::below_sign, 202) == 32767);
    CHECK(window(Size::at_sign, 202) == 32768);
    CHECK(window(Size::most, 202) == 65535);
    CHECK(window(Size::any, 40000) >= 40000);
    CHECK(window(Size::at_sign, 40000) == -1);
    CHECK(window(Size::any, 65536) == -1);
}

TEST_CASE("alike questions are computed once, and the same seed gives the same numbers") {
    Placements one(3), other(3);
    for (int times = 0; times < 3; ++times) {
        for (const std::uint32_t length : {5U, 1460U}) {
            const auto a = one.at({Border::sign, Place::across, length, Size::any, 1});
            const auto b = other.at({Border::sign, Place::across, length, Size::any, 1});
            CHECK(a->first == b->first);
            CHECK(a->window == b->window);
        }
    }
    CHECK(one.solved() == 2);
}
