// Bounds of the time between instants of a run.
#include "generators/instants.h"

#include <doctest/doctest.h>

using namespace lastack;

TEST_CASE("the time between two instants adds up along the way") {
    Instants instants;
    const int first = instants.add(Instants::opening, {10, 20});
    const int second = instants.add(first, {1, 2});
    CHECK(instants.gap(Instants::opening, second) == Interval{11, 22});
    CHECK(instants.gap(second, Instants::opening) == Interval{-22, -11});
    CHECK(instants.gap(first, first) == Interval{0, 0});
}

TEST_CASE("what is known of two instants narrows what lies between others") {
    Instants instants;
    const int first = instants.add(Instants::opening, {0, 100});
    const int second = instants.add(first, {0, 100});
    CHECK(instants.constrain(Instants::opening, second, {150, 160}));
    CHECK(instants.gap(first, second) == Interval{50, 100});  // 150 - 100, and no more than 100
    CHECK(instants.gap(Instants::opening, first) == Interval{50, 100});
}

TEST_CASE("what cannot be is told") {
    Instants instants;
    const int first = instants.add(Instants::opening, {10, 20});
    CHECK_FALSE(instants.constrain(Instants::opening, first, {30, 40}));
}

TEST_CASE("two timers that started at one instant are compared exactly, others by what is known of their starts") {
    Instants instants;
    const int start = instants.add(Instants::opening, {0, 1000});
    CHECK(instants.between({start, 200, 200}, {start, 1000, 1000}) == Interval{800, 800});
    const int other = instants.add(start, {0, 50});
    CHECK(instants.between({start, 200, 200}, {other, 200, 260}) == Interval{0, 110});
    CHECK(instants.seen_from({other, 200, 260}, start) == When{start, 200, 310});
}
