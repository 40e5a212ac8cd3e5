// Expands a level of states a word at a time: up to 64 states that share their half of end 0.
//
// This is the hot loop of the checker. It only reads the tables of the halves, so that several threads can share a
// level; a row that needs a list which nobody has filled yet is put off (`deferred`): the explorer fills what is
// missing, in order, and then has those rows expanded, until none is left. Numbers, tables and levels are therefore the
// same for any number of threads.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/engine/budget_layers.h"
#include "checker/engine/column_images.h"
#include "checker/engine/levels.h"

namespace lastack {

// A row of an entry of a part of a level: the states of one word.
struct RowAt {
    std::uint32_t part = 0, entry = 0;
    std::uint8_t row = 0;
    std::uint8_t word = 0;   // which of the entry's words
    std::uint64_t bits = 0;  // some or all of the word
    auto operator<=>(const RowAt&) const = default;
};

// A row that was put off for the sake of a list that is missing, or of hooks that must see its steps.
struct DeferredRow {
    RowAt at;
    std::optional<ListOfHalf> lack;  // none: hooks must see its steps
    std::uint8_t end = 0;            // whose list
    bool shown = false;              // hooks have seen what they must; for the next time
    bool operator<(const DeferredRow& other) const { return at < other.at; }
};

// What all workers read.
struct SweepTables {
    const Halves* half[2];
    const BudgetLayers* layers;
    bool mirrored;  // a state and its mirror image are one, see Explorer
    // Rows that a hook must see step by step are put off, too:
    bool costly;                                 // those with reactions that a budget may forbid
    const std::vector<std::uint8_t>* idle_seen;  // by end and local state: somebody else's step was seen there; or null
};

class SweepWorker {
public:
    SweepWorker(const SweepTables& tables, StripStore& store)
        : tables_(tables), store_(store), images_(*tables.half[1]) {}

    // What was found and counted so far; the lists are taken between levels.
    std::uint64_t states = 0, transitions = 0, cuts = 0, expanded = 0;
    std::vector<StripId> dirty;         // strips that gained states
    std::vector<DeferredRow> deferred;  // rows that were put off
    std::vector<RowAt> stuck;           // states that no step leaves

    // Expands one row or puts it off. `shown`: hooks have seen what they must of its steps. Nothing is in the store for
    // certain before flush().
    template <bool shared>
    void expand(const RowAt& at, const StripKey& key, bool shown);

    // Adds one state, or several that share their half of end 0.
    template <bool shared>
    void put(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t layer);
    template <bool shared>
    void flush();
    // To be called where workers shared the store, when they are done: puts what found no room.
    void settle();

private:
    // States of a word that are put, whose strip is asked for; and those whose strip is known.
    struct Pending {
        Half half = 0;
        std::uint64_t block = 0, bits = 0;
        std::uint32_t layer = 0;
    };
    struct Placed {
        StripId strip = 0;
        std::uint32_t row = 0;
        std::uint64_t bits = 0;
    };
    static constexpr std::size_t batch = 64;

    template <bool shared>
    void put_image(Half half, std::span<const ImagePart> parts, std::uint32_t layer);
    template <bool shared>
    void put_as_it_is(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t layer);
    template <bool shared>
    void put_mirrored(Half half, std::uint64_t block, std::uint64_t bits, std::uint32_t layer);
    template <bool shared>
    void put_later(const Pending& one);
    template <bool shared>
    void look_up();
    template <bool shared>
    void place(StripId strip, Half half, std::uint64_t bits);
    template <bool shared>
    void add_placed();
    template <bool shared>
    void expand_known(const RowAt& at, const StripKey& key);
    void put_off(const RowAt& at, int end, ListOfHalf lack) {
        deferred.push_back({at, lack, static_cast<std::uint8_t>(end), false});
    }
    bool is_shown(Half half, std::uint64_t block, std::uint64_t word) const;
    std::int32_t spend(std::uint32_t layer, std::uint32_t cost, bool reaction, std::uint32_t steps);

    const SweepTables& tables_;
    StripStore& store_;
    ColumnImages images_;
    std::uint64_t row_transitions_ = 0, row_cuts_ = 0;  // of the row at hand
    std::array<Pending, batch> pending_;
    std::size_t pending_count_ = 0;
    std::array<Placed, batch> placed_;
    std::size_t placed_count_ = 0;
    std::vector<Pending> overflow_;  // put while the index was full
    StripId spare_ = StripStore::none;
};

}  // namespace lastack
