// What a tester can do to one endpoint, and what it can tell of it: the graph that test suites are walks through.
//
// The endpoint's labelled transition system in an open environment (checker/compare/endpoint_lts.h): every flag set at
// every position that a rule distinguishes, every call, and silence until a timer ends. Not a pair of endpoints: what
// no honest peer would send is what a tester must send. What the application is told by a signal is left out, since a
// tester does not see when; control states are seen. Local states that no sequence of such inputs tells apart form a
// block (the coarsest strong bisimulation, checker/compare/bisimulation.h).
//
// A reaction is what all members of a block do on each input of a set: the observations and the blocks that follow, by
// the same rules. An implementation has a mistake in a rule more easily than in one of the inputs that it takes. With
// one way it is certain; with several the profile leaves a choice (`may`). That inputs with the same reaction stand for
// each other is the uniformity hypothesis: an implementation may tell apart what its profile does not. Cost: that of
// the transition system, twice; 24 bytes for each reaction and input.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/compare/bisimulation.h"
#include "checker/compare/endpoint_lts.h"

namespace lastack {

// States on the way into a connection: LISTEN, SYN_SENT, SYN_RCVD.
bool opens(const std::string& state);

// What of the profile a tester plays.
struct TesterOptions {
    // The control state that runs begin in; empty: the profile's initial one. From another one on the peer's SYN stands
    // at unit 0: a SYN that would begin the stream elsewhere is the same SYN of another initial sequence number.
    std::string start;
    std::vector<std::string> calls;      // that the application may make, of those that the profile handles
    bool each_segment = false;           // also segments that no rule tells from others
    std::size_t max_states = 1'000'000;  // local states
    std::function<bool()> stop;          // OutOfPatience is thrown where it says so
};

class TesterGraph {
public:
    // Throws std::length_error where there are more than max_states local states.
    TesterGraph(const Profile& profile, const Limits& limits, const TesterOptions& options);

    struct Way {
        std::uint32_t observation = 0, to = 0;  // to: a block
        auto operator<=>(const Way&) const = default;
    };
    struct Reaction {
        std::uint32_t block = 0;
        std::vector<Way> ways;              // sorted, each once
        std::vector<std::uint32_t> inputs;  // of the alphabet, of one trigger, sorted
        bool certain() const { return ways.size() == 1; }
    };

    const std::string& start() const { return start_; }  // as in TesterOptions
    const EndpointLts& lts() const { return *lts_; }
    const OpenAlphabet& alphabet() const { return *alphabet_; }
    const Observation& observation(std::uint32_t id) const { return (*observations_)[id]; }
    std::size_t size() const { return lts_->size(); }  // local states; 0 is the first one
    std::size_t blocks() const { return first_reaction_.size() - 1; }
    std::uint32_t block(std::uint32_t vertex) const { return blocks_[vertex]; }
    std::uint32_t member(std::uint32_t block) const { return member_[block]; }  // the first vertex of it
    const std::string& state(std::uint32_t block) const { return lts_->control_state(member_[block]); }

    const std::vector<Reaction>& reactions() const { return reactions_; }
    // The numbers of a block's reactions.
    std::pair<std::uint32_t, std::uint32_t> reactions_of(std::uint32_t block) const {
        return {first_reaction_[block], first_reaction_[block + 1]};
    }
    // The reaction of a block to an input; nothing where it has none: a call without a rule, a timer that does not run,
    // an input by which the profile leaves its declared ranges.
    std::optional<std::uint32_t> reaction(std::uint32_t block, std::uint32_t input) const;
    // Does the input lead to one local state only, whatever the profile leaves open on the way?
    bool is_settled(std::uint32_t vertex, std::uint32_t input) const {
        const std::span<const LtsEdge> edges = lts_->edges(vertex, input);
        return std::all_of(edges.begin(), edges.end(), [&](const LtsEdge& edge) { return edge.to == edges[0].to; });
    }
    // Of the ways that are open, the one that a walk plans: where all lead to one state the one in which the least is
    // seen, since what else may come is let pass; else one that uses no `may`.
    const LtsEdge& planned(std::uint32_t vertex, std::uint32_t input) const;
    bool is_timer(std::uint32_t input) const {
        return input >= alphabet_->calls && input < alphabet_->calls + alphabet_->timers;
    }
    bool is_call(std::uint32_t input) const { return input < alphabet_->calls; }

private:
    void find_reactions();
    void count_mays();

    std::string start_;
    std::unique_ptr<OpenAlphabet> alphabet_;
    std::unique_ptr<Observations> observations_;
    std::unique_ptr<EndpointLts> lts_;
    std::vector<std::uint32_t> blocks_;  // by vertex
    std::vector<std::uint32_t> member_;  // by block
    std::vector<Reaction> reactions_;    // by block
    std::vector<std::uint32_t> first_reaction_;
    std::vector<std::uint32_t> reaction_of_;  // by block and input
    std::vector<int> mays_;  // rules of a choice among those of an edge, by its label; -1 where no edge has it
};

}  // namespace lastack
