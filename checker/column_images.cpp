#include "checker/column_images.h"

#include <algorithm>
#include <bit>

namespace lastack {

namespace {

// Gathers steps by kind behind the parts that a list has. Halves of a block have much the same steps in the same order, so a
// step's kind is mostly that of the part behind the one found last; else a small table of guesses tells.
class Gathering {
public:
    explicit Gathering(std::vector<ImagePart>& parts) : parts_(parts), begin_(parts.size()), next_(parts.size()) {}

    void add(Half after, std::uint32_t cost, bool reaction, SegmentId segment) {
        const std::uint64_t kind = ImagePart::kind_of(after, cost, reaction, segment);
        if (next_ >= parts_.size()) next_ = begin_;
        if (next_ >= parts_.size() || parts_[next_].kind != kind) search(kind);
        parts_[next_].bits |= 1ull << (after & 63);
        ++parts_[next_++].steps;
    }

private:
    void search(std::uint64_t kind) {
        std::uint8_t& guess = guesses_[kind * 0x9E3779B97F4A7C15ull >> 58];
        next_ = begin_ + guess;
        if (next_ < parts_.size() && parts_[next_].kind == kind) return;
        const auto found = std::find_if(parts_.begin() + static_cast<std::ptrdiff_t>(begin_), parts_.end(),
                                        [&](const ImagePart& part) { return part.kind == kind; });
        next_ = static_cast<std::size_t>(found - parts_.begin());
        if (found == parts_.end()) parts_.push_back({kind, 0, 0});
        guess = static_cast<std::uint8_t>(next_ - begin_);
    }

    std::vector<ImagePart>& parts_;
    std::size_t begin_, next_;
    std::uint8_t guesses_[64] = {};  // where a kind may be, counted from begin_
};

template <class Visit>
void each_half(std::uint64_t block, std::uint64_t word, Visit&& visit) {
    for (; word != 0; word &= word - 1) visit(block << half_block_bits | static_cast<unsigned>(std::countr_zero(word)));
}

}  // namespace

void ColumnImages::work_out(Image& image, std::uint64_t block, std::uint64_t word) {
    image.block = block;
    image.word = word;
    image.parts.clear();
    image.arrivals.clear();
    emissions_.clear();
    Gathering internal(image.parts), emissions(emissions_);
    image.known = (word & ~halves_.known(block)) == 0;
    if (!image.known) return;
    each_half(block, word, [&](Half half) {
        for (const HalfStep step : halves_.internal(half)) internal.add(step.after(), step.cost(), step.reaction(), 0);
        for (const Emission& sent : halves_.emissions(half)) emissions.add(sent.rest, 0, false, sent.segment);
    });
    image.internal_end = static_cast<std::uint32_t>(image.parts.size());
    image.parts.insert(image.parts.end(), emissions_.begin(), emissions_.end());
    image.emissions_end = static_cast<std::uint32_t>(image.parts.size());
}

int ColumnImages::work_out(Image& image, SegmentId segment) {
    if ((image.word & ~halves_.known_receive(image.block, segment)) != 0) return -1;
    const auto begin = static_cast<std::uint32_t>(image.parts.size());
    Gathering arrivals(image.parts);
    each_half(image.block, image.word, [&](Half half) {
        for (const HalfStep step : halves_.receive(half, segment))
            arrivals.add(step.after(), step.cost(), step.reaction(), 0);
    });
    image.arrivals.push_back({segment, begin, static_cast<std::uint32_t>(image.parts.size())});
    return static_cast<int>(image.arrivals.size()) - 1;
}

}  // namespace lastack
