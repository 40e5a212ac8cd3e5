#include "bench/suite_methods.h"

#include <boost/dynamic_bitset.hpp>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/successive_shortest_path_nonnegative_weights.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "checker/suites/identifiers.h"

namespace lastack::bench {
namespace {

using Blocks = boost::dynamic_bitset<>;

// The inputs of the shortest ways from the first state, by certain reactions.
std::vector<std::optional<Identifiers::Inputs>> ways_to(const TesterGraph& graph) {
    std::vector<std::optional<Identifiers::Inputs>> ways(graph.blocks());
    std::vector<std::uint32_t> open{graph.block(0)};
    ways[open.front()].emplace();
    for (std::size_t at = 0; at < open.size(); ++at) {
        const auto [first, end] = graph.reactions_of(open[at]);
        for (std::uint32_t i = first; i < end; ++i) {
            const TesterGraph::Reaction& reaction = graph.reactions()[i];
            if (!reaction.certain() || ways[reaction.ways.front().to]) continue;
            ways[reaction.ways.front().to] = ways[open[at]];
            ways[reaction.ways.front().to]->push_back(reaction.inputs.front());
            open.push_back(reaction.ways.front().to);
        }
    }
    return ways;
}

// By single inputs, which blocks may answer as a block does.
class Alike {
public:
    explicit Alike(const TesterGraph& graph) : graph_(graph), none_(graph.alphabet().inputs.size()) {
        for (std::uint32_t input = 0; input < none_.size(); ++input) {
            none_[input].resize(graph.blocks());
            for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
                const std::optional<std::uint32_t> reaction = graph.reaction(block, input);
                if (!reaction) {
                    none_[input].set(block);
                    continue;
                }
                for (const TesterGraph::Way& way : graph.reactions()[*reaction].ways) {
                    Blocks& answer = by_answer_[{input, way.observation}];
                    answer.resize(graph.blocks());
                    answer.set(block);
                }
            }
        }
    }

    std::size_t inputs() const { return none_.size(); }
    std::optional<Blocks> to(std::uint32_t block, std::uint32_t input) const {
        const std::optional<std::uint32_t> reaction = graph_.reaction(block, input);
        if (!reaction || graph_.is_timer(input)) return std::nullopt;
        Blocks all = none_[input];
        for (const TesterGraph::Way& way : graph_.reactions()[*reaction].ways)
            all |= by_answer_.at({input, way.observation});
        return all;
    }

private:
    const TesterGraph& graph_;
    std::vector<Blocks> none_;  // that have no reaction, by input
    std::map<std::pair<std::uint32_t, std::uint32_t>, Blocks> by_answer_;
};

// The lengths of the sequences that tell the block from all others: single inputs, each time the one that leaves the
// fewest; what these leave is told by the harmonised ones that are longer.
std::vector<std::size_t> chosen_freely(const TesterGraph& graph, const Alike& alike, const Identifiers& identifiers,
                                       std::uint32_t block) {
    std::vector<std::size_t> lengths;
    Blocks left(graph.blocks());
    left.set();
    left.reset(block);
    while (left.any()) {
        std::optional<Blocks> best;
        for (std::uint32_t input = 0; input < alike.inputs(); ++input) {
            std::optional<Blocks> rest = alike.to(block, input);
            if (!rest) continue;
            *rest &= left;
            if (!best || rest->count() < best->count()) best = std::move(rest);
        }
        if (!best || best->count() == left.count()) break;
        left = std::move(*best);
        lengths.push_back(1);
    }
    if (left.any())
        for (const Identifiers::Inputs& sequence : identifiers.of(block))
            if (sequence.size() > 1) lengths.push_back(sequence.size());
    return lengths;
}

struct Cost {
    std::size_t tests = 0, steps = 0;
    void add(std::size_t before, const std::vector<std::size_t>& lengths) {
        tests += std::max<std::size_t>(lengths.size(), 1);
        steps += lengths.empty() ? before : 0;
        for (const std::size_t length : lengths) steps += before + length;
    }
};

}  // namespace

MethodSteps method_steps(const TesterGraph& graph) {
    const Identifiers identifiers(graph, true);
    const Alike alike(graph);
    const std::vector<std::optional<Identifiers::Inputs>> ways = ways_to(graph);
    std::vector<std::vector<std::size_t>> harmonised(graph.blocks()), free(graph.blocks());
    for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
        for (const Identifiers::Inputs& one : identifiers.of(block)) harmonised[block].push_back(one.size());
        free[block] = chosen_freely(graph, alike, identifiers, block);
    }
    Cost by_harmonised, by_free;
    for (const TesterGraph::Reaction& reaction : graph.reactions()) {
        if (!reaction.certain() || !ways[reaction.block]) continue;
        const std::uint32_t to = reaction.ways.front().to;
        by_harmonised.add(ways[reaction.block]->size() + 1, harmonised[to]);
        by_free.add(ways[reaction.block]->size() + 1, free[to]);
    }
    return {by_harmonised.tests, by_free.tests, by_harmonised.steps, by_free.steps};
}

namespace {

// Tests as a tree: a node for each beginning of one.
class TestTree {
public:
    explicit TestTree(const TesterGraph& graph) : graph_(graph), nodes_{{graph.block(0), 0, {}}} {}

    struct Node {
        std::uint32_t block = 0;
        std::size_t depth = 0;
        std::map<std::uint32_t, std::size_t> next;  // by input
    };
    const Node& operator[](std::size_t node) const { return nodes_[node]; }

    // By how many steps the tests would be longer with these inputs behind the node.
    std::size_t cost(std::size_t node, const Identifiers::Inputs& inputs) const {
        std::size_t done = 0;
        for (auto found = nodes_[node].next.end(); done < inputs.size(); ++done) {
            found = nodes_[node].next.find(inputs[done]);
            if (found == nodes_[node].next.end()) break;
            node = found->second;
        }
        const std::size_t left = inputs.size() - done;
        return left == 0 || nodes_[node].next.empty() ? left : nodes_[node].depth + left;
    }
    // The node behind them; those inputs that have one certain answer.
    std::size_t add(std::size_t node, const Identifiers::Inputs& inputs) {
        for (const std::uint32_t input : inputs) {
            if (const auto found = nodes_[node].next.find(input); found != nodes_[node].next.end()) {
                node = found->second;
                continue;
            }
            const std::optional<std::uint32_t> reaction = graph_.reaction(nodes_[node].block, input);
            if (!reaction || !graph_.reactions()[*reaction].certain()) break;
            nodes_.push_back({graph_.reactions()[*reaction].ways.front().to, nodes_[node].depth + 1, {}});
            nodes_[node].next[input] = nodes_.size() - 1;
            node = nodes_.size() - 1;
        }
        return node;
    }
    SpySteps sum() const {
        SpySteps all;
        for (const Node& node : nodes_) {
            if (!node.next.empty()) continue;
            ++all.tests;
            all.steps += node.depth;
            all.longest = std::max(all.longest, node.depth);
        }
        return all;
    }

private:
    const TesterGraph& graph_;
    std::vector<Node> nodes_;
};

constexpr std::size_t most_compared = 200;  // of the walks that lead to a block, the latest

}  // namespace

SpySteps spy_steps(const TesterGraph& graph) {
    const Identifiers identifiers(graph, true);
    const std::vector<std::optional<Identifiers::Inputs>> ways = ways_to(graph);
    TestTree tree(graph);
    std::vector<std::vector<std::size_t>> shown(graph.blocks());  // nodes of the block, that were shown to be of it
    for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
        if (!ways[block]) continue;
        shown[block] = {tree.add(0, *ways[block])};
        for (const Identifiers::Inputs& one : identifiers.of(block)) tree.add(shown[block].front(), one);
    }
    for (const TesterGraph::Reaction& reaction : graph.reactions()) {
        if (!reaction.certain() || !ways[reaction.block]) continue;
        const std::uint32_t to = reaction.ways.front().to, input = reaction.inputs.front();
        std::vector<Identifiers::Inputs> sequences = identifiers.of(to);
        if (sequences.empty()) sequences.emplace_back();
        for (Identifiers::Inputs& sequence : sequences) {
            sequence.insert(sequence.begin(), input);
            const std::vector<std::size_t>& all = shown[reaction.block];
            const auto from =
                all.begin() + static_cast<std::ptrdiff_t>(all.size() - std::min(all.size(), most_compared));
            tree.add(*std::min_element(from, all.end(),
                                       [&](std::size_t one, std::size_t other) {
                                           return tree.cost(one, sequence) < tree.cost(other, sequence);
                                       }),
                     sequence);
        }
        std::vector<std::size_t> now;
        for (const std::size_t node : shown[reaction.block])
            if (const auto next = tree[node].next.find(input); next != tree[node].next.end())
                now.push_back(next->second);
        for (const std::size_t node : now)
            if (std::find(shown[to].begin(), shown[to].end(), node) == shown[to].end()) shown[to].push_back(node);
    }
    return tree.sum();
}

namespace {

using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
using Flow = boost::adjacency_list<
    boost::vecS, boost::vecS, boost::directedS, boost::no_property,
    boost::property<boost::edge_capacity_t, long,
                    boost::property<boost::edge_residual_capacity_t, long,
                                    boost::property<boost::edge_reverse_t, Traits::edge_descriptor,
                                                    boost::property<boost::edge_weight_t, long>>>>>;

void add_arc(Flow& flow, std::size_t from, std::size_t to, long capacity, long cost) {
    const Traits::edge_descriptor there = add_edge(from, to, flow).first, back = add_edge(to, from, flow).first;
    put(boost::edge_capacity, flow, there, capacity);
    put(boost::edge_capacity, flow, back, 0);
    put(boost::edge_weight, flow, there, cost);
    put(boost::edge_weight, flow, back, -cost);
    put(boost::edge_reverse, flow, there, back);
    put(boost::edge_reverse, flow, back, there);
}

}  // namespace

// Where tours come less often than they must go on, they come once more: from where they come too often, or from a
// reset, by reactions that they have had.
TourSteps least_tours(const TesterGraph& graph) {
    const std::vector<std::optional<Identifiers::Inputs>> ways = ways_to(graph);
    std::vector<long> surplus(graph.blocks(), 0);  // times that a tour comes to a block more often than it goes on
    std::set<std::pair<std::uint32_t, std::uint32_t>> arcs;
    TourSteps found;
    for (const TesterGraph::Reaction& reaction : graph.reactions()) {
        if (!reaction.certain() || !ways[reaction.block]) continue;
        ++found.required;
        ++surplus[reaction.ways.front().to];
        --surplus[reaction.block];
        arcs.insert({reaction.block, reaction.ways.front().to});
    }
    const std::size_t source = graph.blocks(), sink = source + 1;
    const auto many = static_cast<long>(found.required);
    Flow flow(sink + 1);
    for (const auto& [from, to] : arcs)
        if (from != to) add_arc(flow, from, to, many, 1);
    add_arc(flow, source, graph.block(0), many, 0);
    for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
        if (surplus[block] > 0) add_arc(flow, source, block, surplus[block], 0);
        if (surplus[block] < 0) add_arc(flow, block, sink, -surplus[block], 0);
    }
    boost::successive_shortest_path_nonnegative_weights(flow, source, sink);
    for (const Traits::edge_descriptor& arc : boost::make_iterator_range(edges(flow))) {
        const long used = get(boost::edge_capacity, flow, arc) - get(boost::edge_residual_capacity, flow, arc);
        if (used > 0) found.between += static_cast<std::size_t>(used * get(boost::edge_weight, flow, arc));
    }
    return found;
}

}  // namespace lastack::bench
