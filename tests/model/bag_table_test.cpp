#include "model/bag_table.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <random>
#include <set>

namespace lastack {

namespace {

using Content = std::vector<SegmentId>;

std::vector<SegmentId> taken(BagTable& table, BagId bag) {
    std::vector<SegmentId> segments;
    for (const BagTable::Take& take : table.takes(bag)) segments.push_back(take.segment);
    return segments;
}

}  // namespace

TEST_CASE("A bag forgets the order of sending; a queue keeps it") {
    BagTable bag(3, true), queue(3, false);
    CHECK(bag.put(bag.put(0, 5), 2) == bag.put(bag.put(0, 2), 5));
    CHECK(queue.put(queue.put(0, 5), 2) != queue.put(queue.put(0, 2), 5));
    CHECK(queue.content(queue.put(queue.put(0, 5), 2)) == Content{5, 2});
}

TEST_CASE("From a bag each distinct segment can be taken, from a queue the head only") {
    BagTable bag(3, true), queue(3, false);
    const BagId three = bag.put(bag.put(bag.put(0, 4), 1), 4);
    CHECK(taken(bag, three) == std::vector<SegmentId>{1, 4});
    for (const BagTable::Take& take : bag.takes(three)) CHECK(bag.put(take.rest, take.segment) == three);
    const BagId line = queue.put(queue.put(queue.put(0, 4), 1), 4);
    REQUIRE(taken(queue, line) == std::vector<SegmentId>{4});
    CHECK(queue.content(queue.takes(line)[0].rest) == Content{1, 4});
    CHECK(bag.takes(0).empty());
    CHECK(queue.takes(0).empty());
}

TEST_CASE("A full content takes no more, neither by sending nor by doubling") {
    for (const bool reorders : {true, false}) {
        BagTable table(2, reorders);
        const BagId two = table.put(table.put(0, 1), 1);
        CHECK(table.content(two) == Content{1, 1});
        CHECK(table.put(two, 1) == BagTable::full);
        CHECK(table.put(two, 100) == BagTable::full);
        CHECK(table.twice(two, 1) == BagTable::full);
    }
}

TEST_CASE("A doubled segment stands beside itself") {
    BagTable queue(3, false), bag(3, true);
    CHECK(queue.content(queue.twice(queue.put(queue.put(0, 7), 3), 7)) == Content{7, 7, 3});
    CHECK(bag.content(bag.twice(bag.put(bag.put(0, 7), 3), 7)) == Content{3, 7, 7});
}

TEST_CASE("Contents of random sendings and takings stay what they are, whatever the table has to grow") {
    std::mt19937 random(1);
    BagTable table(4, true);
    std::set<Content> seen;
    BagId bag = 0;
    Content mirror;
    for (int i = 0; i < 20'000; ++i) {
        if (random() % 2 == 0) {
            const auto segment = static_cast<SegmentId>(random() % 60);
            const BagId next = table.put(bag, segment);
            if (mirror.size() == 4) {
                CHECK(next == BagTable::full);
                continue;
            }
            mirror.push_back(segment);
            std::sort(mirror.begin(), mirror.end());
            bag = next;
        } else if (!mirror.empty()) {
            const std::size_t choice = random() % table.takes(bag).size();
            const BagTable::Take take = table.takes(bag)[choice];
            mirror.erase(std::find(mirror.begin(), mirror.end(), take.segment));
            bag = take.rest;
        }
        REQUIRE(table.content(bag) == mirror);
        seen.insert(mirror);
    }
    CHECK(seen.size() <= table.size());
}

}  // namespace lastack
