// What is in flight in one direction, as numbers: bags (reordering) or queues (in order) of segments.
//
// A content is a list of at most `capacity` segment ids: sorted for a bag, in sending order for a queue.
// Contents get numbers in order of first use; 0 is empty. put() and the list of takes are looked up after first use.
// Cost: one cell of 4 bytes for each (content, segment) pair that was put. Not thread-safe.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "model/segment_table.h"

namespace lastack {

using BagId = std::uint32_t;

class BagTable {
public:
    static constexpr BagId full = std::numeric_limits<BagId>::max();  // put() where there is no room

    // A distinct segment that may be the next to arrive, and the content without it.
    struct Take {
        SegmentId segment = 0;
        BagId rest = 0;
    };

    BagTable(int capacity, bool reorders);

    std::size_t size() const { return contents_.size(); }  // contents met so far
    std::uint64_t bytes() const { return bytes_; }         // of the tables, about
    // Valid until the next call of a member.
    const std::vector<SegmentId>& content(BagId bag) const { return contents_[bag]; }

    // The content with one more copy of the segment, last in a queue; `full` where there is no room.
    BagId put(BagId bag, SegmentId segment) {
        if (segment < stride_) {
            const BagId known = put_[bag * stride_ + segment];
            if (known != unknown) return known;
        }
        return fill_put(bag, segment);
    }

    // Distinct segments that can be delivered, lost or duplicated: all of a bag, the head of a queue.
    // Valid until the next call of takes().
    std::span<const Take> takes(BagId bag) {
        if (!take_ready_[bag]) fill_takes(bag);
        return takes_[bag];
    }

    // The content with the taken segment doubled (beside itself in a queue); `full` where there is no room.
    BagId twice(BagId bag, SegmentId segment);

private:
    static constexpr BagId unknown = full - 1;

    // The number of a content, new where it was not known. At most `capacity` segments, sorted for a bag.
    BagId intern(const std::vector<SegmentId>& content);
    BagId fill_put(BagId bag, SegmentId segment);
    void fill_takes(BagId bag);
    std::vector<SegmentId> with(std::vector<SegmentId> content, SegmentId segment) const;
    std::size_t takable(const std::vector<SegmentId>& content) const;

    std::size_t capacity_;
    bool reorders_;
    std::uint64_t bytes_ = 0;
    std::vector<std::vector<SegmentId>> contents_;
    std::map<std::vector<SegmentId>, BagId> ids_;
    std::vector<BagId> put_;  // bag * stride_ + segment
    std::size_t stride_ = 16;
    std::vector<std::vector<Take>> takes_;
    std::vector<char> take_ready_;
};

}  // namespace lastack
