// What the writers of derived forms read out of a vector: its instants and its words for people.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "generators/vector.h"

namespace lastack {

// When a step happens, in microseconds after the opening.
struct StepTimes {
    std::int64_t action_us = 0;           // the call or the sending; for a wait, its beginning
    std::vector<std::int64_t> expect_us;  // of each expected segment, never before the one ahead of it
    std::int64_t complete_us = 0;
};

enum class Moment { earliest, latest };  // of each window

// Steps follow each other without a pause. A wait that expects nothing lasts to the end of its window in either
// case, because only then is the tester sure that the timer has expired.
std::vector<StepTimes> timeline(const TestVector& vector, Moment moment);

std::string seconds(std::int64_t microseconds);  // "0.2", "60", "-0.000001": exact, without trailing zeros
std::string
action_text(const VectorStep& step);  // "close() = ok", "send(100) = pipe", "FIN,ACK seq=0 ack=1", "wait for time_wait"
std::string name_of(const TestVector& vector);  // its id without the IP version that ends it
// The rules that plan a step, with their clauses: of what is expected, then of the step itself; each once.
std::vector<std::pair<std::string, std::string>> rules_behind(const TestVector& vector, int step);
std::string sense_text(VectorClaim::Sense sense);  // "witness", "counterexample", "goal"
std::string anchor_text(const Anchor& anchor);     // "", " after the opening", " after step 2 was complete"
std::string window_text(const Window& window);     // "0 to 0.04 s", "0.2 to 0.3 s after step 2 was complete"
std::string alternative_text(const Alternative& alternative);  // segment, window, rule and what follows

}  // namespace lastack
