// Idea: the set grows backwards. Instead of storing predecessors, states look at their successors again, against the
// order of discovery; a state joins when one of its successors has joined; passes repeat until nothing changes.
// Textbook backward reachability (Clarke, Grumberg, Peled, Model Checking, 6.3, EF), traded
// for memory: no edges are kept.
//
// As in a sweep (sweep.h), 64 states that share their half of end 0 are one word. What end 0 does by itself leads the
// whole word to another one, so that one look tells of all; where such a step has joined, the other steps are not
// looked at. Only for states that this leaves open, the steps of end 1 and what arrives are followed one by one, each
// up to the first that leads into the set.
//
// Cost: a look at the store for each row that is asked about, 64 bytes a strip. Most states join in the first pass,
// since most ways to the end run forward in the order; later passes go over the rows that are left. Invariant: every
// state of the set can reach one that passes the test. The order is only a matter of speed.
#include "checker/engine/backward_reach.h"

#include <algorithm>
#include <bit>

namespace lastack {

namespace {

class Search {
public:
    Search(Explorer& explorer, const StateTest& test)
        : explorer_(explorer), rows_(explorer.halves(0)), columns_(explorer.halves(1)), test_(test),
          passes_(explorer.store().size(), Passes::unknown), set_(explorer.store()) {}

    // False where it was stopped.
    bool run(const std::function<bool()>& stop) {
        const std::vector<Levels::Part>& parts = explorer_.levels().parts();
        for (std::size_t number = parts.size(); number-- > 0;) {
            const Levels::Part& part = parts[number];
            for (std::size_t i = part.entries.size(); i-- > 0;) {
                if (polled(stop)) return false;
                first_look(part, part.entries[i]);
            }
        }
        for (bool changed = true; changed;) {
            changed = false;
            std::erase_if(left_, [&](const RowLeft& row) { return open(row) == 0; });
            for (const RowLeft& row : left_) {
                if (polled(stop)) return false;
                changed = grow(row, open(row)) || changed;
            }
        }
        return true;
    }

    StateSet take() { return std::move(set_); }

private:
    static constexpr std::uint64_t poll_interval = 1024;
    enum class Passes : std::uint8_t { unknown, no, yes };
    struct RowLeft {
        StripId strip = 0;
        int row = 0;
    };
    // What the set has of a row that was asked for.
    struct Known {
        std::uint64_t asked = 0;  // when
        Half half = 0;
        std::uint64_t block = 0;
        std::int32_t layer = 0;
        std::uint64_t word = 0;
    };

    bool polled(const std::function<bool()>& stop) { return polls_++ % poll_interval == 0 && stop && stop(); }
    std::uint64_t open(const RowLeft& row) const {
        return explorer_.store()[row.strip].row[row.row].seen & ~set_.word(row.strip, row.row);
    }

    // The states of an entry: those that pass the test, and those with a step into the set.
    void first_look(const Levels::Part& part, const Levels::Entry& entry) {
        std::uint32_t at = entry.word;
        for (unsigned rows = entry.rows; rows != 0; rows &= rows - 1) {
            const int row = std::countr_zero(rows);
            const std::uint64_t bits = part.words[at++];
            if (test_.by_local_states && passes({entry.strip, row, std::countr_zero(bits)})) {
                set_.word(entry.strip, row) |= bits;
                continue;
            }
            grow({entry.strip, row}, bits);
            std::uint64_t rest = bits & ~set_.word(entry.strip, row);
            if (rest == 0) continue;
            for (; !test_.by_local_states && rest != 0; rest &= rest - 1) {
                const int bit = std::countr_zero(rest);
                if (passes({entry.strip, row, bit})) set_.word(entry.strip, row) |= 1ull << bit;
            }
            left_.push_back({entry.strip, row});
        }
    }

    bool passes(const Levels::Place& place) {
        if (!test_.by_local_states) return test_.holds(explorer_.state_at(place));
        Passes& known = passes_[place.strip];
        if (known == Passes::unknown) known = test_.holds(explorer_.state_at(place)) ? Passes::yes : Passes::no;
        return known == Passes::yes;
    }

    bool grow(const RowLeft& row, std::uint64_t bits) {
        const StripKey& key = explorer_.store().key(row.strip);
        const Half half = key.rows << Strip::row_bits | static_cast<unsigned>(row.row);
        explorer_.fill_lists(half, key.block, bits);
        const std::uint64_t joined = bits & ~without_step_into_set(half, key, bits);
        set_.word(row.strip, row.row) |= joined;
        return joined != 0;
    }

    // Of states that share their half of end 0: which of them have no step into the set.
    std::uint64_t without_step_into_set(Half half, const StripKey& key, std::uint64_t left) {
        ++now_;
        for (const HalfStep step : rows_.internal(half)) {
            left &= ~word(step.after(), key.block, explorer_.layers().after(key.layer, step.cost()));
            if (left == 0) return 0;
        }
        for (const Emission& sent : rows_.emissions(half)) {
            left = rest_of(left, key.block, [&](Half column) {
                return any_of(columns_.receive(column, sent.segment), key.layer,
                              [&](Half after, std::int32_t layer) { return has(sent.rest, after, layer); });
            });
        }
        return rest_of(left, key.block, [&](Half column) {
            const auto stays = [&](Half after, std::int32_t layer) { return has(half, after, layer); };
            if (any_of(columns_.internal(column), key.layer, stays)) return true;
            const auto sent = columns_.emissions(column);
            return std::any_of(sent.begin(), sent.end(), [&](const Emission& one) {
                return any_of(rows_.receive(half, one.segment), key.layer,
                              [&](Half after, std::int32_t layer) { return has(after, one.rest, layer); });
            });
        });
    }

    template <class Joins>
    static std::uint64_t rest_of(std::uint64_t left, std::uint64_t block, Joins&& joins) {
        for (std::uint64_t bits = left; bits != 0; bits &= bits - 1) {
            if (joins(block << half_block_bits | static_cast<unsigned>(std::countr_zero(bits))))
                left &= ~(bits & -bits);
        }
        return left;
    }

    template <class Has>
    bool any_of(std::span<const HalfStep> steps, std::uint32_t layer, Has&& has_after) const {
        return std::any_of(steps.begin(), steps.end(), [&](const HalfStep step) {
            return has_after(step.after(), explorer_.layers().after(layer, step.cost()));
        });
    }

    bool has(Half half, Half column, std::int32_t layer) {
        return word(half, column >> half_block_bits, layer) >> (column & 63) & 1;
    }

    // What the set has of the states of a row. The set does not change while one word looks for steps into it, and its
    // states ask for few different rows, so those are remembered until the next word.
    std::uint64_t word(Half half, std::uint64_t block, std::int32_t layer) {
        if (layer == BudgetLayers::none) return 0;
        Known& known = known_[(half * 31 + block) % known_.size()];
        if (known.asked != now_ || known.half != half || known.block != block || known.layer != layer) {
            known = {now_, half, block, layer, 0};
            const StripId strip =
                explorer_.store().find({half >> Strip::row_bits, block, static_cast<std::uint32_t>(layer)});
            if (strip != StripStore::none) known.word = set_.word(strip, static_cast<int>(half & (Strip::rows - 1)));
        }
        return known.word;
    }

    Explorer& explorer_;
    const Halves &rows_, &columns_;
    const StateTest& test_;
    std::vector<Passes> passes_;  // by strip, where the test depends on local states only
    StateSet set_;
    std::vector<RowLeft> left_;  // rows with states that may still join, in the order in which they were looked at
    std::array<Known, 64> known_{};
    std::uint64_t now_ = 0, polls_ = 0;
};

}  // namespace

std::optional<StateSet> states_that_reach(Explorer& explorer, const StateTest& test,
                                          const std::function<bool()>& stop) {
    Search search(explorer, test);
    if (!search.run(stop)) return std::nullopt;
    return search.take();
}

std::optional<std::uint64_t> first_outside(const Explorer& explorer, const StateSet& set) {
    for (const Levels::Part& part : explorer.levels().parts()) {
        for (const Levels::Entry& entry : part.entries) {
            std::uint64_t index = part.first + entry.before;
            std::uint32_t at = entry.word;
            for (unsigned rows = entry.rows; rows != 0; rows &= rows - 1) {
                const std::uint64_t word = part.words[at++];
                const std::uint64_t outside = word & ~set.word(entry.strip, std::countr_zero(rows));
                if (outside != 0)
                    return index + static_cast<unsigned>(std::popcount(word & ((outside & -outside) - 1)));
                index += static_cast<unsigned>(std::popcount(word));
            }
        }
    }
    return std::nullopt;
}

}  // namespace lastack
