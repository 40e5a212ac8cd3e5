// The states in order of discovery, level by level: what is to be expanded, and for ever after the way from a number to
// a state. Of each level it keeps, for each strip that gained states, which rows did, and their words.
//
// Numbers run through a level strip by strip (in order of layer, rows, block), row by row, bit by bit: they do not
// depend on who found a state first. Cost: 16 bytes for each strip of a level and 8 for each word, 1 to 3 bytes a state
// on the models here.
#pragma once

#include <bit>
#include <cstdint>
#include <vector>

#include "checker/engine/strip_store.h"

namespace lastack {

class Levels {
public:
    struct Entry {
        StripId strip = 0;
        std::uint32_t before = 0;  // states of the part before this entry
        std::uint32_t word = 0;    // of the part: where its words begin
        std::uint8_t rows = 0;     // a bit for each row that has a word
    };
    // A run of entries of one level. Several make a level where several threads made it.
    struct Part {
        std::uint64_t first = 0;  // number of its first state
        std::uint64_t states = 0;
        int level = 0;
        std::vector<Entry> entries;
        std::vector<std::uint64_t> words;
    };
    // A state, or the word that it is in.
    struct Place {
        StripId strip = 0;
        int row = 0, bit = 0;
    };

    // Makes the fresh states of these strips, in this order, into seen ones and into a part. Strips are nobody else's
    // now.
    static Part seal(StripStore& store, const StripId* begin, const StripId* end);
    void append(std::vector<Part> level);  // parts without states are left out

    std::uint64_t size() const { return size_; }
    int count() const { return static_cast<int>(starts_.size()); }
    std::uint64_t start(int level) const { return level < count() ? starts_[level] : size_; }
    int level_of(std::uint64_t index) const;
    std::uint64_t bytes() const;

    const std::vector<Part>& parts() const { return parts_; }
    std::size_t first_part(int level) const { return level < count() ? part_starts_[level] : parts_.size(); }

    // Fast where it is asked for numbers close to the last one. Not thread-safe.
    Place place(std::uint64_t index) const;
    // Of the first state of an entry.
    static Place first_place(const Part& part, const Entry& entry) {
        return {entry.strip, std::countr_zero(entry.rows), std::countr_zero(part.words[entry.word])};
    }
    // The first number after those of the same strip and level.
    std::uint64_t end_of_strip(std::uint64_t index) const;

private:
    void seek(std::uint64_t index) const;
    std::uint32_t end_of_entry() const;

    std::vector<Part> parts_;
    std::vector<std::uint64_t> starts_;     // by level
    std::vector<std::size_t> part_starts_;  // by level
    std::uint64_t size_ = 0;
    mutable std::size_t part_ = 0, entry_ = 0;  // where the last number was
};

}  // namespace lastack
