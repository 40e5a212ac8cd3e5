#include "checker/engine/sweep.h"

#include <bit>

namespace lastack {

// What is put goes through two batches: strips are looked up, then changed. The memory that each needs is asked for
// when something joins it, and is there when the batch is worked off: see bench/bench_engine.cpp for the gain. Where
// one look at the index tells the strip, the first is left out.
template <bool shared>
void SweepWorker::look_up() {
    const auto all = std::span(pending_).first(pending_count_);
    pending_count_ = 0;
    if constexpr (shared) {
        if (store_.full()) {  // only one thread may make it grow: see settle()
            overflow_.insert(overflow_.end(), all.begin(), all.end());
            return;
        }
    }
    while (store_.full()) store_.grow();
    for (const Pending& one : all)
        place<shared>(store_.find_or_add<shared>({one.half >> Strip::row_bits, one.block, one.layer}, spare_), one.half,
                      one.bits);
}

template <bool shared>
inline void SweepWorker::place(StripId strip, Half half, std::uint64_t bits) {
    const auto row = static_cast<std::uint32_t>(half & (Strip::rows - 1));
    store_.prefetch_row(strip, row);
    placed_[placed_count_++] = {strip, row, bits};
    if (placed_count_ == batch) add_placed<shared>();
}

template <bool shared>
void SweepWorker::add_placed() {
    for (const Placed& one : std::span(placed_).first(placed_count_)) {
        auto& [seen, fresh] = store_[one.strip].row[one.row];
        std::atomic_ref word(fresh);
        std::uint64_t added = one.bits & ~seen & ~word.load(std::memory_order_relaxed);
        if (added == 0) continue;  // as most do: they need no locked instruction
        if constexpr (shared) {
            added &= ~word.fetch_or(added, std::memory_order_relaxed);
            if (added == 0) continue;
        } else {
            fresh |= added;
        }
        states += static_cast<unsigned>(std::popcount(added));
        if (store_.note_row<shared>(one.strip, one.row)) dirty.push_back(one.strip);
    }
    placed_count_ = 0;
}

template <bool shared>
void SweepWorker::flush() {
    look_up<shared>();
    add_placed<shared>();
}

// Puts what found no room while others were here. Now nobody is.
void SweepWorker::settle() {
    std::vector<Pending> rest;
    rest.swap(overflow_);
    for (const Pending& one : rest) put_as_it_is<false>(one.half, one.block, one.bits, one.layer);
    flush<false>();
}

template <bool shared>
void SweepWorker::put_later(const Pending& one) {
    store_.prefetch({one.half >> Strip::row_bits, one.block, one.layer});
    pending_[pending_count_++] = one;
    if (pending_count_ == batch) look_up<shared>();
}

template <bool shared>
inline void SweepWorker::put_as_it_is(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t layer) {
    const StripId strip = store_.at_once<shared>({half >> Strip::row_bits, block, layer});
    if (strip == StripStore::none) return put_later<shared>({half, block, bits, layer});
    place<shared>(strip, half, bits);
}

template <bool shared>
inline void SweepWorker::put(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t layer) {
    if (!tables_.mirrored) return put_as_it_is<shared>(half, block, bits, layer);
    put_mirrored<shared>(half, block, bits, layer);
}

// Of a state and its mirror image, the one with the smaller half at end 0 is kept.
template <bool shared>
void SweepWorker::put_mirrored(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t layer) {
    const std::uint64_t own = half >> half_block_bits;
    if (own < block) return put_as_it_is<shared>(half, block, bits, layer);
    const std::uint64_t own_bit = 1ull << (half & 63);
    std::uint64_t turned = own > block ? bits : bits & (own_bit - 1);
    if (bits != turned) put_as_it_is<shared>(half, block, bits & ~turned, layer);
    for (; turned != 0; turned &= turned - 1) {
        const Half other = block << half_block_bits | static_cast<unsigned>(std::countr_zero(turned));
        put_as_it_is<shared>(other, own, own_bit, layer);
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
        if (after >= 0) put<shared>(half, part.kind.block(), part.bits, static_cast<std::uint32_t>(after));
    }
}

// Have hooks seen what they must of these states' steps?
bool SweepWorker::is_shown(Half half, std::uint64_t block, std::uint64_t word) const {
    const Halves& rows = *tables_.half[0];
    const Halves& columns = *tables_.half[1];
    if (tables_.costly && ((rows.costly_of_block(half >> half_block_bits) >> (half & 63) & 1) != 0 ||
                           (columns.costly_of_block(block) & word) != 0))
        return false;
    return !tables_.idle_seen ||
           (tables_.idle_seen[0][rows.local(half)] && tables_.idle_seen[1][columns.local(block << half_block_bits)]);
}

template <bool shared>
void SweepWorker::expand(const RowAt& at, const StripKey& key, bool shown) {
    if (shown || is_shown(key.rows << Strip::row_bits | at.row, key.block, at.bits))
        expand_known<shared>(at, key);
    else
        deferred.push_back({at, {}, 0, false});
}

// All steps of the states of a row: of end 0 alone, of end 1 alone, and both ways of a segment from one to the other.
// Where a list is missing, nothing is put. What one half receives is all over its table, so it is asked for while the
// rest is done.
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
        if (after >= 0) put<shared>(step.after(), key.block, at.bits, static_cast<std::uint32_t>(after));
    }
    put_image<shared>(half, image.internal(), key.layer);
    for (const ImagePart& left : image.emissions()) {
        for (const HalfStep step : rows.receive(half, left.kind.segment())) {
            const std::int32_t after = spend(key.layer, step.cost(), step.reaction(), left.steps);
            if (after >= 0) put<shared>(step.after(), left.kind.block(), left.bits, static_cast<std::uint32_t>(after));
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
template void SweepWorker::put<false>(Half, std::uint64_t, std::uint64_t, std::uint32_t);
template void SweepWorker::flush<false>();
template void SweepWorker::flush<true>();

}  // namespace lastack
