// What the steps of end 1 make of a word of states: up to 64 halves of one block, all beside the same half of end 0.
//
// Idea: the result does not depend on the half beside them, so it is worked out once for a pair (block, word) and
// looked up where the same pair comes again, which is three to nine times in ten (`./dev bench`). A direct-mapped cache
// keeps the latest one of each place. One for each thread; the halves are only read.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "checker/engine/halves.h"

namespace lastack {

// Halves of one block that steps of one kind lead to.
struct ImagePart {
    StepKind kind;
    std::uint64_t bits = 0;
    std::uint32_t steps = 0;  // how many led here, at least as many as there are bits
};

struct Image {
    struct Received {
        SegmentId segment = 0;
        std::uint32_t begin = 0, end = 0;
    };
    // The steps of these halves and of the network on what they sent; and what is left when a segment of theirs
    // arrives.
    std::span<const ImagePart> internal() const { return {parts.data(), internal_end}; }
    std::span<const ImagePart> emissions() const { return {parts.data() + internal_end, emissions_end - internal_end}; }
    std::span<const ImagePart> received(int arrival) const {
        const Received& one = arrivals[static_cast<std::size_t>(arrival)];
        return {parts.data() + one.begin, one.end - one.begin};
    }

    std::uint64_t block = 0, word = 0;  // of what; a word is never 0
    bool known = false;                 // the lists of all halves were there
    std::uint32_t internal_end = 0, emissions_end = 0;
    std::vector<ImagePart> parts;  // internal, emissions, then those of each segment received so far
    std::vector<Received> arrivals;
};

// Steps out of halves of one block, by the numbers of their kinds.
class Gathering {
public:
    void begin(std::size_t kinds) {
        if (led_.size() <= kinds) met_.resize(kinds + 1), led_.resize(kinds + 1);
    }
    void add(KindId kind, Half after) {
        Led& led = led_[kind];
        met_[met_count_] = kind;
        met_count_ += led.steps == 0;
        led.bits |= 1ull << (after & 63);
        ++led.steps;
    }
    // Puts a part for each kind behind the others, and forgets all.
    void take(std::span<const StepKind> kinds, std::vector<ImagePart>& parts) {
        for (std::size_t i = 0; i < met_count_; ++i) {
            Led& led = led_[met_[i]];
            parts.push_back({kinds[met_[i]], led.bits, led.steps});
            led = {};
        }
        met_count_ = 0;
    }

private:
    struct Led {
        std::uint64_t bits = 0;
        std::uint32_t steps = 0;
    };
    std::vector<Led> led_;     // by number
    std::vector<KindId> met_;  // those that have steps; and room for one more
    std::size_t met_count_ = 0;
};

class ColumnImages {
public:
    explicit ColumnImages(const Halves& halves) : halves_(halves), cache_(places) {}

    // The reference is valid until the next call. `known` is false where a list is missing that must be filled first.
    Image& of(std::uint64_t block, std::uint64_t word) {
        Image& image = cache_[(block * 0x9E3779B97F4A7C15ull ^ word * 0xD6E8FEB86659FD93ull) >> (64 - place_bits)];
        if (image.word != word || image.block != block || !image.known) work_out(image, block, word);
        return image;
    }
    // What the arrival of a segment makes of an image's word: an index of `arrivals`; -1 where a list is missing.
    int received(Image& image, SegmentId segment) {
        for (std::size_t i = 0; i < image.arrivals.size(); ++i) {
            if (image.arrivals[i].segment == segment) return static_cast<int>(i);
        }
        return work_out(image, segment);
    }

private:
    static constexpr int place_bits = 10;
    static constexpr std::size_t places = std::size_t{1} << place_bits;

    void work_out(Image& image, std::uint64_t block, std::uint64_t word);
    int work_out(Image& image, SegmentId segment);

    const Halves& halves_;
    std::vector<Image> cache_;
    Gathering internal_, emissions_;
};

}  // namespace lastack
