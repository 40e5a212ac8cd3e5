// The set of states seen so far, as bits: exact, half a byte to three bytes a state on the models here.
//
// Idea: a state is a pair of halves (halves.h) in a layer (budget_layers.h). Eight halves of end 0, which have one
// local state, and a block of 64 halves of end 1, which have one, too, span a strip of 512 states: for each row a word
// of bits for those seen, beside one for those that are new in this level, since they are needed together. Which ends
// meet which is far from random, so strips are well filled: 70 to 130 states in one on the models here. Nothing is
// hashed but the number of the strip, and not even that where a plain array for all pairs of numbers is small
// (`Index::direct`).
//
// Strips never move: they lie in a range of addresses that is reserved at once and gets memory as it is used, on huge
// pages where the system offers them. What grows by copying is the index only, 4 bytes an entry, less than a tenth of
// the whole.
//
// find_or_add<true> may be called by several threads at once, with numbers within what reserve() was told. Whoever adds
// asks before each batch whether the index is full(); only one thread may then grow() it, while no other is here.
#pragma once

#include <atomic>
#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

namespace lastack {

struct StripKey {
    std::uint64_t rows = 0;   // of end 0: half / 8
    std::uint64_t block = 0;  // of end 1: half / 64
    std::uint32_t layer = 0;
    bool operator==(const StripKey&) const = default;
};

struct alignas(64) Strip {
    static constexpr int row_bits = 3;
    static constexpr int rows = 1 << row_bits;
    struct Row {
        std::uint64_t seen, fresh;  // of earlier levels; of the level that is being made
    };
    Row row[rows];
};

using StripId = std::uint32_t;

class StripStore {
public:
    enum class Index { automatic, direct, hash };
    static constexpr StripId none = std::numeric_limits<StripId>::max();

    // `most_load`: of the hash index, in percent; it grows beyond.
    explicit StripStore(Index index = Index::automatic, int most_load = 60);
    ~StripStore();
    StripStore(const StripStore&) = delete;
    StripStore& operator=(const StripStore&) = delete;

    // Makes room in the index for keys below these numbers.
    void reserve(std::uint64_t rows, std::uint64_t blocks, std::uint32_t layers);
    bool full() const {
        return !direct_ && std::uint64_t{size()} * 100 >= slot_count_ * static_cast<unsigned>(most_load_);
    }
    void grow();

    StripId find(const StripKey& key) const;
    void prefetch(const StripKey& key) const { __builtin_prefetch(&slots_[place(key)]); }
    // The strip's number where one look at the index tells it: it is direct, and the strip is known. Else `none`.
    template <bool shared>
    StripId at_once(const StripKey& key) const {
        if (!direct_) return none;
        const std::atomic_ref slot(slots_[place(key)]);
        return slot.load(shared ? std::memory_order_acquire : std::memory_order_relaxed) - 1;
    }

    // The strip's number, new where it was not known. `spare` is the thread's own, `none` at first.
    template <bool shared>
    StripId find_or_add(const StripKey& key, StripId& spare);

    Strip& operator[](StripId id) { return strips_[id]; }
    void prefetch_row(StripId id, std::size_t row) const { __builtin_prefetch(&strips_[id].row[row], 1); }
    const Strip& operator[](StripId id) const { return strips_[id]; }
    void prefetch_key(StripId id) const { __builtin_prefetch(&keys_[id]); }
    const StripKey& key(StripId id) const { return keys_[id]; }

    // Notes that a row gained states. True for the first row since the notes were taken.
    template <bool shared>
    bool note_row(StripId id, std::size_t row) {
        const auto bit = static_cast<std::uint8_t>(1u << row);
        if constexpr (shared) {
            std::atomic_ref rows(fresh_rows_[id]);
            if (rows.load(std::memory_order_relaxed) & bit) return false;
            return rows.fetch_or(bit, std::memory_order_relaxed) == 0;
        }
        const bool first = fresh_rows_[id] == 0;
        fresh_rows_[id] |= bit;
        return first;
    }
    std::uint8_t fresh_rows(StripId id) const { return fresh_rows_[id]; }
    void clear_rows(StripId id) { fresh_rows_[id] = 0; }

    StripId size() const { return count_.load(std::memory_order_relaxed); }  // numbers handed out
    bool is_direct() const { return direct_; }
    std::uint64_t bytes() const;

private:
    std::size_t place(const StripKey& key) const {
        if (direct_)
            return (key.layer * block_room_ + key.block) * row_room_ + key.rows;  // a level is swept block by block
        std::uint64_t mixed = key.rows * 0x9E3779B97F4A7C15ull ^ key.block * 0xC2B2AE3D27D4EB4Full ^ key.layer;
        mixed = (mixed ^ mixed >> 32) * 0xD6E8FEB86659FD93ull;
        return mixed >> (64 - bits_);
    }
    std::size_t next(std::size_t place) const { return direct_ ? place : (place + 1) & (slot_count_ - 1); }
    StripId new_number() {
        const StripId number = count_.fetch_add(1, std::memory_order_relaxed);
        if (number >= most_strips_) throw std::length_error("more strips of states than there are addresses for");
        return number;
    }
    void index_again();

    bool direct_;
    bool may_change_;
    int most_load_;
    std::uint64_t row_room_ = 64, block_room_ = 8;  // direct
    std::uint32_t layers_ = 1;
    int bits_ = 16;  // hash
    std::size_t slot_count_ = 0;
    StripId* slots_ = nullptr;  // number + 1; 0 is empty
    std::atomic<StripId> count_{0};
    StripId most_strips_ = 0;
    Strip* strips_ = nullptr;
    StripKey* keys_ = nullptr;
    std::uint8_t* fresh_rows_ = nullptr;  // a bit for each row with fresh states
};

template <bool shared>
StripId StripStore::find_or_add(const StripKey& key, StripId& spare) {
    for (std::size_t at = place(key);; at = next(at)) {
        std::atomic_ref slot(slots_[at]);
        StripId found = slot.load(shared ? std::memory_order_acquire : std::memory_order_relaxed);
        if (found == 0) {
            if (spare == none) spare = new_number();
            if (!direct_ && size() >= slot_count_) throw std::length_error("an index of strips ran over");
            keys_[spare] = key;
            if (!shared || slot.compare_exchange_strong(found, spare + 1, std::memory_order_acq_rel)) {
                if (!shared) slot.store(spare + 1, std::memory_order_relaxed);
                const StripId made = spare;
                spare = none;
                return made;
            }
        }
        if (direct_ || this->key(found - 1) == key) return found - 1;
    }
}

}  // namespace lastack
