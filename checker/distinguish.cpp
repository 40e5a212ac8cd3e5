// The shortest exchange that one side has and the other has not.
//
// Idea: follow all that each side may be in after the same inputs and observations, as a pair of sets of local states
// (the subset construction of Rabin and Scott, 1959, for both sides at once), breadth first. The first pair whose sets
// answer an input with different sets of observations ends a shortest trace of one side that the other one has not.
// Where all pairs agree but the sides are not bisimilar they differ in when they choose, and a play of the bisimulation
// game shows it (bisimulation.h). Deviation: inputs by which a member of either set leaves its declared ranges are
// passed over and counted. The search goes on behind the first difference, along what both sides have in common, to
// list the others. Cost: pairs times edges; exponential in the number of choices that cannot be seen at once, bounded
// by max_pairs.
#include "checker/distinguish.h"

#include <algorithm>
#include <map>
#include <set>

namespace lastack {

namespace {

using Vertices = std::vector<std::uint32_t>;  // sorted, each once

class SetSearch {
public:
    SetSearch(Comparison& result, std::size_t max_pairs)
        : result_(result), lts_{result.lts[0].get(), result.lts[1].get()}, max_pairs_(max_pairs) {}

    void run() {
        find({{{0}, {0}}}, {});
        bool all = true;
        for (std::uint32_t pair = 0; pair < nodes_.size() && all; ++pair) {
            look(pair);
            all = nodes_.size() <= max_pairs_;
        }
        result_.pairs = nodes_.size();
        result_.all_pairs = all;
    }

private:
    struct Sets {
        Vertices of[2];
        auto operator<=>(const Sets&) const = default;
    };
    struct Node {
        const Sets* sets = nullptr;
        std::uint32_t parent = 0;
        std::uint32_t input = 0, observation = 0;  // on the way from the parent
    };
    using Edges = std::span<const LtsEdge>;

    void find(Sets sets, const Node& how) {
        const auto [place, fresh] = ids_.try_emplace(std::move(sets), static_cast<std::uint32_t>(nodes_.size()));
        if (!fresh) return;
        nodes_.push_back(how);
        nodes_.back().sets = &place->first;
    }

    // All edges of a set, by input and observation. One vertex has them so already.
    Edges gather(int side, const Vertices& vertices, std::vector<LtsEdge>& store) const {
        if (vertices.size() == 1) return lts_[side]->edges(vertices[0]);
        store.clear();
        for (const std::uint32_t vertex : vertices) {
            const Edges edges = lts_[side]->edges(vertex);
            store.insert(store.end(), edges.begin(), edges.end());
        }
        std::sort(store.begin(), store.end());
        return store;
    }

    void look(std::uint32_t pair) {
        std::vector<LtsEdge> store[2];
        const Edges all[2] = {gather(0, nodes_[pair].sets->of[0], store[0]),
                              gather(1, nodes_[pair].sets->of[1], store[1])};
        std::size_t at[2] = {0, 0};
        while (at[0] < all[0].size() || at[1] < all[1].size()) {
            std::uint32_t input = ~0u;
            for (const int side : {0, 1})
                if (at[side] < all[side].size()) input = std::min(input, all[side][at[side]].input);
            Edges here[2];
            for (const int side : {0, 1}) {
                const std::size_t from = at[side];
                while (at[side] < all[side].size() && all[side][at[side]].input == input) ++at[side];
                here[side] = all[side].subspan(from, at[side] - from);
            }
            if (!passed_over(pair, input, here)) answer(pair, input, here);
        }
    }

    bool passed_over(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2]) {
        bool leaves[2];
        for (const int side : {0, 1})
            leaves[side] = !here[side].empty() && here[side][0].observation == Observations::outside;
        if (!leaves[0] && !leaves[1]) return false;
        if (leaves[0] == leaves[1] || result_.out_of_ranges.count++ > 0) return true;
        OutOfRanges& left = result_.out_of_ranges;
        left.side = leaves[0] ? 0 : 1;
        left.input = input;
        for (const std::uint32_t vertex : nodes_[pair].sets->of[left.side])
            if (left.why.empty()) left.why = lts_[left.side]->why_outside(vertex, input);
        return true;
    }

    void answer(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2]) {
        std::map<std::uint32_t, Sets> next;  // by observation
        for (const int side : {0, 1})
            for (const LtsEdge& edge : here[side]) next[edge.observation].of[side].push_back(edge.to);
        bool differs = false;
        for (auto& [observation, sets] : next) {
            if (sets.of[0].empty() || sets.of[1].empty()) {
                differs = true;
                continue;
            }
            for (Vertices& vertices : sets.of) {
                std::sort(vertices.begin(), vertices.end());
                vertices.erase(std::unique(vertices.begin(), vertices.end()), vertices.end());
            }
            find(std::move(sets), {nullptr, pair, input, observation});
        }
        if (differs) keep(pair, input, here);
    }

    void keep(std::uint32_t pair, std::uint32_t input, const Edges (&here)[2]) {
        Distinction found;
        found.input = input;
        for (const int side : {0, 1}) {
            found.answers[side] = answers_of(*lts_[side], here[side]);
            std::set<std::string> states;
            for (const std::uint32_t vertex : nodes_[pair].sets->of[side])
                states.insert(lts_[side]->control_state(vertex));
            found.states[side].assign(states.begin(), states.end());
        }
        if (!kinds_.insert(kind_of(found)).second) return;
        std::vector<std::uint32_t> path;
        for (std::uint32_t node = pair; node != 0; node = nodes_[node].parent) path.push_back(node);
        std::reverse(path.begin(), path.end());
        for (const std::uint32_t node : path) found.steps.push_back({nodes_[node].input, nodes_[node].observation, -1});
        for (const int side : {0, 1}) found.run[side] = run_of(side, found, path, here);
        if (!result_.distinction) {
            result_.distinction = std::move(found);
        } else {
            result_.further.push_back(std::move(found));
        }
    }

    // Where, on what kind of input, by which rules.
    std::vector<std::string> kind_of(const Distinction& found) const {
        const Input& input = result_.alphabet->inputs[found.input];
        std::vector<std::string> kind{input.trigger == Trigger::segment ? flags_of(input.segment) : to_string(input)};
        for (const int side : {0, 1}) {
            kind.push_back("|");
            kind.insert(kind.end(), found.states[side].begin(), found.states[side].end());
            for (const Response& answer : found.answers[side]) {
                kind.push_back("+");
                kind.insert(kind.end(), answer.rules.begin(), answer.rules.end());
            }
        }
        return kind;
    }

    // One run of a side through the sets of the path, found backwards from an edge that the other side has not, if
    // there is one.
    SideRun run_of(int side, const Distinction& found, const std::vector<std::uint32_t>& path,
                   const Edges (&here)[2]) const {
        const auto other_has = [&](const LtsEdge& edge) {
            return std::any_of(here[1 - side].begin(), here[1 - side].end(),
                               [&](const LtsEdge& other) { return other.observation == edge.observation; });
        };
        const LtsEdge* last = nullptr;
        for (const LtsEdge& edge : here[side])
            if (!last || (other_has(*last) && !other_has(edge))) last = &edge;
        const Vertices& end = path.empty() ? nodes_[0].sets->of[side] : nodes_[path.back()].sets->of[side];
        std::uint32_t vertex = end.front();
        SideRun run;
        if (last) {
            vertex = source_of(side, end, found.input, *last);
            run.edges.push_back(*last);
        }
        run.vertices.push_back(vertex);
        for (std::size_t i = path.size(); i-- > 0;) {
            const Node& node = nodes_[path[i]];
            const LtsEdge step{node.input, node.observation, vertex, 0};
            const LtsEdge edge = edge_into(side, nodes_[node.parent].sets->of[side], step, vertex);
            run.edges.insert(run.edges.begin(), edge);
            run.vertices.insert(run.vertices.begin(), vertex);
        }
        if (last) run.vertices.push_back(last->to);
        return run;
    }

    std::uint32_t source_of(int side, const Vertices& from, std::uint32_t input, const LtsEdge& edge) const {
        for (const std::uint32_t vertex : from)
            for (const LtsEdge& other : lts_[side]->edges(vertex, input))
                if (other == edge) return vertex;
        return from.front();
    }

    // The edge that a member of the set has with this label and target; `vertex` becomes that member.
    LtsEdge edge_into(int side, const Vertices& from, const LtsEdge& wanted, std::uint32_t& vertex) const {
        for (const std::uint32_t source : from) {
            for (const LtsEdge& edge : lts_[side]->edges(source, wanted.input)) {
                if (!edge.same_label(wanted) || edge.to != wanted.to) continue;
                vertex = source;
                return edge;
            }
        }
        return wanted;
    }

public:
    static std::vector<Response> answers_of(const EndpointLts& lts, Edges edges) {
        std::vector<Response> answers;
        for (const LtsEdge& edge : edges) {
            const std::vector<std::string>& rules = lts.rules(edge);
            const bool known = std::any_of(answers.begin(), answers.end(), [&](const Response& answer) {
                return answer.observation == edge.observation && answer.rules == rules;
            });
            if (!known) answers.push_back({edge.observation, rules});
        }
        return answers;
    }

private:
    Comparison& result_;
    const EndpointLts* lts_[2];
    std::size_t max_pairs_;
    std::map<Sets, std::uint32_t> ids_;
    std::vector<Node> nodes_;
    std::set<std::vector<std::string>> kinds_;
};

// A play of the bisimulation game as a distinction.
Distinction told(const Comparison& result, const Play& play) {
    Distinction found;
    found.branching = true;
    found.input = play.input;
    for (const int side : {0, 1}) {
        const EndpointLts& lts = *result.lts[side];
        const std::uint32_t vertex = side == 0 ? play.vertex_a : play.vertex_b;
        found.run[side].vertices.push_back(0);
        for (const Play::Step& step : play.steps) {
            found.run[side].edges.push_back(side == 0 ? step.of_a : step.of_b);
            found.run[side].vertices.push_back(found.run[side].edges.back().to);
        }
        const std::span<const LtsEdge> last = lts.edges(vertex, play.input);
        found.answers[side] = SetSearch::answers_of(lts, last);
        found.states[side] = {lts.control_state(vertex)};
        if (last.empty()) continue;
        found.run[side].edges.push_back(last.front());
        found.run[side].vertices.push_back(last.front().to);
    }
    for (const Play::Step& step : play.steps)
        found.steps.push_back({step.of_a.input, step.of_a.observation, step.a_moves ? 0 : 1});
    return found;
}

}  // namespace

Comparison compare(const Profile& a, const Limits& limits_a, const Profile& b, const Limits& limits_b,
                   const CompareOptions& options) {
    using Verdict = Comparison::Verdict;
    Comparison result;
    result.alphabet = std::make_unique<OpenAlphabet>(open_alphabet(a, limits_a, b, limits_b, options.alphabet));
    result.observations = std::make_unique<Observations>();
    LtsOptions lts{options.max_states, options.states_observable, options.start, {}};
    result.lts[0] = std::make_unique<EndpointLts>(a, limits_a, *result.alphabet, *result.observations, lts);
    lts.timer_names = result.alphabet->timer_of_b;
    result.lts[1] = std::make_unique<EndpointLts>(b, limits_b, *result.alphabet, *result.observations, lts);
    if (!result.lts[0]->complete() || !result.lts[1]->complete()) return result;

    result.partition = refine(*result.lts[0], *result.lts[1]);
    if (result.partition.bisimilar()) {
        result.verdict = Verdict::bisimilar;
        return result;
    }
    SetSearch(result, options.max_pairs).run();
    if (result.distinction) {
        result.verdict = Verdict::different;
        return result;
    }
    const std::optional<bool> inside = bisimilar_inside(*result.lts[0], *result.lts[1], options.max_pairs);
    if (!inside) return result;
    result.verdict = *inside ? Verdict::same_inside : Verdict::different;
    if (*inside) return result;
    // All exchanges are the same only where all pairs were seen; a play is a difference in any case.
    if (const std::optional<Play> play = shortest_play(*result.lts[0], *result.lts[1], options.max_pairs))
        result.distinction = told(result, *play);
    return result;
}

}  // namespace lastack
