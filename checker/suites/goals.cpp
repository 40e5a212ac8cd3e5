#include "checker/suites/goals.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>

namespace lastack {

namespace {

const std::string uniform = " It is assumed that inputs which the profile answers alike are answered alike.";

}  // namespace

const std::vector<WalkSuite> walk_suites = {
    {"states", "Each state of the endpoint that a tester can tell from others is visited."},
    {"transitions", "Each set of rules that fire together on one kind of input in one control state is exercised, once "
                    "for each state that follows."},
    {"pairs", "Each two transitions that can follow each other do so."},
    {"ways", "Each control state is entered from each other one, with each combination of what its variables say: "
             "closed or half-closed, text outstanding or not, window shut or not, after a retransmission or not."},
    {"matrix", "In each control state, entered in each way, each set of flags arrives at each position: before, at the "
               "left edge of, inside, at the right edge of and beyond the window."},
    {"reactions", "Each reaction of each state that a tester can tell from others is exercised once." + uniform},
    {"complete", "An implementation that has no more states than the profile has no wrong reaction and no wrong next "
                 "state, as far as the profile leaves no choice." +
                     uniform},
};

bool wants_each_segment(const std::string& suite) { return suite == "matrix"; }

std::string in_small(const std::string& state) {
    std::string small = state_label(state);
    std::transform(small.begin(), small.end(), small.begin(), [](unsigned char c) { return std::tolower(c); });
    return small;
}

std::string position_in_window(const EndpointLts& lts, const EndState& state, const Segment& segment) {
    const int next = lts.profile().variable("rcv_nxt");
    const auto window = lts.limits().find("window");
    if (next < 0 || window == lts.limits().end()) return "";
    const int left = state.values[static_cast<std::size_t>(next)], right = left + window->second - 1;
    if (segment.seq == left - 1) return "left-1";
    if (segment.seq == left) return "left";
    if (segment.seq == right) return "right";
    if (segment.seq == right + 1) return "right+1";
    return segment.seq > left && segment.seq < right ? "middle" : "";
}

namespace {

// Goals that are numbered as they are met.
class Named : public Goals {
public:
    explicit Named(const TesterGraph& graph) : graph_(graph), lts_(graph.lts()), of_vertex_(graph.size()) {}

    const std::vector<Offer>& offers(std::uint32_t vertex, std::uint32_t) override { return of_vertex_[vertex]; }

protected:
    std::uint32_t goal(const std::string& name, const std::string& sentence) {
        const auto [place, fresh] = numbers_.try_emplace(name, static_cast<std::uint32_t>(names.size()));
        if (fresh) {
            names.push_back(name);
            sentences.push_back(sentence);
        }
        return place->second;
    }

    // "fin,ack", "rst", "data-fin,ack", "close", "rto"
    std::string input_kind(std::uint32_t input) const {
        const Input& one = graph_.alphabet().inputs[input];
        std::string kind =
            one.trigger == Trigger::segment ? flags_of(one.segment, lts_.profile().vocabulary) : one.name;
        std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::tolower(c); });
        std::replace(kind.begin(), kind.end(), ',', '-');
        return kind;
    }

    // Each edge that has a reaction.
    void each_edge(const std::function<void(std::uint32_t, const LtsEdge&)>& use) const {
        for (std::uint32_t vertex = 0; vertex < graph_.size(); ++vertex) {
            for (const LtsEdge& edge : lts_.edges(vertex))
                if (graph_.reaction(graph_.block(vertex), edge.input)) use(vertex, edge);
        }
    }

    const TesterGraph& graph_;
    const EndpointLts& lts_;
    std::vector<std::vector<Offer>> of_vertex_;

private:
    std::map<std::string, std::uint32_t> numbers_;
};

class States final : public Named {
public:
    explicit States(const TesterGraph& graph) : Named(graph) {
        std::vector<std::uint32_t> number(graph.blocks(), ~0U);
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
            const std::uint32_t block = graph_.block(edge.to);
            if (block == graph_.block(0)) return;
            if (number[block] == ~0U) {
                const std::string& state = graph_.state(block);
                number[block] = goal(fmt::format("{}/{}", in_small(state), block),
                                     fmt::format("a state of its own in {} is visited", state_label(state)));
            }
            of_vertex_[vertex].push_back({edge.input, number[block]});
        });
    }
};

class Reactions final : public Named {
public:
    Reactions(const TesterGraph& graph, std::uint32_t seed) : Named(graph) {
        std::vector<std::uint32_t> chosen;
        for (std::uint32_t i = 0; i < graph.reactions().size(); ++i) {
            const TesterGraph::Reaction& reaction = graph.reactions()[i];
            const std::uint32_t input = reaction.inputs[(seed * 7919U + i) % reaction.inputs.size() * (seed != 1)];
            chosen.push_back(input);
            const std::string& state = graph.state(reaction.block);
            goal(fmt::format("{}/{}/{}", in_small(state), reaction.block, input_kind(input) + number_in(input)),
                 fmt::format(
                     "{} in {}: {}", to_string(graph.alphabet().inputs[input], lts_.profile().vocabulary),
                     state_label(state),
                     to_string(graph.observation(reaction.ways.front().observation), lts_.profile().vocabulary)));
        }
        for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
            const auto [first, end] = graph.reactions_of(graph.block(vertex));
            for (std::uint32_t i = first; i < end; ++i) of_vertex_[vertex].push_back({chosen[i], i});
        }
    }

private:
    std::string number_in(std::uint32_t input) const {
        const Input& one = graph_.alphabet().inputs[input];
        if (one.trigger != Trigger::segment) return "";
        return fmt::format("-{}{}{}", one.segment.seq, one.segment.has_ack ? fmt::format("-{}", one.segment.ack) : "",
                           one.segment.zero_window ? "-shut" : "");
    }
};

// Transitions, and pairs of them.
class Transitions final : public Named {
public:
    Transitions(const TesterGraph& graph, bool pairs) : Named(graph), pairs_(pairs) {
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) { kind(vertex, edge); });
        of_pair_.resize(pairs ? kinds_.size() + 1 : 1);
        for (auto& of_vertex : of_pair_) of_vertex.resize(graph.size());
        if (!pairs) {
            each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
                const std::uint32_t number = kind(vertex, edge);
                of_pair_[0][vertex].push_back({edge.input, goal(kind_names_[number - 1], kind_texts_[number - 1])});
            });
            return;
        }
        std::vector<std::vector<std::uint32_t>> into(graph.size());  // kinds of steps into each vertex
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) { into[edge.to].push_back(kind(vertex, edge)); });
        for (auto& kinds : into) {
            std::sort(kinds.begin(), kinds.end());
            kinds.erase(std::unique(kinds.begin(), kinds.end()), kinds.end());
        }
        std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> numbers;
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
            const std::uint32_t second = kind(vertex, edge);
            for (const std::uint32_t before : into[vertex]) {
                const auto [place, fresh] = numbers.try_emplace({before, second}, 0);
                if (fresh)
                    place->second = goal(fmt::format("{}/then/{}", kind_names_[before - 1], kind_names_[second - 1]),
                                         fmt::format("{}; then {}", kind_texts_[before - 1], kind_texts_[second - 1]));
                of_pair_[before][vertex].push_back({edge.input, place->second});
            }
        });
    }

    const std::vector<Offer>& offers(std::uint32_t vertex, std::uint32_t before) override {
        return of_pair_[pairs_ ? before : 0][vertex];
    }

    std::uint32_t kind(std::uint32_t vertex, const LtsEdge& edge) override {
        std::vector<std::uint32_t> key{static_cast<std::uint32_t>(lts_.control(vertex)), edge.label,
                                       static_cast<std::uint32_t>(lts_.control(edge.to)), kind_of_input(edge.input)};
        const auto [place, fresh] = kinds_.try_emplace(key, static_cast<std::uint32_t>(kinds_.size() + 1));
        if (fresh) {
            const std::vector<std::string>& rules = lts_.rules(edge);
            const std::string from = lts_.control_state(vertex), to = lts_.control_state(edge.to);
            kind_names_.push_back(fmt::format("{}/{}/{}/{}", input_kind(edge.input), in_small(from),
                                              rules.empty() ? "ignored" : fmt::format("{}", fmt::join(rules, "+")),
                                              in_small(to)));
            kind_texts_.push_back(
                fmt::format("{} in {}", to_string(graph_.alphabet().inputs[edge.input], lts_.profile().vocabulary),
                            state_label(from)));
        }
        return place->second;
    }

private:
    std::uint32_t kind_of_input(std::uint32_t input) {
        const auto number = static_cast<std::uint32_t>(input_kinds_.size());
        return input_kinds_.try_emplace(input_kind(input), number).first->second;
    }

    bool pairs_;
    std::map<std::vector<std::uint32_t>, std::uint32_t> kinds_;
    std::map<std::string, std::uint32_t> input_kinds_;
    std::vector<std::string> kind_names_, kind_texts_;
    std::vector<std::vector<std::vector<Offer>>> of_pair_;  // by kind before, vertex
};

// What of a local state makes a way into its control state: flags as they are, names of lists, and of numbers whether
// they have left their first value; of a stream whether all that was sent is acknowledged.
class Way {
public:
    explicit Way(const EndpointLts& lts) : profile_(lts.profile()), start_(lts.state(0)) {
        una_ = profile_.variable("snd_una");
        nxt_ = profile_.variable("snd_nxt");
        rcv_ = profile_.variable("rcv_nxt");
    }

    std::string text(const EndState& state) const {
        std::vector<std::string> words;
        for (int i = 0; i < static_cast<int>(profile_.variables.size()); ++i) {
            const Variable& variable = profile_.variables[static_cast<std::size_t>(i)];
            const int value = state.values[static_cast<std::size_t>(i)];
            if (variable.history || i == una_ || i == nxt_ || i == rcv_) continue;
            if (value == start_.values[static_cast<std::size_t>(i)]) continue;
            const bool named = !variable.enumerators.empty();
            words.push_back(named ? variable.enumerators[static_cast<std::size_t>(value)] : variable.name);
        }
        if (una_ >= 0 && nxt_ >= 0 &&
            state.values[static_cast<std::size_t>(una_)] != state.values[static_cast<std::size_t>(nxt_)])
            words.push_back("outstanding");
        return words.empty() ? "plain" : fmt::format("{}", fmt::join(words, "+"));
    }

private:
    const Profile& profile_;
    EndState start_;
    int una_ = -1, nxt_ = -1, rcv_ = -1;
};

class Ways final : public Named {
public:
    explicit Ways(const TesterGraph& graph) : Named(graph) {
        const Way way(lts_);
        std::vector<std::string> text(graph.size());
        for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) text[vertex] = way.text(lts_.state(vertex));
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
            if (lts_.control(vertex) == lts_.control(edge.to)) return;
            const std::string from = lts_.control_state(vertex), to = lts_.control_state(edge.to);
            const std::uint32_t number =
                goal(fmt::format("{}/from/{}/{}", in_small(to), in_small(from), text[edge.to]),
                     fmt::format("{} is entered from {}: {}", state_label(to), state_label(from), text[edge.to]));
            of_vertex_[vertex].push_back({edge.input, number});
        });
    }
};

class Matrix final : public Named {
public:
    explicit Matrix(const TesterGraph& graph) : Named(graph) {
        const Way way(lts_);
        const int sent = lts_.profile().variable("snd_nxt");
        for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
            const EndState state = lts_.state(vertex);
            if (lts_.control_state(vertex) == "CLOSED") continue;
            const std::string where = in_small(lts_.control_state(vertex)), how = way.text(state);
            const int next = sent < 0 ? 0 : state.values[static_cast<std::size_t>(sent)];
            for (std::uint32_t input = 0; input < graph.alphabet().inputs.size(); ++input) {
                const Input& one = graph.alphabet().inputs[input];
                if (one.trigger != Trigger::segment || one.segment.zero_window) continue;
                if (one.segment.has_ack && one.segment.ack != next)
                    continue;  // what is acknowledged is all that was sent
                const std::string position = position_in_window(lts_, state, one.segment);
                if (position.empty() || !graph.reaction(graph.block(vertex), input)) continue;
                const std::string flags = input_kind(input);
                of_vertex_[vertex].push_back(
                    {input, goal(fmt::format("{}/{}/{}/{}", flags, where, position, how),
                                 fmt::format("{} in {}, {}, at {}", flags_of(one.segment, lts_.profile().vocabulary),
                                             state_label(lts_.control_state(vertex)), how, position))});
            }
        }
    }
};

}  // namespace

std::unique_ptr<Goals> make_goals(const std::string& suite, const TesterGraph& graph, std::uint32_t seed) {
    if (suite == "states") return std::make_unique<States>(graph);
    if (suite == "transitions") return std::make_unique<Transitions>(graph, false);
    if (suite == "pairs") return std::make_unique<Transitions>(graph, true);
    if (suite == "ways") return std::make_unique<Ways>(graph);
    if (suite == "matrix") return std::make_unique<Matrix>(graph);
    if (suite == "reactions" || suite == "complete") return std::make_unique<Reactions>(graph, seed);
    return nullptr;
}

}  // namespace lastack
