#include "checker/suites/goals.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <stdexcept>

#include "checker/suites/named_goals.h"
#include "checker/suites/timed_goals.h"

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
    {"calls",
     "Each call is made in each state in which its result or what follows may differ, and once more; calls that "
     "block return by each kind of input that ends them."},
    {"loss", "What the endpoint sends is lost once, twice, to its bound and beyond; what is sent to it comes twice and "
             "three times, and behind what follows it."},
    {"timers",
     fmt::format("Each timer is seen not to have ended just before its time and to have ended just after it, in "
                 "each state; what starts it anew, leaves it alone and stops it does so; where no timer runs "
                 "nothing comes for {} s; a long timer ends in its time, behind several ends of shorter ones.",
                 quiet_us / 1'000'000)},
    {"handshake",
     "From CLOSED on, so that what opens the connection is among the steps: of CLOSED, LISTEN, SYN-SENT and "
     "SYN-RECEIVED and of each state that is entered from these, transitions, ways, calls, loss and timers "
     "are exercised as by the suites of these names."},
    {"default", "transitions, ways, and calls and loss once in each control state, as far as no wait takes longer than "
                "1.5 s."},
    {"choices",
     "Where the profile leaves a choice, each set of rules that takes a course of it in a control state does so "
     "once, and the state that follows is told from the others."},
    {"full", "reactions, states, transitions, ways, matrix, calls, loss, timers, handshake and choices in one."},
    {"complete", "An implementation that has no more states than the profile has no wrong reaction and no wrong next "
                 "state, as far as the profile leaves no choice." +
                     uniform},
    {"exhaustive", "An implementation that has no more states than the profile has no wrong reaction and no wrong next "
                   "state for any input of the alphabet in any state, as far as the profile leaves no choice."},
    {"complete+1",
     "An implementation that has at most one state more than the profile has no wrong reaction and no wrong "
     "next state, as far as the profile leaves no choice." +
         uniform},
};

std::vector<WalkSuite> all_suites() {
    std::vector<WalkSuite> all{
        {"claims", "Each claim that a run of one endpoint can show is put to the test: what it says can happen does, "
                   "and what violates it does, or does not, at each end that shows it."},
    };
    all.insert(all.end(), walk_suites.begin(), walk_suites.end());
    all.push_back({"mutants",
                   "Each first-order mutant of the profile that the other suites asked for let live is killed, "
                   "by the shortest exchange that a vector can play."});
    return all;
}

WalkSuite suite_named(const std::string& name) {
    if (name.find(',') == std::string::npos) {
        for (const WalkSuite& one : all_suites())
            if (one.name == name) return one;
        throw std::invalid_argument(fmt::format("no suite '{}'", name));
    }
    WalkSuite united;
    std::istringstream names(name);
    for (std::string one; std::getline(names, one, ',');) {
        if (tests_reactions(one))
            throw std::invalid_argument(
                fmt::format("suite '{}' is no part of a union: each of its tests is needed", one));
        united.name += (united.name.empty() ? "" : "+") + one;
        united.guarantee += (united.guarantee.empty() ? "" : " ") + suite_named(one).guarantee;
    }
    return united;
}

bool wants_each_segment(const std::string& suite) {
    const std::vector<std::string> parts = parts_of(suite);
    return suite == "matrix" || std::find(parts.begin(), parts.end(), "matrix") != parts.end();
}

std::int64_t longest_wait_us(const std::string& suite) { return suite == "default" ? 1'500'000 : TimedSteps::any_wait; }

bool tests_reactions(const std::string& suite) {
    return suite == "complete" || suite == "complete+1" || suite == "exhaustive" || suite == "choices";
}

std::string cell_name(const TesterGraph& graph, std::uint32_t block, std::uint32_t input) {
    const Input& one = graph.alphabet().inputs[input];
    std::string name =
        fmt::format("{}/{}/{}", in_small(graph.state(block)), block, kind_of_input(one, graph.lts().profile()));
    if (one.trigger != Trigger::segment) return name;
    name += fmt::format("-{}", one.segment.seq);
    if (one.segment.has_ack) name += fmt::format("-{}", one.segment.ack);
    if (one.segment.len > 1) name += fmt::format("-len-{}", one.segment.len);
    return name + (one.segment.zero_window ? "-shut" : "");
}

std::string cell_sentence(const TesterGraph& graph, std::uint32_t block, std::uint32_t input) {
    const TesterGraph::Reaction& reaction = graph.reactions()[graph.reaction(block, input).value()];
    const Vocabulary& words = graph.lts().profile().vocabulary;
    return fmt::format("{} in {}: {}", to_string(graph.alphabet().inputs[input], words),
                       state_label(graph.state(block)),
                       to_string(graph.observation(reaction.ways.front().observation), words));
}

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
            goal(cell_name(graph, reaction.block, input), cell_sentence(graph, reaction.block, input));
        }
        for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
            const auto [first, end] = graph.reactions_of(graph.block(vertex));
            for (std::uint32_t i = first; i < end; ++i) of_vertex_[vertex].push_back({chosen[i], i});
        }
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
                                       static_cast<std::uint32_t>(lts_.control(edge.to)), number_of_kind(edge.input)};
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
    std::uint32_t number_of_kind(std::uint32_t input) {
        const auto number = static_cast<std::uint32_t>(input_kinds_.size());
        return input_kinds_.try_emplace(input_kind(input), number).first->second;
    }

    bool pairs_;
    std::map<std::vector<std::uint32_t>, std::uint32_t> kinds_;
    std::map<std::string, std::uint32_t> input_kinds_;
    std::vector<std::string> kind_names_, kind_texts_;
    std::vector<std::vector<std::vector<Offer>>> of_pair_;  // by kind before, vertex
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

class Calls final : public Named {
public:
    Calls(const TesterGraph& graph, bool by_way) : Named(graph) {
        const Way way(lts_, true);
        each_edge([&](std::uint32_t vertex, const LtsEdge& edge) {
            if (!graph_.is_call(edge.input)) return add_return(vertex, edge, way);
            const std::string& call = graph_.alphabet().inputs[edge.input].name;
            const std::string& result = graph_.observation(edge.observation).result;
            const std::string state = lts_.control_state(vertex);
            const std::string how = by_way ? "/" + way.text(lts_.state(vertex)) : "";
            const std::string name = fmt::format("{}/{}{}/{}", call, in_small(state), how, result);
            of_vertex_[vertex].push_back(
                {edge.input, goal(name, fmt::format("{} in {} returns {}", call, state_label(state), result))});
            if (graph_.reaction(graph_.block(edge.to), edge.input) && graph_.is_settled(vertex, edge.input))
                of_vertex_[vertex].push_back(
                    {edge.input, goal(name + "/again", fmt::format("{} in {}, and again", call, state_label(state))),
                     &again(edge.input)});
        });
    }

private:
    // A call that had blocked returns.
    void add_return(std::uint32_t vertex, const LtsEdge& edge, const Way& way) {
        const std::string& result = graph_.observation(edge.observation).result;
        if (result.empty()) return;
        const std::string state = lts_.control_state(vertex), to = lts_.control_state(edge.to);
        of_vertex_[vertex].push_back(
            {edge.input, goal(fmt::format("returns/{}/{}/{}/{}/{}", result, input_kind(edge.input), in_small(state),
                                          way.text(lts_.state(vertex)), in_small(to)),
                              fmt::format("what had blocked in {} returns {}", state_label(state), result))});
    }

    const Sequel& again(std::uint32_t input) {
        return again_.try_emplace(input, Sequel{false, {{input, false}}, 0}).first->second;
    }
    std::map<std::uint32_t, Sequel> again_;
};

// Goals of several suites, as far as they are about some vertices.
class United final : public Goals {
public:
    United(const TesterGraph& graph, std::vector<std::pair<std::string, std::unique_ptr<Goals>>> parts,
           const std::vector<bool>& wanted)
        : parts_(std::move(parts)), of_vertex_(graph.size()) {
        for (const auto& [suite, goals] : parts_) {
            std::vector<bool> offered(goals->size());
            for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
                if (!wanted[vertex]) continue;
                for (const Offer& offer : goals->offers(vertex, 0)) offered[offer.goal] = true;
            }
            std::vector<std::uint32_t> number;
            for (std::uint32_t goal = 0; goal < goals->size(); ++goal) {
                number.push_back(static_cast<std::uint32_t>(names.size()));
                if (!offered[goal]) continue;
                names.push_back(suite + "/" + goals->names[goal]);
                sentences.push_back(goals->sentences[goal]);
            }
            for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
                if (!wanted[vertex]) continue;
                for (Offer offer : goals->offers(vertex, 0)) {
                    offer.goal = number[offer.goal];
                    of_vertex_[vertex].push_back(offer);
                }
            }
        }
    }
    const std::vector<Offer>& offers(std::uint32_t vertex, std::uint32_t) override { return of_vertex_[vertex]; }

private:
    std::vector<std::pair<std::string, std::unique_ptr<Goals>>> parts_;  // their sequels are referred to
    std::vector<std::vector<Offer>> of_vertex_;
};

// Vertices where the connection is not there yet, and those that are entered from them.
std::vector<bool> early_vertices(const TesterGraph& graph) {
    const EndpointLts& lts = graph.lts();
    std::vector<bool> early(graph.size());
    for (std::uint32_t vertex = 0; vertex < graph.size(); ++vertex) {
        bool before = vertex == 0 || opens(lts.control_state(vertex));
        for (const LtsEdge& edge : lts.edges(vertex))
            before = before || (lts.control_state(vertex) == "CLOSED" && opens(lts.control_state(edge.to)));
        if (!before) continue;
        early[vertex] = true;
        for (const LtsEdge& edge : lts.edges(vertex)) early[edge.to] = true;
    }
    return early;
}

}  // namespace

std::vector<std::string> parts_of(const std::string& suite) {
    if (suite == "default") return {"transitions", "ways", "calls", "loss"};
    if (suite == "handshake") return {"transitions", "ways", "calls", "loss", "timers"};
    if (suite == "full")
        return {"reactions", "states", "transitions", "ways", "matrix", "calls", "loss", "timers", "handshake"};
    if (suite.find(',') == std::string::npos) return {};
    std::vector<std::string> parts;
    std::istringstream names(suite);
    for (std::string name; std::getline(names, name, ',');) {
        std::vector<std::string> inside = parts_of(name);
        if (inside.empty() || name == "handshake") inside = {name};  // that begins elsewhere
        for (const std::string& one : inside)
            if (std::find(parts.begin(), parts.end(), one) == parts.end()) parts.push_back(one);
    }
    return parts;
}

std::vector<std::string> starts_of(const std::string& suite) {
    if (suite == "handshake") return {"CLOSED"};
    std::vector<std::string> starts;
    for (const std::string& part : parts_of(suite)) {
        for (const std::string& start : starts_of(part))
            if (std::find(starts.begin(), starts.end(), start) == starts.end()) starts.push_back(start);
    }
    return starts.empty() ? std::vector<std::string>{""} : starts;
}

// Of `default` calls and loss have a goal a control state, not one for each way into it.
std::unique_ptr<Goals> make_goals(const std::string& suite, const TesterGraph& graph, std::uint32_t seed, bool by_way) {
    if (suite == "states") return std::make_unique<States>(graph);
    if (suite == "transitions") return std::make_unique<Transitions>(graph, false);
    if (suite == "pairs") return std::make_unique<Transitions>(graph, true);
    if (suite == "ways") return std::make_unique<Ways>(graph);
    if (suite == "matrix") return std::make_unique<Matrix>(graph);
    if (suite == "reactions" || tests_reactions(suite)) return std::make_unique<Reactions>(graph, seed);
    if (suite == "calls") return std::make_unique<Calls>(graph, by_way);
    if (suite == "timers") return timer_goals(graph);
    if (suite == "loss") return loss_goals(graph, by_way);
    std::vector<std::pair<std::string, std::unique_ptr<Goals>>> parts;
    for (const std::string& part : parts_of(suite)) {
        const bool begins_here = suite == "handshake" || starts_of(part).front() == graph.start();
        if (begins_here) parts.emplace_back(part, make_goals(part, graph, seed, suite != "default"));
    }
    if (parts.empty()) return nullptr;
    const std::vector<bool> all(graph.size(), true);
    return std::make_unique<United>(graph, std::move(parts), suite == "handshake" ? early_vertices(graph) : all);
}

}  // namespace lastack
