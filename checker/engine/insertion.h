// The way of a state into the set of those that were seen: whatever an exploration finds comes through here.
//
// Idea: states come in words, up to 64 that share their half of end 0 and the block of their halves of end 1: bits of
// one row of one strip. A word waits twice, for its place in the index and for its row, since neither is in the cache
// mostly: the memory is asked for when the word joins a batch, and is there when the batch is worked off (S. Chen, A.
// Ailamaki, P. Gibbons, T. Mowry, Improving Hash Join Performance through Prefetching, ICDE 2004; the gain:
// bench/bench_engine.cpp). A direct index is read at once: neighbours in a level are neighbours there, too.
//
// What is new is fresh until Levels::seal() makes the level that it belongs to.
//
// Each thread has an Inserter of its own for the one store: the template parameter `shared` says whether others are at
// work. Then nothing blocks: a slot of the index is taken by compare-and-swap, bits are added by an atomic or. An index
// that is full only grows while one thread is there (settle). Cost: a look at the index for
// each word, and a look at one word.
#pragma once

#include <array>
#include <atomic>
#include <bit>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "checker/engine/halves.h"
#include "checker/engine/strip_store.h"

namespace lastack {

struct WordOfStates {
    Half half = 0;                      // of end 0
    std::uint64_t block = 0, bits = 0;  // of end 1
    std::uint32_t layer = 0;
    StripKey strip() const { return {half >> Strip::row_bits, block, layer}; }
    std::uint32_t row() const { return static_cast<std::uint32_t>(half & (Strip::rows - 1)); }
};

class Inserter {
public:
    explicit Inserter(StripStore& store) : store_(store) {}

    std::uint64_t states = 0;    // that this one was the first to find
    std::vector<StripId> dirty;  // strips with fresh states, as far as this one was the first to find one there

    // 1. A word whose strip is known at once only waits for its row. Nothing is in the store
    //    for certain before flush().
    template <bool shared>
    [[gnu::always_inline]] void put(const WordOfStates& word) {
        const StripId strip = known_at_once<shared>(word.strip());
        if (strip == StripStore::none) return wait<shared>(word);
        place<shared>(strip, word.row(), word.bits);
    }

    // The strip's number, new where it was not known.
    template <bool shared>
    StripId find_or_add(const StripKey& key) {
        for (std::size_t at = store_.place(key);; at = store_.next(at)) {
            std::atomic_ref slot(store_.slots_[at]);
            StripId number = slot.load(shared ? std::memory_order_acquire : std::memory_order_relaxed);
            if (number == 0) number = take_slot<shared>(slot, key);
            if (store_.is_direct() || store_.key(number - 1) == key) return number - 1;
        }
    }

    template <bool shared>
    void flush() {
        look_up<shared>();
        mark<shared>();
    }
    // To be called where others were at work, when they are done: puts what found no room in the index.
    void settle() {
        for (const WordOfStates& word : std::exchange(unplaced_, {})) put<false>(word);
        flush<false>();
    }

private:
    // The strip's number where it is known and the index is direct.
    template <bool shared>
    StripId known_at_once(const StripKey& key) const {
        if (!store_.is_direct()) return StripStore::none;
        const std::atomic_ref slot(store_.slots_[store_.place(key)]);
        return slot.load(shared ? std::memory_order_acquire : std::memory_order_relaxed) - 1;  // of an empty one: none
    }

    template <bool shared>
    [[gnu::noinline]] void wait(const WordOfStates& word) {
        store_.prefetch(word.strip());
        waiting_[waiting_count_++] = word;
        if (waiting_count_ == batch) look_up<shared>();
    }

    // 2. The strips of all words that wait. Only one thread may make the index grow: see settle().
    template <bool shared>
    [[gnu::noinline]] void look_up() {
        const auto words = std::span(waiting_).first(std::exchange(waiting_count_, 0));
        if (shared && store_.full()) return void(unplaced_.insert(unplaced_.end(), words.begin(), words.end()));
        while (store_.full()) store_.grow();
        for (const WordOfStates& word : words) place<shared>(find_or_add<shared>(word.strip()), word.row(), word.bits);
    }

    // 3. Gives an empty slot a new strip. The slot's value afterwards: that of another thread's where that was quicker.
    template <bool shared>
    [[gnu::noinline]] StripId take_slot(std::atomic_ref<StripId> slot, const StripKey& key) {
        if (spare_ == StripStore::none) spare_ = store_.new_number();
        store_.keys_[spare_] = key;
        StripId value = 0;
        if (!shared) slot.store(spare_ + 1, std::memory_order_relaxed);
        if (shared && !slot.compare_exchange_strong(value, spare_ + 1, std::memory_order_acq_rel)) return value;
        return std::exchange(spare_, StripStore::none) + 1;
    }

    // 4. A word waits for its row.
    template <bool shared>
    [[gnu::always_inline]] void place(StripId strip, std::uint32_t row, std::uint64_t bits) {
        store_.prefetch_row(strip, row);
        placed_[placed_count_++] = {strip, row, bits};
        if (placed_count_ == batch) mark<shared>();
    }

    // 5. What was not seen is fresh now, its row is noted, and the strip where it had no fresh states before.
    template <bool shared>
    [[gnu::noinline]] void mark() {
        for (const Placed& one : std::span(placed_).first(std::exchange(placed_count_, 0))) {
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
            if (note<shared>(one.strip, static_cast<std::uint8_t>(1U << one.row))) dirty.push_back(one.strip);
        }
    }

    // True for the first row of a strip that is noted since the level began.
    template <bool shared>
    bool note(StripId strip, std::uint8_t row) {
        std::atomic_ref rows(store_.fresh_rows_[strip]);
        const std::uint8_t before = rows.load(std::memory_order_relaxed);
        if (before & row) return false;
        if constexpr (shared) return rows.fetch_or(row, std::memory_order_relaxed) == 0;
        rows.store(static_cast<std::uint8_t>(before | row), std::memory_order_relaxed);
        return before == 0;
    }

    static constexpr std::size_t batch = 64;
    struct Placed {
        StripId strip = 0;
        std::uint32_t row = 0;
        std::uint64_t bits = 0;
    };

    StripStore& store_;
    std::array<WordOfStates, batch> waiting_;
    std::size_t waiting_count_ = 0;
    std::array<Placed, batch> placed_;
    std::size_t placed_count_ = 0;
    std::vector<WordOfStates> unplaced_;  // met a full index while others were at work
    StripId spare_ = StripStore::none;    // a number that another thread's was quicker than
};

}  // namespace lastack
