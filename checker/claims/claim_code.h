// Claims compiled for the fast path: a tree over moments of the product walk.
//
// A moment is a state, or a step with its states before and after. What a claim depends on (one endpoint, both, the
// network, the step) is worked out once, so that the checker evaluates it as seldom as possible: see the hooks in
// watch.h. The plain evaluation of claims, which judges replays, is checker/trace/plain_claims.h and shares nothing
// with this.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "model/source.h"
#include "model/system.h"

namespace lastack {

struct ClaimMoment {
    const SystemState* before = nullptr;
    const SystemState* after = nullptr;  // null without a step
    const SystemStep* step = nullptr;    // null without a step
};

class ClaimCode {
public:
    // `body` is a claim's expression; the system must outlive this.
    ClaimCode(System& system, const Expr& body);

    bool holds(const ClaimMoment& moment) const;

    bool reads_step() const { return reads_step_; }                    // has a step atom or `next`
    bool reads_network() const { return reads_network_; }              // quiet, in flight
    bool reads_network_steps() const { return reads_network_steps_; }  // lost, doubled

    // The claim is a conjunction over endpoints of something that only speaks of that endpoint's own state and steps,
    // or speaks of one named endpoint only: then it can be decided once per local state or outcome. `end` is the
    // endpoint at hand.
    bool per_end() const { return per_end_; }
    // The same of an endpoint with what it has sent that is in flight: decided once per half. Only of states.
    bool per_half() const { return per_half_; }
    bool holds_for_end(const ClaimMoment& moment, int end) const;

private:
    struct Node {
        Expr expr;                     // op, value, name, end, next
        std::vector<Program> program;  // at_end: one for each endpoint; segment conditions: one for each endpoint
        std::vector<int> args;
    };
    // What `each` and `some` bind, innermost last; a claim is evaluated too often for memory to be asked for.
    class Bindings {
    public:
        void push(int end) { ends_[count_++] = static_cast<std::int8_t>(end); }
        void pop() { --count_; }
        int operator[](int depth) const { return ends_[static_cast<std::size_t>(depth)]; }

    private:
        std::array<std::int8_t, deepest_tree> ends_;  // the parser bounds nesting
        std::size_t count_ = 0;
    };

    int build(const Expr& expr);
    void classify(const Expr& expr);
    bool only_about(const Expr& expr, EndRef end) const;
    int value(int node, const ClaimMoment& moment, Bindings& bindings) const;
    int quantified(const Node& node, const ClaimMoment& moment, Bindings& bindings) const;
    int step_atom(const Node& node, const ClaimMoment& moment, int end) const;
    int state_atom(const Node& node, const ClaimMoment& moment, const Bindings& bindings) const;
    // How many of the sender's segments fit; where the node does not count, whether one does.
    int fitting(const Node& node, int sender, LocalId local, std::span<const SegmentId> segments) const;
    bool segment_fits(const Node& node, int reader, LocalId local, const Segment& segment) const;
    static int resolve(EndRef end, const Bindings& bindings);

    System& system_;
    std::vector<Node> nodes_;
    int root_ = 0;
    bool reads_step_ = false, reads_network_ = false, reads_network_steps_ = false, per_end_ = false, per_half_ = false;
    int only_end_ = -1;  // per end: the named endpoint; -1: each
};

}  // namespace lastack
