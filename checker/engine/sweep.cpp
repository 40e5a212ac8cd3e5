#include "checker/engine/sweep.h"

#include <bit>

namespace lastack {

// Of a state and its mirror image, the one with the smaller half at end 0 is kept.
template <bool shared>
void SweepWorker::put_mirrored(const WordOfStates& word) {
    const std::uint64_t own = word.half >> half_block_bits, own_bit = 1ull << (word.half & 63);
    std::uint64_t turned = own < word.block ? 0 : own > word.block ? word.bits : word.bits & (own_bit - 1);
    if (word.bits != turned) inserter.put<shared>({word.half, word.block, word.bits & ~turned, word.layer});
    for (; turned != 0; turned &= turned - 1) {
        const Half other = word.block << half_block_bits | static_cast<unsigned>(std::countr_zero(turned));
        inserter.put<shared>({other, own, own_bit, word.layer});
    }
}

// The layer after some steps, `none` where they cost too much. Counts them for the row at hand.
inline std::int32_t SweepWorker::spend(std::uint32_t layer, std::uint32_t cost, bool reaction, std::uint32_t steps) {
    const std::int32_t after = tables_.layers->after(layer, cost);
    if (after >= 0)
        row_transitions_ += steps;
    else if (reaction)
        row_cuts_ += steps;
    return after;
}

template <bool shared>
void SweepWorker::put_image(Half half, std::span<const ImagePart> parts, std::uint32_t layer) {
    for (const ImagePart& part : parts) {
        const std::int32_t after = spend(layer, part.kind.cost(), part.kind.reaction(), part.steps);
        if (after >= 0) put<shared>({half, part.kind.block(), part.bits, static_cast<std::uint32_t>(after)});
    }
}

template <bool shared>
void SweepWorker::expand(const RowAt& at, const StripKey& key, bool shown) {
    if (shown || tables_.to_be_shown(key.rows << Strip::row_bits | at.row, key.block, at.bits) == 0)
        expand_known<shared>(at, key);
    else
        deferred.push_back({at, {}, 0, false});
}

// All steps of the states of a row: of end 0 alone, of end 1 alone, and both ways of a segment from one to the other.
// Where a list is missing, nothing is put. What one half receives is all over its table, so
// it is asked for while the rest is done.
template <bool shared>
void SweepWorker::expand_known(const RowAt& at, const StripKey& key) {
    const Halves& rows = *tables_.half[0];
    const Halves& columns = *tables_.half[1];
    const Half half = key.rows << Strip::row_bits | at.row;
    const std::uint64_t block = half >> half_block_bits, bit = 1ull << (half & 63);
    const auto first = [&](std::uint64_t missing) {
        return key.block << half_block_bits | static_cast<unsigned>(std::countr_zero(missing));
    };
    if ((rows.known(block) & bit) == 0) return put_off(at, 0, {half, {}});
    Image& image = images_.of(key.block, at.bits);
    if (!image.known) return put_off(at, 1, {first(at.bits & ~columns.known(key.block)), {}});
    const auto count = static_cast<std::uint32_t>(std::popcount(at.bits));
    for (const Emission& sent : rows.emissions(half)) {
        if (images_.received(image, sent.segment) >= 0) continue;
        const std::uint64_t missing = at.bits & ~columns.known_receive(key.block, sent.segment);
        return put_off(at, 1, {first(missing), sent.segment});
    }
    for (const ImagePart& left : image.emissions()) {
        const SegmentId segment = left.kind.segment();
        if ((rows.known_receive(block, segment) & bit) == 0) return put_off(at, 0, {half, segment});
        rows.prefetch_receive(half, segment);
    }
    row_transitions_ = row_cuts_ = 0;
    for (const Emission& sent : rows.emissions(half)) {
        const int arrival = images_.received(image, sent.segment);
        put_image<shared>(sent.rest, image.received(arrival), key.layer);
    }
    for (const HalfStep step : rows.internal(half)) {
        const std::int32_t after = spend(key.layer, step.cost(), step.reaction(), count);
        if (after >= 0) put<shared>({step.after(), key.block, at.bits, static_cast<std::uint32_t>(after)});
    }
    put_image<shared>(half, image.internal(), key.layer);
    for (const ImagePart& left : image.emissions()) {
        for (const HalfStep step : rows.receive(half, left.kind.segment())) {
            const std::int32_t after = spend(key.layer, step.cost(), step.reaction(), left.steps);
            if (after >= 0)
                put<shared>({step.after(), left.kind.block(), left.bits, static_cast<std::uint32_t>(after)});
        }
    }
    expanded += count;
    transitions += row_transitions_;
    cuts += row_cuts_;
    if (rows.leaves(half)) return;
    const std::uint64_t staying = at.bits & ~columns.leaves_of_block(key.block);
    if (staying != 0) stuck.push_back({at.part, at.entry, at.row, at.word, staying});
}

template void SweepWorker::expand<false>(const RowAt&, const StripKey&, bool);
template void SweepWorker::expand<true>(const RowAt&, const StripKey&, bool);
template void SweepWorker::put_mirrored<false>(const WordOfStates&);

}  // namespace lastack
