// Which of the states that were explored have a way to one with a property: backward
// reachability, a word of states at a time.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "checker/engine/explorer.h"

namespace lastack {

// A set of the states of an exploration: a bit each, where the store has one. 64 bytes a strip.
class StateSet {
public:
    explicit StateSet(const StripStore& store) : strips_(store.size()) {}

    bool has(const Levels::Place& place) const { return strips_[place.strip][place.row] >> place.bit & 1; }
    // The states of a row of a strip.
    std::uint64_t& word(StripId strip, int row) { return strips_[strip][static_cast<std::size_t>(row)]; }
    std::uint64_t word(StripId strip, int row) const { return strips_[strip][static_cast<std::size_t>(row)]; }

private:
    std::vector<std::array<std::uint64_t, Strip::rows>> strips_;
};

struct StateTest {
    std::function<bool(const SystemState&)> holds;
    bool by_local_states = false;  // it depends on the two local states only, and is asked once a strip
};

// The states from which steps of the system lead to one that passes the test, those that pass it among them. A step
// that was cut leads nowhere. Nothing where `stop`, which is polled, said so. The exploration must be complete, and one
// without stages and without mirror images.
std::optional<StateSet> states_that_reach(Explorer& explorer, const StateTest& test, const std::function<bool()>& stop);

// The number of the first explored state that is not in the set; none where all are.
std::optional<std::uint64_t> first_outside(const Explorer& explorer, const StateSet& set);

}  // namespace lastack
