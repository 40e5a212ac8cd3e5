// Numbers for the segments of one direction, in order of first use. At most 65,535 kinds.
#pragma once

#include <cstdint>
#include <map>
#include <stdexcept>
#include <vector>

#include "model/segment.h"

namespace lastack {

using SegmentId = std::uint16_t;

class SegmentTable {
public:
    SegmentId intern(const Segment& segment) {
        const auto [place, fresh] = ids_.try_emplace(segment, static_cast<SegmentId>(segments_.size()));
        if (fresh) {
            if (segments_.size() == 65'535) throw std::length_error("more than 65,535 kinds of segment");
            segments_.push_back(segment);
        }
        return place->second;
    }
    const Segment& operator[](SegmentId id) const { return segments_[id]; }
    std::size_t size() const { return segments_.size(); }

private:
    std::map<Segment, SegmentId> ids_;
    std::vector<Segment> segments_;
};

}  // namespace lastack
