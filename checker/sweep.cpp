#include "checker/sweep.h"

#include <bit>

namespace lastack {

// A batch is looked up and prefetched as a whole before the first of it is needed: see bench/bench_engine.cpp for the gain.
template <bool shared>
void SweepWorker::flush() {
    const auto all = std::span(pending_).first(pending_count_);
    if constexpr (shared) {
        if (store_.full()) {  // only one thread may make it grow: see settle()
            overflow_.insert(overflow_.end(), all.begin(), all.end());
            pending_count_ = 0;
            return;
        }
    }
    while (store_.full()) store_.grow();
    for (Pending& one : all) {
        one.strip = store_.find_or_add<shared>({one.half >> Strip::row_bits, one.block, one.plane}, spare_);
        __builtin_prefetch(&store_[one.strip].seen, 1);
        __builtin_prefetch(&store_[one.strip].fresh, 1);
    }
    for (const Pending& one : all) {
        Strip& strip = store_[one.strip];
        const std::size_t row = one.half & (Strip::rows - 1);
        std::uint64_t& fresh = strip.fresh[row];
        std::uint64_t added = one.bits & ~strip.seen[row];
        if constexpr (shared) {
            std::atomic_ref word(fresh);
            added &= ~word.load(std::memory_order_relaxed);  // most add nothing: they need no locked instruction
            if (added != 0) added &= ~word.fetch_or(added, std::memory_order_relaxed);
        } else {
            added &= ~fresh;
            fresh |= added;
        }
        if (added == 0) continue;
        states += static_cast<unsigned>(std::popcount(added));
        if (store_.note_row<shared>(one.strip, row)) dirty.push_back(one.strip);
    }
    pending_count_ = 0;
}

// Puts what found no room while others were here. Now nobody is.
void SweepWorker::settle() {
    std::vector<Pending> rest;
    rest.swap(overflow_);
    for (const Pending& one : rest) put_as_it_is<false>(one.half, one.block, one.bits, one.plane);
    flush<false>();
}

template <bool shared>
inline void SweepWorker::put_as_it_is(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t plane) {
    pending_[pending_count_++] = {half, block, bits, plane, 0};
    store_.prefetch({half >> Strip::row_bits, block, plane});
    if (pending_count_ == batch) flush<shared>();
}

template <bool shared>
inline void SweepWorker::put(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t plane) {
    if (!tables_.mirrored) return put_as_it_is<shared>(half, block, bits, plane);
    put_mirrored<shared>(half, block, bits, plane);
}

// Of a state and its mirror image, the one with the smaller half at end 0 is kept.
template <bool shared>
void SweepWorker::put_mirrored(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t plane) {
    const std::uint64_t own = half >> half_block_bits;
    if (own < block) return put_as_it_is<shared>(half, block, bits, plane);
    const std::uint64_t own_bit = 1ull << (half & 63);
    std::uint64_t turned = own > block ? bits : bits & (own_bit - 1);
    if (bits != turned) put_as_it_is<shared>(half, block, bits & ~turned, plane);
    for (; turned != 0; turned &= turned - 1) {
        const Half other = block << half_block_bits | static_cast<unsigned>(std::countr_zero(turned));
        put_as_it_is<shared>(other, own, own_bit, plane);
    }
}

// The plane after some steps, `none` where they cost too much. Counts them for the row at hand.
inline std::int32_t SweepWorker::spend(std::uint32_t plane, std::uint32_t cost, bool reaction, std::uint32_t steps) {
    const std::int32_t after = tables_.planes->after(plane, cost);
    if (after >= 0)
        row_transitions_ += steps;
    else if (reaction)
        row_cuts_ += steps;
    return after;
}

template <bool shared>
void SweepWorker::put_image(Half half, std::span<const ImagePart> parts, std::uint32_t plane) {
    for (const ImagePart& part : parts) {
        const std::int32_t after = spend(plane, part.cost(), part.reaction(), part.steps);
        if (after >= 0) put<shared>(half, part.block(), part.bits, static_cast<std::uint32_t>(after));
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

// All steps of the states of a row: of end 0 alone, of end 1 alone, and both ways of a segment from one to the other. Where a
// list turns out to be missing, what was put before is true all the same, and is put again when the row's turn comes.
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
    row_transitions_ = row_cuts_ = 0;
    for (const HalfStep step : rows.internal(half)) {
        const std::int32_t after = spend(key.plane, step.cost(), step.reaction(), count);
        if (after >= 0) put<shared>(step.after(), key.block, at.bits, static_cast<std::uint32_t>(after));
    }
    put_image<shared>(half, image.internal(), key.plane);
    for (const Emission& sent : rows.emissions(half)) {
        const int arrival = images_.received(image, sent.segment);
        if (arrival < 0) {
            const std::uint64_t missing = at.bits & ~columns.known_receive(key.block, sent.segment);
            return put_off(at, 1, {first(missing), static_cast<SegmentId>(sent.segment)});
        }
        put_image<shared>(sent.rest, image.received(arrival), key.plane);
    }
    for (const ImagePart& left : image.emissions()) {
        if ((rows.known_receive(block, left.segment()) & bit) == 0) return put_off(at, 0, {half, left.segment()});
        for (const HalfStep step : rows.receive(half, left.segment())) {
            const std::int32_t after = spend(key.plane, step.cost(), step.reaction(), left.steps);
            if (after >= 0) put<shared>(step.after(), left.block(), left.bits, static_cast<std::uint32_t>(after));
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
