// From a state to its number in the explorer, for walks over the graph after the exploration.
//
// Idea: a state's rank among the bits of the store is a count of bits; a list tells the number of each rank. 4 bytes a
// state and 8 a strip; a look-up is the way to the strip and at most eight counts. The
// explorer must not run on while this lives.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <stdexcept>
#include <vector>

#include "checker/engine/explorer.h"

namespace lastack {

class StateIndex {
public:
    explicit StateIndex(const Explorer& explorer) : explorer_(explorer) {
        if (explorer.size() >= std::numeric_limits<std::uint32_t>::max())
            throw std::length_error("too many states to be numbered in 32 bits");
        const StripStore& store = explorer.store();
        std::uint64_t before = 0;
        for (StripId id = 0; id < store.size(); ++id) {
            first_.push_back(before);
            for (const Strip::Row& row : store[id].row) before += static_cast<unsigned>(std::popcount(row.seen));
        }
        numbers_.resize(explorer.size());
        std::uint32_t number = 0;
        for (const Levels::Part& part : explorer.levels().parts()) {
            for (const Levels::Entry& entry : part.entries) {
                std::uint32_t at = entry.word;
                for (unsigned rows = entry.rows; rows != 0; rows &= rows - 1) {
                    for (std::uint64_t word = part.words[at++]; word != 0; word &= word - 1)
                        numbers_[rank({entry.strip, std::countr_zero(rows), std::countr_zero(word)})] = number++;
                }
            }
        }
    }

    // The state must have been seen.
    std::uint32_t at(const SystemState& state) const { return numbers_[rank(*explorer_.find(state))]; }

private:
    std::uint64_t rank(const Levels::Place& place) const {
        const Strip& strip = explorer_.store()[place.strip];
        std::uint64_t rank = first_[place.strip];
        for (int row = 0; row < place.row; ++row) rank += static_cast<unsigned>(std::popcount(strip.row[row].seen));
        return rank + static_cast<unsigned>(std::popcount(strip.row[place.row].seen & ((1ull << place.bit) - 1)));
    }

    const Explorer& explorer_;
    std::vector<std::uint64_t> first_;    // by strip: how many bits are before it
    std::vector<std::uint32_t> numbers_;  // by rank
};

// One that is made when it is asked for first: claims of one exploration share it.
class SharedStateIndex {
public:
    explicit SharedStateIndex(const Explorer& explorer) : explorer_(explorer) {}
    const StateIndex& get() { return index_ ? *index_ : index_.emplace(explorer_); }

private:
    const Explorer& explorer_;
    std::optional<StateIndex> index_;
};

}  // namespace lastack
