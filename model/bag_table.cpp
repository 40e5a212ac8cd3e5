#include "model/bag_table.h"

#include <algorithm>

namespace lastack {

BagTable::BagTable(int capacity, bool reorders) : capacity_(static_cast<std::size_t>(capacity)), reorders_(reorders) {
    intern({});
}

BagId BagTable::intern(const std::vector<SegmentId>& content) {
    const auto [place, fresh] = ids_.try_emplace(content, static_cast<BagId>(contents_.size()));
    if (fresh) {
        contents_.push_back(content);
        put_.resize(put_.size() + stride_, unknown);
        takes_.emplace_back();
        take_ready_.push_back(0);
    }
    return place->second;
}

BagId BagTable::fill_put(BagId bag, SegmentId segment) {
    while (segment >= stride_) {  // a wider table: re-lay the rows
        std::vector<BagId> wider(size() * stride_ * 2, unknown);
        for (std::size_t row = 0; row < size(); ++row) {
            std::copy_n(put_.begin() + row * stride_, stride_, wider.begin() + row * stride_ * 2);
        }
        put_ = std::move(wider);
        stride_ *= 2;
    }
    BagId result = full;
    if (contents_[bag].size() < capacity_) {
        std::vector<SegmentId> content = contents_[bag];
        const auto place = reorders_ ? std::upper_bound(content.begin(), content.end(), segment) : content.end();
        content.insert(place, segment);
        result = intern(content);
    }
    put_[bag * stride_ + segment] = result;
    return result;
}

void BagTable::fill_takes(BagId bag) {
    const std::vector<SegmentId> content = contents_[bag];
    const std::size_t last = reorders_ ? content.size() : std::min<std::size_t>(content.size(), 1);
    std::vector<Take> takes;
    for (std::size_t i = 0; i < last; ++i) {
        if (i > 0 && content[i] == content[i - 1]) continue;
        std::vector<SegmentId> rest = content;
        rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(i));
        takes.push_back({content[i], intern(rest)});
    }
    takes_[bag] = std::move(takes);
    take_ready_[bag] = 1;
}

BagId BagTable::twice(BagId bag, SegmentId segment) {
    if (reorders_) return put(bag, segment);
    if (contents_[bag].size() >= capacity_) return full;
    std::vector<SegmentId> content = contents_[bag];
    content.insert(content.begin(), segment);
    return intern(content);
}

}  // namespace lastack
