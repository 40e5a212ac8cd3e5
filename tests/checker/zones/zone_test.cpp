// Zones against sets of points that are written down one by one. With bounds that are multiples of four, points at
// whole numbers tell any two zones of three clocks apart (Alur and Dill's regions have at most three fractions).
#include "checker/zones/zone.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <random>
#include <set>

using lastack::TimeBound;
using lastack::Zone;

namespace {

constexpr int top = 24;
constexpr int clocks = 3;
using Point = std::array<int, clocks>;
using Points = std::set<Point>;

Points everything() {
    Points all;
    for (int x = 0; x <= top; ++x)
        for (int y = 0; y <= top; ++y)
            for (int z = 0; z <= top; ++z) all.insert({x, y, z});
    return all;
}

int value(const Point& point, int clock) { return clock == 0 ? 0 : point[static_cast<std::size_t>(clock - 1)]; }

bool inside(const Zone& zone, const Point& point) {
    if (zone.empty()) return false;
    for (int x = 0; x <= clocks; ++x) {
        for (int y = 0; y <= clocks; ++y) {
            if (x != y && TimeBound::at_most(value(point, x) - value(point, y)) > zone.most(x, y) &&
                !zone.most(x, y).unbounded())
                return false;
        }
    }
    return true;
}

Points points_of(const Zone& zone) {
    static const Points all = everything();
    Points found;
    for (const Point& point : all)
        if (inside(zone, point)) found.insert(point);
    return found;
}

}  // namespace

TEST_CASE("bounds add, compare, and have an opposite") {
    CHECK(TimeBound::below(3) < TimeBound::at_most(3));
    CHECK(TimeBound::at_most(3) < TimeBound::below(4));
    CHECK(TimeBound::at_most(3) + TimeBound::below(-1) == TimeBound::below(2));
    CHECK(TimeBound::at_most(3) + TimeBound::at_most(4) == TimeBound::at_most(7));
    CHECK((TimeBound::none() + TimeBound::at_most(-5)).unbounded());
    CHECK(TimeBound::at_most(3).opposite() == TimeBound::below(-3));
    CHECK(TimeBound::below(3).opposite() == TimeBound::at_most(-3));
    CHECK(TimeBound::below(-3).us() == -3);
}

TEST_CASE("random operations on zones are those on their points") {
    std::mt19937 lots(7);
    const auto lot = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(lots); };
    int emptied = 0;
    for (int run = 0; run < 60; ++run) {
        Zone zone(clocks);
        Points points = points_of(zone);
        for (int step = 0; step < 8 && !zone.empty(); ++step) {
            Points next;
            switch (lot(0, 3)) {
                case 0: {
                    zone.up();
                    for (Point point : points) {
                        for (; *std::max_element(point.begin(), point.end()) <= top; ++point[0], ++point[1], ++point[2])
                            next.insert(point);
                    }
                    break;
                }
                case 1: {
                    const int clock = lot(1, clocks);
                    zone.reset(clock);
                    for (Point point : points) {
                        point[static_cast<std::size_t>(clock - 1)] = 0;
                        next.insert(point);
                    }
                    break;
                }
                default: {
                    const int x = lot(0, clocks), y = (x + lot(1, clocks)) % (clocks + 1), most = 4 * lot(-2, 4);
                    const bool strict = lot(0, 1) == 1;
                    zone.constrain(x, y, strict ? TimeBound::below(most) : TimeBound::at_most(most));
                    for (const Point& point : points) {
                        const int gap = value(point, x) - value(point, y);
                        if (strict ? gap < most : gap <= most) next.insert(point);
                    }
                    break;
                }
            }
            points = std::move(next);
            // A reset takes points above the grid along with it, so compare below it.
            std::erase_if(points,
                          [](const Point& point) { return *std::max_element(point.begin(), point.end()) > 16; });
            Points seen = points_of(zone);
            std::erase_if(seen, [](const Point& point) { return *std::max_element(point.begin(), point.end()) > 16; });
            REQUIRE(seen == points);
            Zone closed = zone;
            closed.close();
            REQUIRE((zone.empty() || closed == zone));
            points = points_of(zone);
        }
        emptied += zone.empty();
    }
    CHECK(emptied > 5);
    CHECK(emptied < 55);
}

TEST_CASE("one zone includes another exactly where its points do") {
    std::mt19937 lots(11);
    const auto lot = [&](int least, int most) { return std::uniform_int_distribution<int>(least, most)(lots); };
    int included = 0, pairs = 0;
    for (int run = 0; run < 120; ++run) {
        Zone both[2] = {Zone::any(clocks), Zone::any(clocks)};
        for (Zone& zone : both) {
            for (int k = lot(1, 3); k > 0; --k) {
                const int x = lot(0, clocks);
                zone.constrain(x, (x + lot(1, clocks)) % (clocks + 1), TimeBound::at_most(4 * lot(-1, 4)));
            }
        }
        const Points a = points_of(both[0]), b = points_of(both[1]);
        const bool expected = std::includes(a.begin(), a.end(), b.begin(), b.end());
        CHECK(both[0].includes(both[1]) == expected);
        included += expected;
        ++pairs;
    }
    CHECK(included > 10);
    CHECK(included < pairs - 10);
}

TEST_CASE("clocks may be taken twice, left out, or begin") {
    Zone zone(2);
    zone.up();
    zone.constrain(1, 0, TimeBound::at_most(7));
    zone.reset(2);
    const Zone next = zone.rearranged({1, 0, 1});
    CHECK(next.clocks() == 3);
    CHECK(next.most(1, 0) == TimeBound::at_most(7));
    CHECK(next.most(1, 3) == TimeBound::at_most(0));
    CHECK(next.most(2, 0) == TimeBound::at_most(0));
}

TEST_CASE("extrapolation only takes in, and forgets what no guard asks") {
    Zone zone(2);
    zone.up();
    zone.constrain(1, 0, TimeBound::at_most(100));
    zone.constrain(0, 1, TimeBound::at_most(-90));
    zone.reset(2);
    Zone wider = zone;
    wider.extrapolate({10, 10}, {10, 10});
    CHECK(wider.includes(zone));
    CHECK(wider.most(1, 0).unbounded());
    CHECK(wider.most(0, 1) == TimeBound::below(-10));
    CHECK(wider.most(2, 0) == TimeBound::at_most(0));
    Zone kept = zone;
    kept.extrapolate({100, 10}, {100, 10});
    CHECK(kept == zone);
}
