// One endpoint as a labelled transition system in an open environment: what can be observed of it, and nothing else.
//
// A label is an input together with what the endpoint lets others see of its reaction. An input that is not enabled (a
// call without a rule, a timer that does not run) has no edge; a segment that nothing matches is a loop without output.
// `may` rules give several edges. Where an input makes the profile leave the ranges of its variables, the model says
// nothing: the edge is a loop with the observation `outside`.
// Time is observed, too (checker/compare/timing.h): which timers a reaction starts, and how long one ran that the two
// sides of a comparison declare differently. The number of doublings is then a part of the vertex. History variables
// are held at their first value: no rule reads them, so they would only multiply the local states. Inputs that a local
// state does not tell apart (model/alike_segments.h) are one class there; edges are kept for the first input of each
// class. Cost: each local state and each class there is evaluated once; 16 bytes an edge.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "checker/compare/open_alphabet.h"
#include "model/machine.h"

namespace lastack {

// What others see of a reaction.
struct Observation {
    bool outside = false;              // the profile leaves its declared ranges
    std::vector<Segment> sent;         // in order; era 0, since it is not on the wire
    std::string result;                // of a call
    std::vector<std::string> signals;  // to the application, in order
    std::string state;                 // the control state after it, only where states are observable

    // Of time. Timers by their names in the alphabet.
    std::vector<std::string> started;               // sorted: that it starts and whose end somebody can see
    std::int64_t earliest_us = -1, latest_us = -1;  // of an expiry: after its start; -1: the same on both sides

    auto operator<=>(const Observation&) const = default;
};

// "FIN,ACK seq=1 ack=1", "returns pipe", "nothing", "ACK seq=1 ack=2, signal eof", "nothing after 1 s". What is started
// cannot be seen at once: it is told only on demand, "nothing, starts rto".
std::string to_string(const Observation& observation, const Vocabulary& vocabulary, bool with_started = false);

// "200 ms", "60 s": in the largest unit that keeps it whole.
std::string duration_text(std::int64_t us);

// Thrown by what takes long where its `stop` says so; whoever began it catches it and says that the result is partial.
struct OutOfPatience {};

// Asks `stop` now and then, and throws OutOfPatience.
class Patience {
public:
    explicit Patience(const std::function<bool()>& stop) : stop_(stop) {}
    void operator()() {
        if (stop_ && (++asked_ & 15U) == 0 && stop_()) throw OutOfPatience{};
    }

private:
    const std::function<bool()>& stop_;
    unsigned asked_ = 0;
};

// Numbers for observations, shared by the two systems of a comparison; 0 is `outside`.
class Observations {
public:
    static constexpr std::uint32_t outside = 0;
    Observations();
    std::uint32_t intern(const Observation& observation);
    std::size_t size() const { return all_.size(); }
    const Observation& operator[](std::uint32_t id) const { return all_[id]; }
    // The same without what it starts.
    std::uint32_t at_once(std::uint32_t id);

private:
    std::map<Observation, std::uint32_t> ids_;
    std::vector<Observation> all_;
    std::vector<std::uint32_t> at_once_;  // by id; unknown where it was not asked for
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
    std::set<std::string> measured;  // timers, as in the alphabet, whose expiries tell how long they ran
    std::function<bool()> stop;      // OutOfPatience is thrown where it says so
    // Steps that are taken for ones that leave the ranges; empty: no others.
    std::function<bool(const EndState& before, const EndState& after)> outside = {};
};

// The profile without what updates its history variables.
Profile without_history(const Profile& profile);

// Vertices are numbered in order of discovery, 0 is the initial one. The alphabet must outlive it. As built, each
// vertex has classes of its own; `unite_inputs` below makes two such systems ready.
class EndpointLts {
public:
    EndpointLts(const Profile& profile, const Limits& limits, const OpenAlphabet& alphabet, Observations& observations,
                const LtsOptions& options);

    // From the numbers of a table of its own, with which it was built, to those of a shared one.
    void move_to(Observations& shared, const Observations& own);

    std::size_t size() const { return local_of_.size(); }
    bool complete() const { return complete_; }  // false: max_states was hit, there are no edges
    std::size_t edge_count() const;              // each input's, not just each class's

    int control(std::uint32_t vertex) const { return machine_->control_state(local_of_[vertex]); }

    // Of each input, the first one of its class.
    using Classes = std::vector<std::uint32_t>;
    const Classes& classes(std::uint32_t vertex) const { return *classes_[vertex]; }
    // Those of the first inputs of all classes, sorted by input, observation, target.
    std::span<const LtsEdge> edges(std::uint32_t vertex) const {
        return {edges_.data() + first_[vertex], edges_.data() + first_[vertex + 1]};
    }
    // Those of one input; each names the first input of its class. Logarithmic.
    std::span<const LtsEdge> edges(std::uint32_t vertex, std::uint32_t input) const;

    // By control state and input: equal for two inputs with the same edges in every local state of it.
    using Mark = std::array<std::uint64_t, 2>;
    std::map<int, std::vector<Mark>> marks() const;
    // Only these inputs stay, sorted, those that are like a dropped one among them; numbered anew from 0. All local
    // states of a control state share their classes from here on. The alphabet is to follow.
    void keep(const std::vector<std::uint32_t>& inputs, const std::map<int, std::vector<Mark>>& marks);

    // Every edge gets another observation, or is not seen at all; asked of all edges that were built, also those that
    // are not seen at present.
    using Sight = std::function<std::optional<std::uint32_t>(std::uint32_t vertex, const LtsEdge& edge)>;
    void see(const Sight& sight);
    // All edges as they were built.
    std::span<const LtsEdge> built_edges(std::uint32_t vertex) const {
        return built_.empty() ? edges(vertex)
                              : std::span<const LtsEdge>{built_.data() + built_first_[vertex],
                                                         built_.data() + built_first_[vertex + 1]};
    }

    const Profile& profile() const { return *profile_; }  // without history
    const Limits& limits() const { return machine_->limits(); }
    const OpenAlphabet& alphabet() const { return alphabet_; }
    Input own_input(std::uint32_t input) const;  // of the alphabet, with this profile's name for a timer
    // The name in the alphabet of one of this profile's timers (an index).
    const std::string& timer_name(int timer) const;
    EndState state(std::uint32_t vertex) const { return machine_->decode(local_of_[vertex]); }
    const std::string& control_state(std::uint32_t vertex) const;
    const std::vector<std::string>& rules(const LtsEdge& edge) const;
    const std::vector<int>& started(const LtsEdge& edge) const;  // timers of the profile, as the rules say it
    // Why an input leads outside there: the message of the rule that leaves a range.
    std::string why_outside(std::uint32_t vertex, std::uint32_t input) const;

private:
    class Builder;

    std::unique_ptr<const Profile> profile_;  // the machine refers to it
    const OpenAlphabet& alphabet_;
    std::map<std::string, std::string> own_timer_;       // name in the alphabet, name in the profile; where they differ
    std::map<std::string, std::string> alphabet_timer_;  // the other way round
    std::unique_ptr<SegmentTable> out_;
    std::unique_ptr<Machine> machine_;
    std::vector<LocalId> local_of_;                        // by vertex
    std::vector<std::shared_ptr<const Classes>> classes_;  // by vertex
    std::vector<std::size_t> first_;
    std::vector<LtsEdge> edges_;
    std::vector<std::size_t> built_first_;  // built_*: all edges as they were built, once some are seen otherwise
    std::vector<LtsEdge> built_;
    bool complete_ = true;
};

// Drops the inputs that neither system tells from an earlier one, in the alphabet of both, too. To be called once,
// before anything else is asked of the two.
void unite_inputs(EndpointLts& a, EndpointLts& b, OpenAlphabet& alphabet);

}  // namespace lastack
