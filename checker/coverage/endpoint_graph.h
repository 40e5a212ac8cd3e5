// One endpoint as a graph that people can look at: the local states and reactions that an exploration used.
//
// The machine (model/machine.h) holds more than that: it also knows reactions whose step was cut. The graph is
// collected by hooks during the run, so that each vertex and edge is part of some run of the system.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/engine/explorer.h"

namespace lastack {

struct EndpointEdge {
    std::uint32_t from = 0, to = 0;  // vertices
    Trigger trigger = Trigger::call;
    std::string name;                // call or timer; empty for segments
    std::optional<Segment> segment;  // trigger segment: what arrived
    std::vector<std::string> rules;  // that fired, in order; empty: the segment was ignored
    std::vector<Segment> sent;
};

struct EndpointGraph {
    std::vector<EndState> vertices;    // 0 is the initial one
    std::vector<EndpointEdge> edges;   // sorted by `from`, then in order of first use
    std::vector<std::uint32_t> first;  // edges of vertex v: first[v] to first[v + 1]
};

// Hooks for Explorer::run that remember what one end of the system does. The system must outlive them.
class EndpointHooks : public ExplorationHooks {
public:
    EndpointHooks(System& system, int end) : system_(system), end_(end) {}

    bool state(std::uint64_t, const SystemState& state) override {
        const LocalId local = state.end[end_];
        if (local >= reached_.size()) reached_.resize(local * 2 + 64);
        reached_[local] = true;
        return true;
    }
    bool step(std::uint64_t, const SystemState& before, SystemState&, const SystemStep& step) override {
        if (step.outcome && step.end == end_) use(before.end[end_], step);
        return true;
    }

    EndpointGraph graph() const;

private:
    // An outcome belongs to one local state and one input, so its first use tells both.
    struct Use {
        LocalId from = 0;
        SegmentId segment = 0;
        bool arrives = false, used = false;
    };
    void use(LocalId from, const SystemStep& step) {
        const std::size_t index = system_.machine(end_).index_of(*step.outcome);
        if (index >= uses_.size()) uses_.resize(index * 2 + 64);
        if (!uses_[index].used) uses_[index] = {from, step.segment, step.kind == SystemStep::Kind::deliver, true};
    }

    System& system_;
    int end_;
    std::vector<bool> reached_;  // by local id
    std::vector<Use> uses_;      // by index of the outcome
};

// What the exploration of a system shows of its end A.
struct EndpointExploration {
    std::string profile, system;
    Limits limits;  // of end A, as explored
    EndpointGraph graph;
    Coverage coverage;
};

// Enough for a graph that people look at: 20 million system states.
Bounds graph_bounds();

// The first system of the spec with the subject at both ends (else at A), explored with the profile as the subject and
// with one unit of text each way. Throws SpecError where the spec has no such profile or system.
EndpointExploration explore_endpoint(const Spec& spec, const std::string& profile_name, const Bounds& bounds);

enum class GraphLevel {
    control_states,  // a node for each control state, one edge for each pair of them
    local_states,    // a node for each local state, an edge for each reaction
};

// Graphviz's language. Rules that fired stand on the edges, one a line with its citation; edges on which every way uses
// a `may` rule are dashed; the initial state has an arrow from nowhere, final states a double line. Segments that are
// ignored are left out where they change nothing. Same graph, same bytes.
std::string to_dot(const EndpointGraph& graph, const Profile& profile, const Limits& limits, GraphLevel level);

std::string endpoint_dot(const Spec& spec, const std::string& profile_name, GraphLevel level);

// Figures of a graph, and for each control state of the profile how it is reached and left.
struct GraphSummary {
    struct ControlState {
        std::string name;
        std::size_t locals = 0;    // vertices; 0: not reached
        int distance = -1;         // steps of this endpoint from its initial state; -1: not reached
        std::size_t terminal = 0;  // vertices that no reaction leaves
        bool operator==(const ControlState&) const = default;
    };
    std::size_t vertices = 0, edges = 0;
    std::size_t components = 0;         // strongly connected
    std::size_t largest_component = 0;  // in vertices
    std::vector<ControlState> states;   // in the order of the profile
};

GraphSummary summarise(const EndpointGraph& graph, const Profile& profile);

// A few lines for people: the figures, then a line for each control state.
std::string to_string(const GraphSummary& summary);

}  // namespace lastack
