// What is known of when things happen in a run: instants, and bounds of the time between any two of them.
//
// Idea: a simple temporal network (Dechter, Meiri, Pearl, "Temporal constraint networks", 1991): a matrix of the most
// time from one instant to another, kept closed under the triangle inequality, as the zones of timed automata are. So
// it answers whether one timer can, or must, expire before another although they were started at different moments.
// Cost: quadratic in the instants for each new constraint; a vector has some dozens.
#pragma once

#include <cstdint>
#include <vector>

namespace lastack {

// A length of time, or bounds of it, in microseconds; both ends included.
struct Interval {
    std::int64_t low = 0, high = 0;
    auto operator<=>(const Interval&) const = default;
};

// A moment that is known to lie in an interval after an instant.
struct When {
    int since = 0;  // an instant of the network
    std::int64_t low = 0, high = 0;
    auto operator<=>(const When&) const = default;
};

class Instants {
public:
    static constexpr int opening = 0;  // the first instant, there from the beginning

    Instants() : most_{0} {}

    // A new instant in this interval after another one.
    int add(int earlier, Interval after);
    // `to` lies in this interval after `from`, too. False where that contradicts what was known; nothing holds from
    // then on.
    bool constrain(int from, int to, Interval after);
    // Bounds of `to` minus `from`. Negative where `to` is the earlier one.
    Interval gap(int from, int to) const { return {-most(to, from), most(from, to)}; }

    // The moment seen from another instant: wider where the time between the two is not known exactly.
    When seen_from(const When& moment, int since) const;
    // Bounds of `second` minus `first`.
    Interval between(const When& first, const When& second) const;

private:
    // The most that `to` can come after `from`.
    std::int64_t most(int from, int to) const { return most_[static_cast<std::size_t>(from * count_ + to)]; }

    int count_ = 1;
    std::vector<std::int64_t> most_;  // row after row: from, to
};

}  // namespace lastack
