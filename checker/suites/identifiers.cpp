#include "checker/suites/identifiers.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace lastack {

Identifiers::Identifiers(const TesterGraph& graph, bool waits)
    : graph_(graph), leaf_(graph.blocks(), 0), of_block_(graph.blocks()) {
    const OpenAlphabet& alphabet = graph.alphabet();
    for (const bool timers : {false, true}) {
        for (std::uint32_t i = 0; i < alphabet.inputs.size(); ++i)
            if (graph.is_timer(i) == timers && (waits || !timers)) inputs_.push_back(i);
    }
    Blocks all(graph.blocks());
    std::iota(all.begin(), all.end(), 0U);
    nodes_.push_back({});
    std::vector<std::pair<int, Blocks>> open{{0, all}};  // leaves, the largest first where that matters to nobody
    // A set that cannot be split yet may be once others are: sequences go on through what others have split.
    for (bool progress = true; progress;) {
        progress = false;
        std::vector<std::pair<int, Blocks>> rest;
        while (!open.empty()) {
            auto [node, blocks] = std::move(open.back());
            open.pop_back();
            if (blocks.size() < 2) continue;
            Split found = split(blocks);
            if (found.parts.empty()) {
                rest.emplace_back(node, std::move(blocks));
                continue;
            }
            progress = true;
            nodes_[static_cast<std::size_t>(node)].sequence = std::move(found.sequence);
            for (Blocks& part : found.parts) {
                const int child = static_cast<int>(nodes_.size());
                nodes_.push_back({{}, node});
                for (const std::uint32_t block : part) leaf_[block] = child;
                open.emplace_back(child, std::move(part));
            }
        }
        open = std::move(rest);
    }
    for (const auto& [node, blocks] : open) pairs_left_ += blocks.size() * (blocks.size() - 1) / 2;
    collect();
}

// Blocks that share something that they may answer stay together; none where an input has no reaction in some block.
std::vector<Identifiers::Blocks> Identifiers::parts_at_once(const Blocks& blocks, std::uint32_t input) const {
    std::map<std::uint32_t, std::size_t> part_of;  // by observation
    std::vector<Blocks> parts;
    for (const std::uint32_t block : blocks) {
        const std::optional<std::uint32_t> reaction = graph_.reaction(block, input);
        if (!reaction) return {};
        std::set<std::size_t> met;
        for (const TesterGraph::Way& way : graph_.reactions()[*reaction].ways)
            if (const auto known = part_of.find(way.observation); known != part_of.end()) met.insert(known->second);
        const std::size_t home = met.empty() ? parts.size() : *met.begin();
        if (met.empty()) parts.emplace_back();
        parts[home].push_back(block);
        for (const std::size_t other : met) {
            if (other == home) continue;
            parts[home].insert(parts[home].end(), parts[other].begin(), parts[other].end());
            parts[other].clear();
            for (auto& [observation, part] : part_of)
                if (part == other) part = home;
        }
        for (const TesterGraph::Way& way : graph_.reactions()[*reaction].ways) part_of[way.observation] = home;
    }
    std::erase_if(parts, [](const Blocks& part) { return part.empty(); });
    return parts;
}

// The input takes all blocks to others that the tree tells apart already.
Identifiers::Split Identifiers::split_later(const Blocks& blocks, std::uint32_t input) const {
    std::map<std::uint32_t, Blocks> from;  // by block that follows
    for (const std::uint32_t block : blocks) {
        const std::optional<std::uint32_t> reaction = graph_.reaction(block, input);
        if (!reaction || !graph_.reactions()[*reaction].certain()) return {};
        from[graph_.reactions()[*reaction].ways.front().to].push_back(block);
    }
    const auto way_of = [&](std::uint32_t block) {
        std::vector<int> way;
        for (int node = leaf_[block]; node >= 0; node = nodes_[static_cast<std::size_t>(node)].parent)
            way.push_back(node);
        std::reverse(way.begin(), way.end());
        return way;
    };
    // The deepest node that all have in common; behind it they part.
    std::vector<int> common = way_of(from.begin()->first);
    for (const auto& [block, sources] : from) {
        const std::vector<int> way = way_of(block);
        common.resize(static_cast<std::size_t>(
            std::mismatch(common.begin(), common.end(), way.begin(), way.end()).first - common.begin()));
    }
    std::map<int, Blocks> by_child;
    for (const auto& [block, sources] : from) {
        const std::vector<int> way = way_of(block);
        const int child = way.size() > common.size() ? way[common.size()] : -1;
        by_child[child].insert(by_child[child].end(), sources.begin(), sources.end());
    }
    if (by_child.size() < 2 || by_child.contains(-1)) return {};
    Split found;
    found.sequence = {input};
    const Inputs& rest = nodes_[static_cast<std::size_t>(common.back())].sequence;
    found.sequence.insert(found.sequence.end(), rest.begin(), rest.end());
    for (auto& [child, part] : by_child) found.parts.push_back(std::move(part));
    return found;
}

// The input that leaves the smallest part largest; only where there is none, a longer sequence, the shortest.
Identifiers::Split Identifiers::split(const Blocks& blocks) const {
    Split best;
    std::size_t largest = blocks.size();
    for (const std::uint32_t input : inputs_) {
        std::vector<Blocks> parts = parts_at_once(blocks, input);
        std::size_t here = 0;
        for (const Blocks& part : parts) here = std::max(here, part.size());
        if (parts.size() < 2 || here >= largest) continue;
        largest = here;
        best = {{input}, std::move(parts)};
    }
    if (!best.parts.empty()) return best;
    for (const std::uint32_t input : inputs_) {
        Split found = split_later(blocks, input);
        if (!found.parts.empty() && (best.parts.empty() || found.sequence.size() < best.sequence.size()))
            best = std::move(found);
    }
    return best;
}

void Identifiers::collect() {
    for (std::uint32_t block = 0; block < graph_.blocks(); ++block) {
        std::vector<Inputs> all;
        for (int node = nodes_[static_cast<std::size_t>(leaf_[block])].parent; node >= 0;
             node = nodes_[static_cast<std::size_t>(node)].parent)
            all.push_back(nodes_[static_cast<std::size_t>(node)].sequence);
        std::sort(all.begin(), all.end());
        for (std::size_t i = 0; i < all.size(); ++i) {
            const bool begins = i + 1 < all.size() && all[i].size() <= all[i + 1].size() &&
                                std::equal(all[i].begin(), all[i].end(), all[i + 1].begin());
            if (!begins) of_block_[block].push_back(all[i]);
        }
    }
}

}  // namespace lastack
