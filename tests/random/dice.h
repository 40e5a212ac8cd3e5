// Numbers at random from a seed, the same on every machine: the distributions of the standard library are not.
// S. Vigna's splitmix64.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace lastack::testing {

class Dice {
public:
    explicit Dice(std::uint64_t seed) : state_(seed) {}

    std::uint64_t next() {
        std::uint64_t z = (state_ += 0x9e3779b97f4a7c15u);
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
        return z ^ (z >> 31);
    }
    int below(int n) { return static_cast<int>(next() % static_cast<std::uint64_t>(n)); }
    int from_to(int low, int high) { return low + below(high - low + 1); }
    bool chance(int percent) { return below(100) < percent; }
    template <class T>
    const T& pick(const std::vector<T>& some) {
        return some[static_cast<std::size_t>(below(static_cast<int>(some.size())))];
    }
    template <class T>
    void shuffle(std::vector<T>& some) {
        for (std::size_t i = some.size(); i > 1; --i)
            std::swap(some[i - 1], some[static_cast<std::size_t>(below(static_cast<int>(i)))]);
    }

private:
    std::uint64_t state_;
};

}  // namespace lastack::testing
