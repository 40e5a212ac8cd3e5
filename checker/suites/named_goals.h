// What goals of several suites have in common: they are numbered as they are met, and named by what a reader knows.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/suites/goals.h"

namespace lastack {

// "fin-ack", "rst", "data-fin-ack", "close", "rto"
inline std::string kind_of_input(const Input& input, const Profile& profile) {
    std::string kind = input.trigger == Trigger::segment ? flags_of(input.segment, profile.vocabulary) : input.name;
    std::transform(kind.begin(), kind.end(), kind.begin(), [](unsigned char c) { return std::tolower(c); });
    std::replace(kind.begin(), kind.end(), ',', '-');
    return kind;
}

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

    std::string input_kind(std::uint32_t input) const {
        return kind_of_input(graph_.alphabet().inputs[input], lts_.profile());
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

// What of a local state makes a way into its control state: flags as they are, names of lists, and of numbers whether
// they have left their first value (`exact`: what they are); of a stream whether all that was sent is acknowledged. A
// timer's length is no way.
class Way {
public:
    explicit Way(const EndpointLts& lts, bool exact = false)
        : profile_(lts.profile()), start_(lts.state(0)), exact_(exact) {
        una_ = profile_.variable("snd_una");
        nxt_ = profile_.variable("snd_nxt");
        for (const char* number : {"snd_una", "snd_nxt", "snd_wl1", "rcv_nxt"})
            passed_over_.insert(profile_.variable(number));
        for (const TimerDecl& timer : profile_.timers) passed_over_.insert(timer.doubled_from);
    }

    std::string text(const EndState& state) const {
        std::vector<std::string> words;
        for (int i = 0; i < static_cast<int>(profile_.variables.size()); ++i) {
            const Variable& variable = profile_.variables[static_cast<std::size_t>(i)];
            const int value = state.values[static_cast<std::size_t>(i)];
            if (variable.history || passed_over_.contains(i)) continue;
            if (value == start_.values[static_cast<std::size_t>(i)]) continue;
            if (!variable.enumerators.empty())
                words.push_back(variable.enumerators[static_cast<std::size_t>(value)]);
            else
                words.push_back(exact_ && value > 1 ? fmt::format("{}={}", variable.name, value) : variable.name);
        }
        if (una_ >= 0 && nxt_ >= 0 &&
            state.values[static_cast<std::size_t>(una_)] != state.values[static_cast<std::size_t>(nxt_)])
            words.push_back("outstanding");
        return words.empty() ? "plain" : fmt::format("{}", fmt::join(words, "+"));
    }

private:
    const Profile& profile_;
    EndState start_;
    bool exact_;
    int una_ = -1, nxt_ = -1;
    std::set<int> passed_over_;  // numbers of the streams, and what is the length of a timer
};

}  // namespace lastack
