#include "model/bag_table.h"

#include <algorithm>
#include <stdexcept>

namespace lastack {

BagTable::BagTable(int capacity, bool reorders) : capacity_(static_cast<std::size_t>(capacity)), reorders_(reorders) {
    intern({});
}

BagId BagTable::intern(const std::vector<SegmentId>& content) {
    const auto [place, fresh] = ids_.try_emplace(content, static_cast<BagId>(contents_.size()));
    if (fresh) {
        if (place->second == unknown) throw std::length_error("more than 2^32 contents of a direction");
        contents_.push_back(content);
        put_.resize(put_.size() + stride_, unknown);
        takes_.emplace_back();
        take_ready_.push_back(0);
        // Two copies of the content, a node of the map with three links, and the rows.
        bytes_ += 2 * content.size() * sizeof(SegmentId) + 160 + stride_ * sizeof(BagId) + sizeof(takes_[0]);
    }
    return place->second;
}

std::vector<SegmentId> BagTable::with(std::vector<SegmentId> content, SegmentId segment) const {
    const auto place = reorders_ ? std::upper_bound(content.begin(), content.end(), segment) : content.end();
    content.insert(place, segment);
    return content;
}

// How many of a content's segments may be the next to arrive.
std::size_t BagTable::takable(const std::vector<SegmentId>& content) const {
    return reorders_ ? content.size() : std::min<std::size_t>(content.size(), 1);
}

BagId BagTable::fill_put(BagId bag, SegmentId segment) {
    while (segment >= stride_) {  // a wider table: re-lay the rows
        std::vector<BagId> wider(size() * stride_ * 2, unknown);
        for (std::size_t row = 0; row < size(); ++row) {
            std::copy_n(put_.begin() + row * stride_, stride_, wider.begin() + row * stride_ * 2);
        }
        put_ = std::move(wider);
        bytes_ += size() * stride_ * sizeof(BagId);
        stride_ *= 2;
    }
    BagId result = full;
    if (contents_[bag].size() < capacity_) result = intern(with(contents_[bag], segment));
    put_[bag * stride_ + segment] = result;
    return result;
}

void BagTable::fill_takes(BagId bag) {
    const std::vector<SegmentId> content = contents_[bag];
    std::vector<Take> takes;
    for (std::size_t i = 0; i < takable(content); ++i) {
        if (i > 0 && content[i] == content[i - 1]) continue;
        std::vector<SegmentId> rest = content;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        takes.push_back({content[i], intern(rest)});
    }
    bytes_ += takes.size() * sizeof(Take);
    takes_[bag] = std::move(takes);
    take_ready_[bag] = 1;
}

BagId BagTable::twice(BagId bag, SegmentId segment) {
    if (reorders_) return put(bag, segment);
    if (content(bag).size() >= capacity_) return full;
    std::vector<SegmentId> twice = content(bag);
    twice.insert(twice.begin(), segment);
    return intern(twice);
}

}  // namespace lastack
