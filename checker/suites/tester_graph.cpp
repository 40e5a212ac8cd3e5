#include "checker/suites/tester_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>
#include <tuple>

namespace lastack {

namespace {

constexpr std::uint32_t none = ~0U;

// What is seen at once, without what only the application is told.
std::uint32_t without_signals(Observations& observations, std::uint32_t id) {
    Observation seen = observations[id];
    seen.signals.clear();
    return observations.intern(seen);
}

// States in which a SYN begins the peer's stream.
bool opens_next(const std::string& state) { return state == "LISTEN" || state == "SYN_SENT"; }

// Does a step of an endpoint that is not in a connection yet take the peer's stream to begin elsewhere than at unit 0?
bool begins_elsewhere(const Profile& profile, const EndState& before, const EndState& after) {
    const int next = profile.variable("rcv_nxt");
    if (next < 0) return false;
    const auto at = static_cast<std::size_t>(next);
    const std::string &from = profile.states[static_cast<std::size_t>(before.state)].name,
                      &to = profile.states[static_cast<std::size_t>(after.state)].name;
    return opens_next(from) && to != from && to != "CLOSED" && after.values[at] != profile.variables[at].initial;
}

}  // namespace

bool opens(const std::string& state) { return state == "LISTEN" || state == "SYN_SENT" || state == "SYN_RCVD"; }

TesterGraph::TesterGraph(const Profile& profile, const Limits& limits, const TesterOptions& options)
    : start_(options.start), observations_(std::make_unique<Observations>()) {
    AlphabetOptions alphabet;
    alphabet.calls = options.calls;
    alphabet.longest = 1;  // no profile trims what begins before its window and ends inside of it
    alphabet.each_segment = options.each_segment;
    alphabet_ = std::make_unique<OpenAlphabet>(open_alphabet({{&profile, &limits}}, alphabet));
    LtsOptions lts;
    lts.max_states = options.max_states;
    lts.states_observable = true;
    lts.start = options.start;
    if (!options.start.empty())
        lts.outside = [&profile](const EndState& before, const EndState& after) {
            return begins_elsewhere(profile, before, after);
        };
    lts.stop = options.stop;
    lts_ = std::make_unique<EndpointLts>(profile, limits, *alphabet_, *observations_, lts);
    if (!lts_->complete())
        throw std::length_error(fmt::format("an endpoint of '{}' has more than {} local states: a smaller value of one "
                                            "of its limits has fewer",
                                            profile.name, options.max_states));
    lts_->see([&](std::uint32_t, const LtsEdge& edge) { return without_signals(*observations_, edge.observation); });
    const Partition partition = refine(*lts_, options.stop);
    blocks_ = partition.rounds.back();
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) {
        if (blocks_[vertex] == member_.size()) member_.push_back(vertex);
    }
    find_reactions();
    count_mays();
}

void TesterGraph::count_mays() {
    const Profile& profile = lts_->profile();
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) {
        for (const LtsEdge& edge : lts_->edges(vertex)) {
            if (edge.observation == Observations::outside) continue;
            if (edge.label >= mays_.size()) mays_.resize(edge.label + 1, -1);
            if (mays_[edge.label] >= 0) continue;
            const std::vector<std::string>& rules = lts_->rules(edge);
            mays_[edge.label] = static_cast<int>(std::count_if(
                rules.begin(), rules.end(), [&](const std::string& rule) { return profile.rule(rule)->may; }));
        }
    }
}

// Blocks are numbered in the order of their first members, and all members have the same reactions.
void TesterGraph::find_reactions() {
    const std::size_t inputs = alphabet_->inputs.size();
    reaction_of_.assign(member_.size() * inputs, none);
    for (std::uint32_t block = 0; block < member_.size(); ++block) {
        first_reaction_.push_back(static_cast<std::uint32_t>(reactions_.size()));
        std::map<std::tuple<Trigger, std::vector<Way>, std::set<std::vector<std::string>>>, std::uint32_t> known;
        const EndpointLts::Classes& classes = lts_->classes(member_[block]);
        for (std::uint32_t input = 0; input < inputs; ++input) {
            if (classes[input] != input) {  // like an earlier one
                reaction_of_[block * inputs + input] = reaction_of_[block * inputs + classes[input]];
            } else {
                std::vector<Way> ways;
                std::set<std::vector<std::string>> rules;
                for (const LtsEdge& edge : lts_->edges(member_[block], input)) {
                    ways.push_back({edge.observation, blocks_[edge.to]});
                    rules.insert(lts_->rules(edge));
                }
                const bool outside = std::any_of(
                    ways.begin(), ways.end(), [](const Way& way) { return way.observation == Observations::outside; });
                // A SYN beyond the numbers that the profile has: of a real endpoint it would begin the stream.
                const bool beyond = !start_.empty() && opens_next(state(block)) && rules.contains({});
                if (ways.empty() || outside || beyond) continue;
                std::sort(ways.begin(), ways.end());
                ways.erase(std::unique(ways.begin(), ways.end()), ways.end());
                const auto number = static_cast<std::uint32_t>(reactions_.size());
                const auto [place, fresh] = known.try_emplace({alphabet_->inputs[input].trigger, ways, rules}, number);
                if (fresh) reactions_.push_back({block, ways, {}});
                reaction_of_[block * inputs + input] = place->second;
            }
            if (const std::uint32_t found = reaction_of_[block * inputs + input]; found != none)
                reactions_[found].inputs.push_back(input);
        }
    }
    first_reaction_.push_back(static_cast<std::uint32_t>(reactions_.size()));
}

std::optional<std::uint32_t> TesterGraph::reaction(std::uint32_t block, std::uint32_t input) const {
    const std::uint32_t found = reaction_of_[block * alphabet_->inputs.size() + input];
    return found == none ? std::nullopt : std::optional(found);
}

const LtsEdge& TesterGraph::planned(std::uint32_t vertex, std::uint32_t input) const {
    const std::span<const LtsEdge> edges = lts_->edges(vertex, input);
    if (edges.size() == 1) return edges.front();
    const bool settled = is_settled(vertex, input);
    const auto rank = [&](const LtsEdge& edge) {
        if (settled) return static_cast<int>(observation(edge.observation).sent.size());
        return edge.observation == Observations::outside ? 0 : mays_[edge.label];
    };
    return *std::min_element(edges.begin(), edges.end(),
                             [&](const LtsEdge& one, const LtsEdge& other) { return rank(one) < rank(other); });
}

}  // namespace lastack
