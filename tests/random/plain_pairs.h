// Two profiles compared by brute force: the plain interpreter, every segment, every local state.
#pragma once

#include <optional>

#include "model/plain.h"

namespace lastack::testing {

enum class PlainVerdict {
    same,       // bisimilar
    different,  // not, also where inputs by which a side leaves its ranges are left out
    undecided,  // only such inputs make a difference
    too_large,  // more local states than brute force is for
};

PlainVerdict plain_compare(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                           std::size_t most_states = 400);

}  // namespace lastack::testing
