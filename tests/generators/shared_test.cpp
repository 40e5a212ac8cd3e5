#include "generators/shared.h"

#include <doctest/doctest.h>

#include <map>
#include <string>
#include <vector>

using namespace lastack;
using Numbers = Shared<std::vector<int>>;

TEST_CASE("copies are the same container until one is changed") {
    const Numbers one = {1, 2};
    Numbers other = one;
    CHECK(&other.get() == &one.get());
    other.edit().push_back(3);
    CHECK(one.get() == std::vector<int>{1, 2});
    CHECK(other.get() == std::vector<int>{1, 2, 3});
    const auto* own = &other.get();
    other.edit().push_back(4);
    CHECK(&other.get() == own);  // nobody else has it: no further copy
}

TEST_CASE("equality is that of what is in it, shared or not") {
    const Numbers one = {1}, same = one, like = {1}, other = {2};
    CHECK(one == same);
    CHECK(one == like);
    CHECK_FALSE(one == other);
    CHECK(Numbers() == Numbers(std::vector<int>()));
    CHECK_FALSE(Numbers() == one);
}

TEST_CASE("one that was never given anything is empty and can be changed") {
    Shared<std::map<std::string, int>> map;
    CHECK(map.empty());
    CHECK(map.begin() == map.end());
    map.edit()["a"] = 1;
    CHECK(map.at("a") == 1);
    CHECK(map.contains("a"));
    CHECK(Shared<std::map<std::string, int>>().empty());
}
