// The finite alphabet with which an open environment drives one endpoint: calls, timers, and segments of every shape.
//
// An endpoint by itself is not a closed system: its peer may be anything. What a peer can do is bounded by naming a
// highest sequence unit; each combination of SEQ and ACK up to it, of no or one unit of text, and of the flags below is
// a segment. That is (units + 1)^2 * 6 + (units + 1) * 3 segments, twice that where a profile reads the window.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

struct AlphabetOptions {
    std::optional<int> highest_unit;                // of SEQ and ACK; absent: one above what either profile uses
    std::optional<std::vector<std::string>> calls;  // absent: every call that either profile handles
};

struct OpenAlphabet {
    std::vector<Input> inputs;  // calls, then timers, then segments; the commoner kinds of segment first
    int highest_unit = 0;
    std::size_t calls = 0, timers = 0;  // how many of the inputs are
    // Timers under other names: the rules of both have the same names. B's name, A's name.
    std::map<std::string, std::string> timer_of_b;
};

OpenAlphabet open_alphabet(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                           const AlphabetOptions& options = {});

// "close", "timer rto", "FIN,ACK seq=1 ack=1".
std::string to_string(const Input& input);

// Limits for a comparison: a limit that both profiles have gets one value for both, the override or else A's, as long
// as it lies in B's range. Throws std::invalid_argument for an override that neither has, or outside of a range.
std::pair<Limits, Limits> shared_limits(const Profile& a, const Profile& b,
                                        const std::map<std::string, int>& overrides);

}  // namespace lastack
