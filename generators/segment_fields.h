// Which of the seldom used fields of a segment the profiles of a system know: writers leave the others out, so that a
// system without them reads as it always did.
#pragma once

#include "model/spec.h"

namespace lastack {

struct SegmentFields {
    bool zero_window = false, era = false;
};

// What a segment template of one of the two profiles gives, or a rule reads. Cost: linear in the profiles.
SegmentFields used_fields(const Profile& a, const Profile& b);

}  // namespace lastack
