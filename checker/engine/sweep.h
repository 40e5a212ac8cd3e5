// Expands a level of states a word at a time: up to 64 states that share their half of end 0.
//
// This is the hot loop of the checker. It only reads the tables of the halves, so that several threads can share a
// level; a row that needs a list which nobody has filled yet is put off (`deferred`): the explorer fills what is
// missing, in order, and then has those rows expanded, until none is left. Numbers, tables and levels are therefore the
// same for any number of threads.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/engine/budget_layers.h"
#include "checker/engine/column_images.h"
#include "checker/engine/insertion.h"
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
    // Of which states hooks must see the steps one by one, although no list is missing:
    bool costly;                                 // of those with reactions that a budget may forbid
    const std::vector<std::uint8_t>* idle_seen;  // by end and local state: somebody else's step was seen there; or null

    // Which of these states hooks must see so: a half of end 0 beside some halves of a block of end 1.
    std::uint64_t to_be_shown(Half x, std::uint64_t block, std::uint64_t bits) const {
        if (idle_seen && !(idle_seen[0][half[0]->local(x)] && idle_seen[1][half[1]->local(block << half_block_bits)]))
            return bits;
        if (!costly) return 0;
        const bool row = (half[0]->costly_of_block(x >> half_block_bits) >> (x & 63) & 1) != 0;
        return row ? bits : bits & half[1]->costly_of_block(block);
    }
};

class SweepWorker {
public:
    SweepWorker(const SweepTables& tables, StripStore& store)
        : inserter(store), tables_(tables), images_(*tables.half[1]) {}

    // What was found and counted so far; the lists are taken between levels.
    Inserter inserter;
    std::uint64_t transitions = 0, cuts = 0, expanded = 0;
    std::vector<DeferredRow> deferred;  // rows that were put off
    std::vector<RowAt> stuck;           // states that no step leaves

    // Expands one row or puts it off. `shown`: hooks have seen what they must of its steps. Nothing is in the store for
    // certain before the inserter's flush().
    template <bool shared>
    void expand(const RowAt& at, const StripKey& key, bool shown);

    // Puts one state, or several that share their half of end 0; where mirror images count
    // once, of each the one that is kept.
    template <bool shared>
    [[gnu::always_inline]] void put(const WordOfStates& word) {
        if (tables_.mirrored) return put_mirrored<shared>(word);
        inserter.put<shared>(word);
    }

private:
    template <bool shared>
    void put_image(Half half, std::span<const ImagePart> parts, std::uint32_t layer);
    template <bool shared>
    void put_mirrored(const WordOfStates& word);
    template <bool shared>
    void expand_known(const RowAt& at, const StripKey& key);
    void put_off(const RowAt& at, int end, ListOfHalf lack) {
        deferred.push_back({at, lack, static_cast<std::uint8_t>(end), false});
    }
    std::int32_t spend(std::uint32_t layer, std::uint32_t cost, bool reaction, std::uint32_t steps);

    const SweepTables& tables_;
    ColumnImages images_;
    std::uint64_t row_transitions_ = 0, row_cuts_ = 0;  // of the row at hand
};

}  // namespace lastack
