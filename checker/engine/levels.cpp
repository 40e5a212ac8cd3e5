#include "checker/engine/levels.h"

#include <algorithm>
#include <stdexcept>

namespace lastack {

Levels::Part Levels::seal(StripStore& store, const StripId* begin, const StripId* end) {
    Part part;
    std::size_t words = 0;
    for (const StripId* id = begin; id != end; ++id)
        words += static_cast<unsigned>(std::popcount(store.fresh_rows(*id)));
    if (words > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("a level of more than 2^32 words");
    part.entries.reserve(static_cast<std::size_t>(end - begin));
    part.words.reserve(words);
    for (const StripId* id = begin; id != end; ++id) {
        if (id + 8 < end) store.prefetch_row(id[8], 0), store.prefetch_row(id[8], Strip::rows - 1);
        Strip& strip = store[*id];
        const std::uint8_t rows = store.fresh_rows(*id);
        part.entries.push_back(
            {*id, static_cast<std::uint32_t>(part.states), static_cast<std::uint32_t>(part.words.size()), rows});
        for (unsigned rest = rows; rest != 0; rest &= rest - 1) {
            const int row = std::countr_zero(rest);
            Strip::Row& states = strip.row[row];
            const std::uint64_t word = states.fresh;
            part.words.push_back(word);
            part.states += static_cast<unsigned>(std::popcount(word));
            states.seen |= word;
            states.fresh = 0;
        }
        store.clear_rows(*id);
    }
    if (part.states > std::numeric_limits<std::uint32_t>::max())
        throw std::length_error("a level of more than 2^32 states");
    return part;
}

void Levels::append(std::vector<Part> level) {
    const std::uint64_t start = size_;
    const std::size_t part_start = parts_.size();
    for (Part& part : level) {
        if (part.states == 0) continue;
        part.first = size_;
        part.level = count();
        size_ += part.states;
        parts_.push_back(std::move(part));
    }
    if (size_ == start) return;
    starts_.push_back(start);
    part_starts_.push_back(part_start);
}

int Levels::level_of(std::uint64_t index) const {
    return static_cast<int>(std::upper_bound(starts_.begin(), starts_.end(), index) - starts_.begin()) - 1;
}

// Puts the cursor on the entry of the number.
void Levels::seek(std::uint64_t index) const {
    if (part_ >= parts_.size() || index - parts_[part_].first >= parts_[part_].states) {
        const auto after = std::upper_bound(parts_.begin(), parts_.end(), index,
                                            [](std::uint64_t number, const Part& part) { return number < part.first; });
        part_ = static_cast<std::size_t>(after - parts_.begin()) - 1;
        entry_ = 0;
    }
    const Part& part = parts_[part_];
    const auto within = static_cast<std::uint32_t>(index - part.first);
    if (within >= end_of_entry() && entry_ + 1 < part.entries.size()) ++entry_;
    if (within < part.entries[entry_].before || within >= end_of_entry()) {
        const auto after =
            std::upper_bound(part.entries.begin(), part.entries.end(), within,
                             [](std::uint32_t number, const Entry& entry) { return number < entry.before; });
        entry_ = static_cast<std::size_t>(after - part.entries.begin()) - 1;
    }
}

std::uint32_t Levels::end_of_entry() const {
    const Part& part = parts_[part_];
    return entry_ + 1 < part.entries.size() ? part.entries[entry_ + 1].before : static_cast<std::uint32_t>(part.states);
}

std::uint64_t Levels::end_of_strip(std::uint64_t index) const {
    seek(index);
    return parts_[part_].first + end_of_entry();
}

Levels::Place Levels::place(std::uint64_t index) const {
    seek(index);
    const Part& part = parts_[part_];
    const Entry& entry = part.entries[entry_];
    auto rest = static_cast<int>(index - part.first - entry.before);
    std::size_t at = entry.word;
    for (int row = 0;; ++row) {
        if (!(entry.rows >> row & 1)) continue;
        std::uint64_t word = part.words[at++];
        const int here = std::popcount(word);
        if (rest >= here) {
            rest -= here;
            continue;
        }
        for (; rest > 0; --rest) word &= word - 1;
        return {entry.strip, row, std::countr_zero(word)};
    }
}

std::uint64_t Levels::bytes() const {
    std::uint64_t sum = 0;
    for (const Part& part : parts_) sum += part.entries.capacity() * sizeof(Entry) + part.words.capacity() * 8;
    return sum;
}

}  // namespace lastack
