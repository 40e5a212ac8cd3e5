#include "bench/suite_methods.h"

#include <boost/dynamic_bitset.hpp>

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "checker/suites/least_flow.h"

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

ChainSteps chain_steps(const TesterGraph& graph) {
    const Identifiers identifiers(graph, true);
    ChainSteps steps;
    CompleteOptions complete;
    const auto take = [](const CompleteTest&) { return TestTaken::made; };
    steps.single = complete_tests(graph, identifiers, {}, complete, take);
    complete.chained = true;
    steps.chained = complete_tests(graph, identifiers, {}, complete, take);
    return steps;
}

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
    LeastFlow flow(sink + 1);
    std::vector<std::size_t> between;
    for (const auto& [from, to] : arcs)
        if (from != to) between.push_back(flow.add_arc(from, to, many, 1));
    flow.add_arc(source, graph.block(0), many, 0);
    for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
        if (surplus[block] > 0) flow.add_arc(source, block, surplus[block], 0);
        if (surplus[block] < 0) flow.add_arc(block, sink, -surplus[block], 0);
    }
    flow.run(source, sink);
    for (const std::size_t arc : between) found.between += static_cast<std::size_t>(flow.used(arc));
    return found;
}

}  // namespace lastack::bench
