// Where in the sequence space a segment lies so that a wrong comparison of numbers shows: at, just below and just above
// the places where the sign of a difference flips (2^31) and where numbers wrap (2^32).
//
// Idea: a placement is a formula over bit vectors, the segment's first number and the window that goes with it; Z3 has
// the numbers. Source: RFC 9293 3.4, arithmetic modulo 2^32. A placement says nothing of the vector that it is for, so
// alike segments of a whole suite share an answer, and each is computed once. Same seed, same questions in the same
// order: same numbers. Cost: less than a millisecond for each that is new. Not thread-safe.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>

namespace lastack {

struct Placement {
    enum class Border { sign, wrap };  // 2^31, 2^32
    enum class Place {
        first_below,  // the segment's first number is the last one before the border
        first_at,
        first_above,
        next_below,  // the number behind the segment, which its receiver acknowledges
        next_at,
        next_above,
        across,  // the border is between the first number and the one behind
    };
    enum class Size { least, below_sign, at_sign, most, any };  // of the window: the sign of 16 bits is 2^15

    Border border = Border::sign;
    Place place = Place::first_at;
    std::uint32_t length = 0;  // numbers that the segment takes: text, and one for a FIN or a SYN
    Size size = Size::any;
    std::uint32_t least_window = 1;  // bytes, at most 65535
    auto operator<=>(const Placement&) const = default;
};

struct Placed {
    std::uint32_t first = 0;   // the segment's first number
    std::uint16_t window = 0;  // bytes
};

class Placements {
public:
    static constexpr std::size_t places = 7, sizes = 5;

    explicit Placements(std::uint32_t seed);
    ~Placements();
    Placements(const Placements&) = delete;
    Placements& operator=(const Placements&) = delete;

    // Nothing where there is none: a segment of one number lies across nothing, a window of 2^15 may be too small.
    std::optional<Placed> at(const Placement& wanted);
    std::size_t solved() const;  // placements that were computed

private:
    struct Solver;
    std::unique_ptr<Solver> solver_;
};

}  // namespace lastack
