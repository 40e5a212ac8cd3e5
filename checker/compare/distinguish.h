// Two endpoints compared, and where they differ, the shortest exchange that tells them apart.
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/compare/bisimulation.h"
#include "checker/compare/endpoint_lts.h"

namespace lastack {

struct CompareOptions {
    AlphabetOptions alphabet;
    std::size_t max_states = 1'000'000;  // local states of each side
    std::size_t max_pairs = 2'000'000;   // pairs of what the sides may be in
    bool states_observable = false;
    std::string start;  // control state in which both begin; empty: each in its initial one
    std::function<bool()> stop;
};

// A run of one side: vertices[i] --edges[i]--> vertices[i + 1]. Its last edge is the reaction to the last input of the
// exchange; it is missing where that input is not enabled on this side.
struct SideRun {
    std::vector<std::uint32_t> vertices;
    std::vector<LtsEdge> edges;
};

// What one side may do on an input, in one way of reacting.
struct Response {
    std::uint32_t observation = 0;
    std::vector<std::string> rules;  // that fire; empty: a segment is ignored
};

// Both sides can take the steps with equal observations; after them they answer the last input differently.
struct Distinction {
    struct Step {
        std::uint32_t input = 0, observation = 0;
        int mover = -1;  // only in a difference of choices: whose choice it is, 0 = A, 1 = B
    };
    // A difference of choices: both sides have the same exchanges, but one of them can bind itself, in the steps, to
    // what the other one still leaves open.
    bool branching = false;
    // A difference in time only: the last input is a timer that runs on both sides and was not started at the same
    // time. After how many of the steps it was, on each side.
    bool in_time = false;
    std::size_t started_after[2] = {0, 0};
    std::vector<Step> steps;
    std::uint32_t input = 0;  // the last one
    // A timer of the other side ended without a trace while this side only waited, which is no step of its run.
    bool waited[2] = {false, false};
    std::vector<Response> answers[2];    // all that A, B may do; none: the input is not enabled
    std::vector<std::string> states[2];  // control states that A, B may be in before it
    SideRun run[2];
};

// An input on which one side leaves its declared ranges and the other one does not: nothing is compared behind it.
struct OutOfRanges {
    std::size_t count = 0;  // such inputs in pairs of states that were compared
    int side = 0;           // of the first: who leaves, 0 = A, 1 = B
    std::uint32_t input = 0;
    std::string why;  // the message of the rule
};

struct Comparison {
    enum class Verdict {
        bisimilar,    // no observable difference
        same_inside,  // none as far as both stay in their declared ranges
        different,    // `distinction` tells
        undecided,    // too many states or pairs; nothing was found before that
    };
    Verdict verdict = Verdict::undecided;
    bool interrupted = false;  // `stop` said so: there may be more to find
    std::optional<Distinction> distinction;
    std::vector<Distinction> further;  // one for each pair of control states, kind of input and rules; shortest first
    OutOfRanges out_of_ranges;
    std::size_t pairs = 0;   // compared
    bool all_pairs = false;  // that are reachable; false: a limit was hit
    Partition partition;     // rounds is empty where a side is too large

    std::unique_ptr<OpenAlphabet> alphabet;
    std::unique_ptr<Observations> observations;
    std::unique_ptr<EndpointLts> lts[2];
};

Comparison compare(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                   const CompareOptions& options);

// Only whether nothing that others see tells the two profiles apart, whatever their peer and their application do,
// wherever they begin: in each of the control states `starts`, "" for the initial one. nullopt: undecided, because
// either has more than `max_states` local states, because they differ only where one of them leaves its declared
// ranges, or since `stop` said so.
std::optional<bool> bisimilar(const Profile& a, const Profile& b, const Limits& limits_a, const Limits& limits_b,
                              std::size_t max_states, const std::vector<std::string>& starts = {""},
                              const std::function<bool()>& stop = {});

// The peer's stream, as far as it was sent: units become bytes only where its FIN has one place, with nothing behind
// it.
struct PeerStream {
    int fin = -1, top = 0;
    auto operator<=>(const PeerStream&) const = default;

    // Does the segment fit to what was sent before?
    bool take(const Segment& segment) {
        const int text_end = segment.seq + segment.len;
        if (segment.len > 0) top = std::max(top, text_end);
        if (segment.fin && fin >= 0 && fin != text_end) return false;
        if (segment.fin) fin = text_end;
        return fin < 0 || top <= fin;
    }
};

// Where the shortest exchange is not one that can be played, another one may be. Which steps can be, each by itself:
struct Playable {
    std::function<bool(const Input& input)> input;
    std::function<bool(const std::string& control_state)> state;  // that a side comes to
    std::size_t most_tried = 200;                                 // exchanges that are offered
    std::size_t most_pairs = 200'000;
};
// Offers the differences made of playable steps, the shortest first, until one is taken. The peer's segments fit one
// stream: its FIN has one place, with no text behind it. Where a timer runs on one side only and ends without a trace,
// the exchange may go on: what that changed shows later.
std::optional<Distinction> next_distinction(Comparison& comparison, const Playable& playable,
                                            const std::function<bool(const Distinction&)>& take,
                                            const std::function<bool()>& stop = {});

// What the two profiles declare differently. What of it can be observed, the comparison finds by itself.
struct DeclaredDifference {
    std::string kind, name;  // "timer", "limit", "setting"
    std::string of_a, of_b;  // values; empty: not declared there
};
std::vector<DeclaredDifference> declared_differences(const Profile& a, const Profile& b);

}  // namespace lastack
