#include "checker/engine/column_images.h"

#include <bit>

namespace lastack {

namespace {

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
    image.known = (word & ~halves_.known(block)) == 0;
    if (!image.known) return;
    const std::span<const StepKind> kinds = halves_.kinds(block);
    internal_.begin(kinds.size());
    emissions_.begin(kinds.size());
    each_half(block, word, [&](Half half) {
        for (const HalfStep step : halves_.internal(half)) internal_.add(step.kind(), step.after());
        for (const Emission& sent : halves_.emissions(half)) emissions_.add(sent.kind, sent.rest);
    });
    internal_.take(kinds, image.parts);
    image.internal_end = static_cast<std::uint32_t>(image.parts.size());
    emissions_.take(kinds, image.parts);
    image.emissions_end = static_cast<std::uint32_t>(image.parts.size());
}

int ColumnImages::work_out(Image& image, SegmentId segment) {
    if ((image.word & ~halves_.known_receive(image.block, segment)) != 0) return -1;
    const auto begin = static_cast<std::uint32_t>(image.parts.size());
    const std::span<const StepKind> kinds = halves_.kinds(image.block);
    internal_.begin(kinds.size());
    each_half(image.block, image.word, [&](Half half) {
        for (const HalfStep step : halves_.receive(half, segment)) internal_.add(step.kind(), step.after());
    });
    internal_.take(kinds, image.parts);
    image.arrivals.push_back({segment, begin, static_cast<std::uint32_t>(image.parts.size())});
    return static_cast<int>(image.arrivals.size()) - 1;
}

}  // namespace lastack
