#include "checker/suites/chains.h"

#include <algorithm>

namespace lastack {

namespace {

constexpr std::size_t most_compared = 64;  // walks to a block: the cheapest one, and the latest
constexpr std::size_t never = ~std::size_t{0};

}  // namespace

Chains::Chains(const TesterGraph& graph, const Identifiers& identifiers, TimedSteps& time, std::size_t longest)
    : graph_(graph), identifiers_(identifiers), time_(time), longest_(longest), shown_(graph.blocks()),
      ends_(graph.blocks()), wanted_(graph.blocks()), left_(graph.reactions().size()),
      tested_(graph.reactions().size()), is_put_(graph.reactions().size()) {
    nodes_.emplace_back();
    nodes_.front().moment = moment(time.start());
}

std::uint32_t Chains::moment(const TimedVertex& at) {
    const auto [place, fresh] = moment_of_.try_emplace(at, static_cast<std::uint32_t>(moments_.size()));
    if (fresh) moments_.push_back(&place->first);
    return place->second;
}

std::uint32_t Chains::child(std::uint32_t node, std::uint32_t input) const {
    const auto found = children_.find(key(node, input));
    return found == children_.end() ? none : found->second;
}

// By how many steps the tests would be longer.
std::size_t Chains::cost(std::uint32_t node, const Identifiers::Inputs& inputs) const {
    std::size_t done = 0;
    for (; done < inputs.size(); ++done) {
        const std::uint32_t next = child(node, inputs[done]);
        if (next == none) break;
        node = next;
    }
    const std::size_t left = inputs.size() - done;
    if (left == 0) return 0;
    if (nodes_[node].ended || (nodes_[node].depth + left > longest_)) return never;
    return nodes_[node].first_child == none ? left : nodes_[node].depth + left;
}

// Is it the turn of each of them?
bool Chains::fits(std::uint32_t node, const Identifiers::Inputs& inputs) const {
    std::size_t done = 0;
    for (; done < inputs.size(); ++done) {
        const std::uint32_t next = child(node, inputs[done]);
        if (next == none) break;
        node = next;
    }
    TimedVertex at = *moments_[nodes_[node].moment];
    for (; done < inputs.size(); ++done) {
        if (!time_.can(at, inputs[done])) return false;
        if (done + 1 < inputs.size()) at = time_.after(at, graph_.planned(at.vertex, inputs[done]));
    }
    return true;
}

// The node behind the step, or none where it has no turn.
std::uint32_t Chains::step(std::uint32_t node, std::uint32_t input) {
    if (const std::uint32_t known = child(node, input); known != none) return known;
    const TimedVertex& at = *moments_[nodes_[node].moment];
    if (nodes_[node].ended || !time_.can(at, input)) return none;
    const std::uint32_t number = append(node, input, graph_.planned(at.vertex, input));
    children_.emplace(key(node, input), number);
    const std::uint32_t reaction = graph_.reaction(graph_.block(at.vertex), input).value();
    nodes_[number].ended = !graph_.reactions()[reaction].certain();
    if (nodes_[node].shown && tested_[reaction]) show(number);
    return number;
}

std::uint32_t Chains::append(std::uint32_t node, std::uint32_t input, const LtsEdge& edge) {
    Node next;
    next.parent = node;
    next.input = input;
    next.edge = edge;
    next.depth = nodes_[node].depth + 1;
    next.next_child = nodes_[node].first_child;
    next.moment = moment(time_.after(*moments_[nodes_[node].moment], edge));
    const auto number = static_cast<std::uint32_t>(nodes_.size());
    nodes_.push_back(next);
    nodes_[node].first_child = number;
    return number;
}

// The node behind the walk, which may take other courses than the planned ones; behind these others go on, too.
std::uint32_t Chains::reach(const Walk& access) {
    std::uint32_t node = 0;
    for (const WalkStep& one : access.steps) {
        std::uint32_t next = nodes_[node].first_child;
        while (next != none && (nodes_[next].input != one.input || nodes_[next].edge != one.edge))
            next = nodes_[next].next_child;
        if (next == none && one.edge == graph_.planned(one.vertex, one.input)) next = step(node, one.input);
        node = next == none ? append(node, one.input, one.edge) : next;
        nodes_[node].ended = false;
    }
    return node;
}

// As far as they have their turns.
std::uint32_t Chains::follow(std::uint32_t node, const Identifiers::Inputs& inputs) {
    for (std::size_t done = 0; done < inputs.size(); ++done) {
        const std::uint32_t next = step(node, inputs[done]);
        if (next == none) {
            ++in_part_;
            break;
        }
        node = next;
    }
    return node;
}

// And what is behind it by reactions that were tested.
void Chains::show(std::uint32_t node) {
    if (nodes_[node].shown) return;
    nodes_[node].shown = true;
    shown_[block(node)].push_back(node);
    if (nodes_[node].first_child == none && !nodes_[node].ended) {
        ends_[block(node)].push_back(node);
        fresh_.push_back(node);
    }
    for (std::uint32_t next = nodes_[node].first_child; next != none; next = nodes_[next].next_child)
        if (tested_[graph_.reaction(block(node), nodes_[next].input).value()]) show(next);
}

// The latest ends of tests are looked at before other places.
std::uint32_t Chains::best_place(std::uint32_t block, const Identifiers::Inputs& inputs) {
    std::vector<std::uint32_t>&all = shown_[block], &ends = ends_[block];
    std::erase_if(ends, [&](std::uint32_t node) { return nodes_[node].first_child != none; });
    std::uint32_t best = none;
    std::size_t least = never;
    const auto look_at = [&](std::uint32_t node) {
        const std::size_t here = cost(node, inputs);
        if (here >= least || !fits(node, inputs)) return;
        least = here;
        best = node;
    };
    const auto look_at_latest = [&](const std::vector<std::uint32_t>& of) {
        for (std::size_t i = std::max(of.size(), most_compared) - most_compared; i < of.size() && least > 0; ++i)
            look_at(of[i]);
    };
    look_at(all.front());
    look_at_latest(all);
    look_at_latest(ends);
    return best;
}

Identifiers::Inputs Chains::inputs_of(const Item& item) const {
    Identifiers::Inputs inputs{item.input};
    if (item.identifier == none) return inputs;
    const Identifiers::Inputs& rest =
        identifiers_.of(graph_.reactions()[item.reaction].ways.front().to)[item.identifier];
    inputs.insert(inputs.end(), rest.begin(), rest.end());
    return inputs;
}

void Chains::identify(std::uint32_t block, const Walk& access) {
    const std::uint32_t node = reach(access);
    show(node);
    const std::vector<Identifiers::Inputs>& sequences = identifiers_.of(block);
    for (std::uint32_t i = 0; i < sequences.size(); ++i) {
        // By the reaction that leads there; of the first block by the one that leads away.
        const bool first = access.steps.empty();
        const std::uint32_t input = first ? sequences[i].front() : access.steps.back().input;
        const std::uint32_t from = first ? block : graph_.block(access.steps.back().vertex);
        const std::uint32_t reaction = graph_.reaction(from, input).value();
        const bool single = !first && graph_.reactions()[reaction].certain();
        items_.emplace_back(follow(node, sequences[i]), Item{reaction, input, single ? i : none});
    }
}

void Chains::want(std::uint32_t reaction, std::uint32_t input) {
    const TesterGraph::Reaction& of = graph_.reactions()[reaction];
    const auto count = static_cast<std::uint32_t>(identifiers_.of(of.ways.front().to).size());
    left_[reaction] = std::max(count, 1U);
    for (std::uint32_t i = 0; i < left_[reaction]; ++i)
        wanted_[of.block].push_back({reaction, input, count == 0 ? none : i});
}

// One reaction of each block in turn, so that what is wanted of a block lasts until tests end there.
void Chains::put_all(const std::function<void()>& before_each) {
    for (bool any = true; any;) {
        any = false;
        for (std::uint32_t block = 0; block < wanted_.size(); ++block) {
            std::vector<Item>& all = wanted_[block];
            if (all.empty()) continue;
            any = true;
            const std::uint32_t reaction = all.front().reaction;
            while (!all.empty() && all.front().reaction == reaction) {
                before_each();
                put_first(block);
            }
            while (!fresh_.empty()) {
                const std::uint32_t end = fresh_.back();
                fresh_.pop_back();
                put_at(end);
            }
        }
    }
}

void Chains::put_first(std::uint32_t block) {
    const Item item = wanted_[block].front();
    wanted_[block].erase(wanted_[block].begin());
    std::uint32_t place = best_place(block, inputs_of(item));
    if (place == none) place = best_place(block, {item.input});  // then in part
    if (place != none) put(place, item);
}

// At the end of a test, of what is wanted of its block.
void Chains::put_at(std::uint32_t end) {
    if (nodes_[end].first_child != none) return;
    std::vector<Item>& all = wanted_[block(end)];
    for (std::size_t i = 0; i < std::min(all.size(), most_compared); ++i) {
        const Identifiers::Inputs inputs = inputs_of(all[i]);
        if (cost(end, inputs) == never || !fits(end, inputs)) continue;
        const Item item = all[i];
        all.erase(all.begin() + static_cast<std::ptrdiff_t>(i));
        return put(end, item);
    }
}

void Chains::put(std::uint32_t place, const Item& item) {
    const std::uint32_t end = follow(place, inputs_of(item));
    items_.emplace_back(end, item);
    is_put_[item.reaction] = true;
    if (--left_[item.reaction] > 0) return;
    tested_[item.reaction] = true;
    const std::uint32_t from = graph_.reactions()[item.reaction].block;
    for (std::size_t i = 0; i < shown_[from].size(); ++i) {
        const std::uint32_t node = shown_[from][i];
        for (std::uint32_t next = nodes_[node].first_child; next != none; next = nodes_[next].next_child)
            if (graph_.reaction(from, nodes_[next].input) == item.reaction) show(next);
    }
}

Walk Chains::walk(std::uint32_t node) const {
    Walk all;
    for (; nodes_[node].parent != none; node = nodes_[node].parent)
        all.steps.push_back(
            {moments_[nodes_[nodes_[node].parent].moment]->vertex, nodes_[node].input, nodes_[node].edge});
    std::reverse(all.steps.begin(), all.steps.end());
    return all;
}

void Chains::hand_out(const std::function<bool(Walk, const std::vector<Item>&)>& take) const {
    std::vector<std::vector<Item>> of_node(nodes_.size());
    for (const auto& [node, item] : items_) of_node[node].push_back(item);
    std::vector<std::uint32_t> open{0};
    while (!open.empty()) {
        const std::uint32_t node = open.back();
        open.pop_back();
        for (std::uint32_t next = nodes_[node].first_child; next != none; next = nodes_[next].next_child)
            open.push_back(next);
        if (nodes_[node].first_child != none) continue;
        std::vector<std::uint32_t> way;
        for (std::uint32_t at = node; at != none; at = nodes_[at].parent) way.push_back(at);
        std::vector<Item> items;
        for (auto at = way.rbegin(); at != way.rend(); ++at) {
            items.insert(items.end(), of_node[*at].begin(), of_node[*at].end());
            of_node[*at] = {};
        }
        if (!items.empty() && !take(walk(node), items)) return;
    }
}

}  // namespace lastack
