// What is in flight in one direction, as numbers: bags (reordering) or queues (in order) of segments.
//
// A content is a list of at most `capacity` segment ids: sorted for a bag, in sending order for a queue.
// Contents get numbers in order of first use; 0 is empty. put() and the list of takes are looked up after first use.
// Cost: one cell of 8 bytes for each (content, segment) pair that was put. Not thread-safe.
//
// The number of contents grows with the capacity like the number of multisets. Where tables of them would not fit, the
// packed form does without: the number of a content is the content, a field for each segment, and everything is worked
// out each time. It takes 48 bits; segments whose number does not fit a field are refused with std::length_error.
#pragma once

#include <cstdint>
#include <limits>
#include <map>
#include <span>
#include <vector>

#include "model/segment_table.h"

namespace lastack {

using BagId = std::uint64_t;

class BagTable {
public:
    static constexpr BagId full = std::numeric_limits<BagId>::max();  // put() where there is no room

    // A distinct segment that may be the next to arrive, and the content without it.
    struct Take {
        SegmentId segment = 0;
        BagId rest = 0;
    };

    enum class Form { table, packed };
    static constexpr int packed_bits = 48;

    BagTable(int capacity, bool reorders, Form form = Form::table);

    std::size_t size() const { return contents_.size(); }  // contents met so far; 1 where they are packed
    std::uint64_t bytes() const { return bytes_; }         // of the tables, about
    // Valid until the next call of a member.
    const std::vector<SegmentId>& content(BagId bag) const {
        if (form_ == Form::packed) return unpacked(bag);
        return contents_[bag];
    }

    // The number of a content, new where it was not known. At most `capacity` segments, sorted for a bag.
    BagId intern(const std::vector<SegmentId>& content);

    // The content with one more copy of the segment, last in a queue; `full` where there is no room.
    BagId put(BagId bag, SegmentId segment) {
        if (form_ == Form::packed) return put_packed(bag, segment);
        if (segment < stride_) {
            const BagId known = put_[bag * stride_ + segment];
            if (known != unknown) return known;
        }
        return fill_put(bag, segment);
    }

    // Distinct segments that can be delivered, lost or duplicated: all of a bag, the head of a queue.
    // Valid until the next call of takes().
    std::span<const Take> takes(BagId bag) {
        if (form_ == Form::packed) return takes_packed(bag);
        if (!take_ready_[bag]) fill_takes(bag);
        return takes_[bag];
    }

    // The content with the taken segment doubled (beside itself in a queue); `full` where there is no room.
    BagId twice(BagId bag, SegmentId segment);

private:
    static constexpr BagId unknown = full - 1;

    BagId fill_put(BagId bag, SegmentId segment);
    void fill_takes(BagId bag);
    const std::vector<SegmentId>& unpacked(BagId bag) const;
    BagId pack(const std::vector<SegmentId>& content) const;
    BagId put_packed(BagId bag, SegmentId segment);
    std::span<const Take> takes_packed(BagId bag);
    std::vector<SegmentId> with(std::vector<SegmentId> content, SegmentId segment) const;
    std::size_t takable(const std::vector<SegmentId>& content) const;

    std::size_t capacity_;
    bool reorders_;
    Form form_;
    int field_;                                // packed: bits for each segment
    mutable std::vector<SegmentId> unpacked_;  // packed: the content asked for last
    std::vector<Take> takes_packed_;           // packed: those asked for last
    std::uint64_t bytes_ = 0;
    std::vector<std::vector<SegmentId>> contents_;
    std::map<std::vector<SegmentId>, BagId> ids_;
    std::vector<BagId> put_;  // bag * stride_ + segment
    std::size_t stride_ = 16;
    std::vector<std::vector<Take>> takes_;
    std::vector<char> take_ready_;
};

}  // namespace lastack
