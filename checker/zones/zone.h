// Difference-bound matrices: the sets of clock values that a timed exploration meets, as bounds of x - y for any two
// clocks.
//
// Idea: Dill, "Timing assumptions and verification of finite-state concurrent systems" (1989); Bengtsson and Yi, "Timed
// automata: semantics, algorithms and tools" (2004). A zone is kept closed under the triangle inequality, so that two
// zones are the same set exactly where their matrices are, and inclusion is a comparison cell by cell. Clock 0 is the
// instant that never moves. Extrapolation is Extra-LU of Behrmann, Bouyer, Larsen and Pelanek, "Lower and upper bounds
// in zone based abstractions of timed automata" (2004): sound where guards compare one clock with a number, as all of
// ours do.
// Time is dense, in microseconds; a bound says whether it is reached.
// Cost: n^2 cells of 8 bytes; a constraint costs n^2, closing a matrix n^3.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

namespace lastack {

// "At most this" or "less than this", as one number that orders both: twice the value, and one where it is reached.
class TimeBound {
public:
    static constexpr TimeBound at_most(std::int64_t us) { return TimeBound(us * 2 + 1); }
    static constexpr TimeBound below(std::int64_t us) { return TimeBound(us * 2); }
    static constexpr TimeBound none() { return TimeBound(std::numeric_limits<std::int64_t>::max() / 4); }

    constexpr bool unbounded() const { return code_ >= none().code_; }
    constexpr std::int64_t us() const { return code_ >> 1; }
    constexpr bool reached() const { return (code_ & 1) != 0; }
    constexpr auto operator<=>(const TimeBound&) const = default;
    // The bound of x - z by those of x - y and y - z.
    constexpr TimeBound operator+(TimeBound other) const {
        if (unbounded() || other.unbounded()) return none();
        return TimeBound(code_ + other.code_ - ((code_ | other.code_) & 1));
    }
    // What is left where this does not hold, for the difference the other way round.
    constexpr TimeBound opposite() const { return reached() ? below(-us()) : at_most(-us()); }

private:
    explicit constexpr TimeBound(std::int64_t code) : code_(code) {}
    std::int64_t code_ = 1;
};

class Zone {
public:
    // All clocks at zero.
    explicit Zone(int clocks);
    // Any values, none of them negative.
    static Zone any(int clocks);

    int clocks() const { return count_ - 1; }
    bool empty() const { return empty_; }
    // The most that x - y can be; x, y from 0, which is the constant 0.
    TimeBound most(int x, int y) const { return bounds_[static_cast<std::size_t>(x * count_ + y)]; }

    // Keeps the values with x - y inside of that bound. False where none is left.
    bool constrain(int x, int y, TimeBound bound);
    // Time passes, as long as it likes.
    void up();
    void reset(int x);
    // Are all of the other one's values among these? Of as many clocks.
    bool includes(const Zone& other) const;
    bool operator==(const Zone& other) const = default;

    // The clock k + 1 of the new zone is the clock from[k] of this one, or starts now where that is 0. One may be taken
    // twice, or not at all.
    Zone rearranged(const std::vector<int>& from) const;

    // For each clock from 1 the largest number that a guard asks it to have reached, and not to have passed. Values
    // beyond both are all alike; what is taken in is told apart from what was there by no guard.
    void extrapolate(const std::vector<std::int64_t>& lower, const std::vector<std::int64_t>& upper);

    // The matrix again, closed by Floyd and Warshall; for tests, and after extrapolation.
    void close();

private:
    TimeBound& at(int x, int y) { return bounds_[static_cast<std::size_t>(x * count_ + y)]; }

    int count_ = 1;
    bool empty_ = false;
    std::vector<TimeBound> bounds_;
};

}  // namespace lastack
