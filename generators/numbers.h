// Other numbers for a vector that mean the same: the tester's initial sequence number, its window, the bytes of a unit
// of text, and in how many segments that comes. No verdict of a right implementation depends on them; one of an
// implementation that compares numbers wrongly does.
//
// Idea: of the segments that the tester sends one is chosen, and placed around 2^31 or 2^32 (checker/numbers). Which
// segment, which place, which window and which unit goes round from vector to vector, so that a suite meets all of
// them; the seed decides where it begins. The IUT's own numbers are its own choice. Cost: linear in the vector.
#pragma once

#include <cstdint>
#include <memory>

#include "generators/segment_size.h"
#include "generators/vector.h"

namespace lastack {

class Placements;

// The vector with another unit of text: one byte, one segment, more. The bytes of `vector` are told apart by its own
// unit_bytes: whole units of text, and near their borders a FIN, what stands behind that, and probes, a byte each.
TestVector with_unit(const TestVector& vector, int unit_bytes);

// May the IUT's text be longer than a segment, so that it comes in several? Not where it may be sent again, or where
// the tester sends text, too: for how that comes and is answered in parts a vector has no words.
bool can_come_in_parts(const TestVector& vector);

class Numbers {
public:
    explicit Numbers(std::uint32_t seed);
    ~Numbers();

    void put(TestVector& vector);
    std::size_t solved() const;  // placements that Z3 has computed

private:
    void choose_unit(TestVector& vector);
    void place(TestVector& vector);

    std::unique_ptr<Placements> placements_;
    std::uint32_t turn_;       // goes round
    std::uint32_t with_text_;  // the same, of vectors in which text is sent
};

}  // namespace lastack
