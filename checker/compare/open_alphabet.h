// The finite alphabet with which an open environment drives endpoints: calls, timers, and segments of every kind.
//
// An endpoint by itself is not a closed system: its peer may be anything. A peer may set the flags SYN, FIN, RST and
// ACK in all sixteen ways; SEQ, ACK and LEN each go from 0 to one above the largest number with which a rule of either
// profile compares them, window edges included; the window is zero or not. Of the segments that no rule tells apart,
// one is taken (checker/compare/segment_classes.h). Where the protocol has words of its own, its segments are those of
// every kind with every value of its declared fields: there the wire has no others.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/compare/segment_classes.h"
#include "model/endpoint.h"

namespace lastack {

struct AlphabetOptions {
    std::optional<int> highest_unit;                // of SEQ and ACK; absent: one above what a profile tells apart
    std::optional<std::vector<std::string>> calls;  // absent: every call that either profile handles
    std::optional<int> longest;                     // of LEN; absent: one above what a profile tells apart
    bool each_segment = false;                      // true: segments that no rule tells apart are all there
};

struct OpenAlphabet {
    std::vector<Input> inputs;          // calls, then timers, then segments; the commoner kinds of segment first
    int highest_unit = 0;               // of SEQ and ACK
    int longest = 0;                    // of LEN
    std::size_t all_segments = 0;       // for which those among the inputs stand
    std::size_t calls = 0, timers = 0;  // how many of the inputs are
    // Timers under other names: the rules of both have the same names. B's name, A's name.
    std::map<std::string, std::string> timer_of_b;
};

// Of one profile or of several; timers under other names are only looked for where there are two.
OpenAlphabet open_alphabet(const std::vector<ReadProfile>& profiles, const AlphabetOptions& options = {});
OpenAlphabet open_alphabet(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                           const AlphabetOptions& options = {});

// "close", "timer rto", "FIN,ACK seq=1 ack=1".
std::string to_string(const Input& input, const Vocabulary& vocabulary);

// Limits for a comparison: those of each profile, but an override gives its value to both. Throws std::invalid_argument
// for an override that neither has, or outside of a range.
std::pair<Limits, Limits> shared_limits(const Profile& a, const Profile& b,
                                        const std::map<std::string, int>& overrides);

}  // namespace lastack
