// One endpoint as a labelled transition system in an open environment: what can be observed of it, and nothing else.
//
// A label is an input together with what the endpoint lets others see of its reaction. An input that is not enabled (a
// call without a rule, a timer that does not run) has no edge; a segment that nothing matches is a loop without output.
// `may` rules give several edges. Where an input makes the profile leave the ranges of its variables, the model says
// nothing: the edge is a loop with the observation `outside`.
// History variables are held at their first value: no rule reads them, so they would only multiply the local states.
// Cost: each (local state, input) is evaluated once; 16 bytes an edge.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "checker/open_alphabet.h"
#include "model/machine.h"

namespace lastack {

// What others see of a reaction.
struct Observation {
    bool outside = false;              // the profile leaves its declared ranges
    std::vector<Segment> sent;         // in order; era 0, since it is not on the wire
    std::string result;                // of a call
    std::vector<std::string> signals;  // to the application, in order
    std::string state;                 // the control state after it, only where states are observable

    auto operator<=>(const Observation&) const = default;
};

// "FIN,ACK seq=1 ack=1", "returns pipe", "nothing", "ACK seq=1 ack=2, signal eof".
std::string to_string(const Observation& observation);

// Numbers for observations, shared by the two systems of a comparison; 0 is `outside`.
class Observations {
public:
    static constexpr std::uint32_t outside = 0;
    Observations();
    std::uint32_t intern(const Observation& observation);
    const Observation& operator[](std::uint32_t id) const { return all_[id]; }

private:
    std::map<Observation, std::uint32_t> ids_;
    std::vector<Observation> all_;
};

struct LtsEdge {
    std::uint32_t input = 0;        // index in the alphabet
    std::uint32_t observation = 0;  // in the table
    std::uint32_t to = 0;           // vertex
    std::uint32_t label = 0;        // of the machine: the rules that fired; meaningless for `outside`

    bool same_label(const LtsEdge& other) const { return input == other.input && observation == other.observation; }
    auto operator<=>(const LtsEdge&) const = default;
};

struct LtsOptions {
    std::size_t max_states = 1'000'000;
    bool states_observable = false;
    std::string start;                               // the control state to begin in; empty: the profile's initial one
    std::map<std::string, std::string> timer_names;  // of this profile's timers in the alphabet, where they differ
};

// The profile without what updates its history variables.
Profile without_history(const Profile& profile);

// Vertices are numbered in order of discovery, 0 is the initial one. The alphabet must outlive it.
class EndpointLts {
public:
    EndpointLts(const Profile& profile, const Limits& limits, const OpenAlphabet& alphabet, Observations& observations,
                const LtsOptions& options);

    std::size_t size() const { return local_of_.size(); }
    bool complete() const { return complete_; }  // false: max_states was hit, there are no edges
    std::size_t edge_count() const { return edges_.size(); }
    // Sorted by input, observation, target.
    std::span<const LtsEdge> edges(std::uint32_t vertex) const {
        return {edges_.data() + first_[vertex], edges_.data() + first_[vertex + 1]};
    }
    // Those of one input; logarithmic.
    std::span<const LtsEdge> edges(std::uint32_t vertex, std::uint32_t input) const;

    const Profile& profile() const { return *profile_; }  // without history
    const Limits& limits() const { return machine_->limits(); }
    const OpenAlphabet& alphabet() const { return alphabet_; }
    Input own_input(std::uint32_t input) const;  // of the alphabet, with this profile's name for a timer
    EndState state(std::uint32_t vertex) const { return machine_->decode(local_of_[vertex]); }
    const std::string& control_state(std::uint32_t vertex) const;
    const std::vector<std::string>& rules(const LtsEdge& edge) const;
    // Why an input leads outside there: the message of the rule that leaves a range.
    std::string why_outside(std::uint32_t vertex, std::uint32_t input) const;

private:
    class Builder;

    std::unique_ptr<const Profile> profile_;  // the machine refers to it
    const OpenAlphabet& alphabet_;
    std::map<std::string, std::string> own_timer_;  // name in the alphabet, name in the profile
    std::unique_ptr<SegmentTable> in_, out_;
    std::unique_ptr<Machine> machine_;
    std::vector<LocalId> local_of_;  // by vertex
    std::vector<std::size_t> first_;
    std::vector<LtsEdge> edges_;
    bool complete_ = true;
};

}  // namespace lastack
