// Which arriving segments can a profile tell apart at all, by what is written in its rules?
//
// Idea: a rule sees a segment only through conditions and numbers in which a field of it stands. Two segments that give
// each of these the same value, whatever the variables are, get the same reaction in every local state, so one of them
// stands for both. The flags are put in first: conditions that they decide (`not seg.rst and ...`) say nothing about
// the numbers of that segment any more. Variables are taken to have any value of their declared range, and where those
// are too many, the fields themselves take the place of the value: both only keep more segments apart. A number that is
// only sent or stored counts up to the largest one that the profiles use; behind that only which of two such numbers is
// larger. Cost: segments times conditions times values of the variables in a condition.
#pragma once

#include <cstdint>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

struct ReadProfile {
    const Profile* profile;
    const Limits* limits;
};

// What the rules make of a segment's numbers.
struct NumberBounds {
    int unit = 0;    // no condition changes for a SEQ or ACK above this, as long as the rest of the segment stays
    int length = 0;  // the same for LEN
    int used =
        0;  // the largest SEQ or ACK that a profile sends of its own, and the largest number that it keeps of a segment
    bool reads_window = false;
};
NumberBounds number_bounds(const std::vector<ReadProfile>& profiles);

// For each segment the index of the first one that no rule tells from it.
std::vector<std::uint32_t> segment_classes(const std::vector<Segment>& segments,
                                           const std::vector<ReadProfile>& profiles);

}  // namespace lastack
