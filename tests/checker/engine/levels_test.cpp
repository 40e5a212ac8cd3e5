#include "checker/engine/levels.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <map>
#include <random>

#include "checker/engine/insertion.h"

namespace lastack {

namespace {

// A state as it is in a plain list: where it lies, and its level.
struct Listed {
    StripId strip = 0;
    int row = 0, bit = 0, level = 0;
};

// Levels of random states, in several parts each, and the same as a list.
class Sealed {
public:
    explicit Sealed(unsigned seed) : random_(seed) {
        for (std::uint64_t i = 0; i < strip_count; ++i) inserter_.find_or_add<false>({i, 0, 0});
    }

    // `part_count` parts, of which `empty` has no strips.
    void add_level(std::size_t part_count, std::size_t empty) {
        std::vector<Levels::Part> parts;
        const int level = levels.count();
        for (std::size_t part = 0; part < part_count; ++part) {
            std::vector<StripId> strips;
            for (StripId id = 0; id < strip_count && part != empty; ++id) {
                if (id % part_count == part && random_() % 3 == 0) strips.push_back(id);
            }
            std::erase_if(strips, [&](StripId id) { return !make_fresh(id); });
            std::shuffle(strips.begin(), strips.end(), random_);
            for (const StripId id : strips) list_fresh(id, level);
            parts.push_back(Levels::seal(store, strips.data(), strips.data() + strips.size()));
        }
        levels.append(std::move(parts));
    }

    static constexpr StripId strip_count = 60;
    StripStore store;
    Levels levels;
    std::vector<Listed> list;

private:
    bool make_fresh(StripId id) {
        for (std::size_t row = 0; row < Strip::rows; ++row) {
            const std::uint64_t bits = random_() & random_() & random_();
            if (random_() % 2 == 0) continue;
            const StripKey& key = store.key(id);
            inserter_.put<false>({key.rows << Strip::row_bits | row, key.block, bits, key.layer});
        }
        inserter_.flush<false>();
        return store.fresh_rows(id) != 0;
    }
    void list_fresh(StripId id, int level) {
        for (int row = 0; row < Strip::rows; ++row) {
            for (int bit = 0; bit < 64; ++bit) {
                if (store[id].row[row].fresh >> bit & 1) list.push_back({id, row, bit, level});
            }
        }
    }

    std::mt19937_64 random_;
    Inserter inserter_{store};
};

bool is(const Levels::Place& place, const Listed& listed) {
    return place.strip == listed.strip && place.row == listed.row && place.bit == listed.bit;
}

// The first number behind `index` whose strip or level is another one.
std::uint64_t end_of_run(const std::vector<Listed>& list, std::uint64_t index) {
    std::uint64_t end = index;
    while (end < list.size() && list[end].strip == list[index].strip && list[end].level == list[index].level) ++end;
    return end;
}

// Six levels of fifteen parts, of which three are empty.
void fill(Sealed& sealed) {
    sealed.add_level(1, 9);
    sealed.add_level(3, 9);
    sealed.add_level(3, 0);
    sealed.add_level(3, 1);
    sealed.add_level(3, 2);
    sealed.add_level(2, 9);
}

}  // namespace

TEST_CASE("Levels give each number its place and its level, in order and at random") {
    Sealed sealed(5);
    fill(sealed);
    const Levels& levels = sealed.levels;
    const std::vector<Listed>& list = sealed.list;
    REQUIRE(levels.size() == list.size());
    CHECK(levels.count() == 6);
    CHECK(list.size() > 1000);
    std::uint64_t wrong = 0;
    for (std::uint64_t i = 0; i < list.size(); ++i) {
        wrong += !is(levels.place(i), list[i]);
        wrong += levels.level_of(i) != list[i].level;
        wrong += levels.end_of_strip(i) != end_of_run(list, i);
    }
    CHECK(wrong == 0);
    for (std::uint64_t i = list.size(); i-- > 0;) wrong += !is(levels.place(i), list[i]);
    CHECK(wrong == 0);
    std::mt19937_64 random(3);
    for (int i = 0; i < 20'000; ++i) {
        const std::uint64_t number = random() % list.size();
        wrong += !is(levels.place(number), list[number]);
        const std::uint64_t other = random() % list.size();
        wrong += levels.end_of_strip(other) != end_of_run(list, other);
        wrong += levels.level_of(other) != list[other].level;
    }
    CHECK(wrong == 0);
}

TEST_CASE("A level begins where the one before it ends, and so do its parts") {
    Sealed sealed(6);
    fill(sealed);
    const Levels& levels = sealed.levels;
    for (int level = 0; level < levels.count(); ++level) {
        const auto first = std::find_if(sealed.list.begin(), sealed.list.end(),
                                        [&](const Listed& listed) { return listed.level == level; });
        CHECK(levels.start(level) == static_cast<std::uint64_t>(first - sealed.list.begin()));
        CHECK(levels.parts()[levels.first_part(level)].first == levels.start(level));
        CHECK(levels.parts()[levels.first_part(level)].level == level);
    }
    CHECK(levels.start(levels.count()) == levels.size());
    CHECK(levels.first_part(levels.count()) == levels.parts().size());
    // Of the 15 parts, three have no states: they are left out.
    CHECK(levels.parts().size() == 12);
    std::uint64_t number = 0;
    for (const Levels::Part& part : levels.parts()) {
        CHECK(part.first == number);
        CHECK(part.states > 0);
        number += part.states;
    }
    CHECK(number == levels.size());
}

TEST_CASE("What is sealed is seen and no longer fresh") {
    Sealed sealed(7);
    fill(sealed);
    std::map<std::pair<StripId, int>, std::uint64_t> seen;
    for (const Listed& listed : sealed.list) seen[{listed.strip, listed.row}] |= 1ull << listed.bit;
    for (StripId id = 0; id < Sealed::strip_count; ++id) {
        CHECK(sealed.store.fresh_rows(id) == 0);
        for (int row = 0; row < Strip::rows; ++row) {
            CHECK(sealed.store[id].row[row].fresh == 0);
            CHECK(sealed.store[id].row[row].seen == seen[std::pair(id, row)]);
        }
    }
}

TEST_CASE("A level without states is none") {
    Sealed sealed(8);
    sealed.add_level(2, 9);
    const std::uint64_t size = sealed.levels.size();
    sealed.add_level(1, 0);
    sealed.levels.append({});
    CHECK(sealed.levels.count() == 1);
    CHECK(sealed.levels.size() == size);
    sealed.add_level(2, 9);
    CHECK(sealed.levels.count() == 2);
    CHECK(sealed.levels.level_of(size) == 1);
    CHECK(is(sealed.levels.place(size), sealed.list[size]));
}

}  // namespace lastack
