// How many states there will be, as far as the levels of a breadth-first search tell.
//
// Idea: on all models here the sizes of levels rise and fall like a bell; the logarithm of the ratio of one level to
// the one before falls nearly evenly. It is continued along the slope of the last levels. On six systems of 2 to 126
// million states (tests/checker/engine/forecast_test.cpp) what was said was within a quarter of the truth, and from a
// fifth of the states on something was said.
#pragma once

#include <cstdint>
#include <span>

namespace lastack {

// `levels`: the sizes of the levels that are complete, from the first. 0 where they do not tell: too few, no slope
// downwards yet, or slopes that contradict each other.
std::uint64_t forecast_states(std::span<const std::uint64_t> levels);

}  // namespace lastack
