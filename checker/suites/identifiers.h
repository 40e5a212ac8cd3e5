// Sequences of inputs that tell the blocks of a tester's graph from each other: harmonised state identifiers.
//
// Idea: a splitting tree (D. Lee, M. Yannakakis, "Testing finite-state machines: state identification and
// verification", IEEE Transactions on Computers 43(3), 1994; harmonised: G. Luo, A. Petrenko, G. v. Bochmann,
// "Selecting test sequences for partially-specified nondeterministic finite state machines", 1994). The root has all
// blocks; a node's sequence gives its blocks answers that differ, and each answer is a child. The identifiers of a
// block are the sequences on the way to its leaf, so any two blocks share the one at which their ways part. Calls and
// segments are taken before timers, which a tester has to wait for. Deviation: the profile may leave open what follows;
// an input tells blocks apart only where what they may answer has nothing in common, and a sequence goes on only behind
// reactions that are certain. Blocks that this leaves in one leaf are counted. Cost: for each node inputs times blocks.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/suites/tester_graph.h"

namespace lastack {

class Identifiers {
public:
    using Inputs = std::vector<std::uint32_t>;

    // `waits`: may a sequence wait for timers?
    Identifiers(const TesterGraph& graph, bool waits);

    // None is the beginning of another one.
    const std::vector<Inputs>& of(std::uint32_t block) const { return of_block_[block]; }
    // Pairs of blocks that no sequence here tells apart.
    std::size_t pairs_left() const { return pairs_left_; }

private:
    using Blocks = std::vector<std::uint32_t>;
    struct Node {
        Inputs sequence;  // empty: a leaf
        int parent = -1;
    };
    struct Split {
        Inputs sequence;
        std::vector<Blocks> parts;  // empty: none was found
    };

    Split split(const Blocks& blocks) const;
    std::vector<Blocks> parts_at_once(const Blocks& blocks, std::uint32_t input) const;
    Split split_later(const Blocks& blocks, std::uint32_t input) const;
    void collect();

    const TesterGraph& graph_;
    std::vector<std::uint32_t> inputs_;  // calls, segments, timers
    std::vector<Node> nodes_;
    std::vector<int> leaf_;  // by block
    std::vector<std::vector<Inputs>> of_block_;
    std::size_t pairs_left_ = 0;
};

}  // namespace lastack
