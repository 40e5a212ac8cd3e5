#include "checker/endpoint_lts.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/plain.h"

namespace lastack {

Observations::Observations() {
    Observation nowhere;
    nowhere.outside = true;
    intern(nowhere);
}

std::uint32_t Observations::intern(const Observation& observation) {
    const auto [place, fresh] = ids_.try_emplace(observation, static_cast<std::uint32_t>(all_.size()));
    if (fresh) all_.push_back(observation);
    return place->second;
}

std::string to_string(const Observation& observation) {
    if (observation.outside) return "outside of the declared ranges";
    std::vector<std::string> parts;
    for (const Segment& segment : observation.sent) parts.push_back(to_string(segment));
    if (!observation.result.empty() && observation.result != "ok") parts.push_back("returns " + observation.result);
    for (const std::string& signal : observation.signals) parts.push_back("signal " + signal);
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    if (text.empty()) text = "nothing";
    return observation.state.empty() ? text : text + " (" + state_label(observation.state) + ")";
}

namespace {

void forget_history(const Profile& profile, std::vector<Effect>& effects) {
    std::erase_if(effects, [&](const Effect& effect) {
        return effect.kind == Effect::Kind::assign && profile.variables[effect.index].history;
    });
    for (Effect& effect : effects) {
        forget_history(profile, effect.then);
        forget_history(profile, effect.otherwise);
    }
}

}  // namespace

Profile without_history(const Profile& profile) {
    Profile plain = profile;
    for (Handler& handler : plain.handlers) {
        for (Step& step : handler.steps) {
            for (Rule& rule : step.rules) {
                for (Case& one : rule.cases) forget_history(profile, one.effects);
            }
        }
    }
    return plain;
}

// Breadth first over the machine's local states. Machine outcomes become edges; what the machine refuses becomes
// `outside`.
class EndpointLts::Builder {
public:
    Builder(EndpointLts& lts, Observations& observations, const LtsOptions& options)
        : lts_(lts), machine_(*lts.machine_), observations_(observations), options_(options) {
        const std::vector<Input>& inputs = lts.alphabet_.inputs;
        for (std::uint32_t i = 0; i < inputs.size(); ++i) {
            if (inputs[i].trigger != Trigger::segment) {
                const bool call = inputs[i].trigger == Trigger::call;
                input_of_[call ? 0 : 1][inputs[i].name] = i;
            }
        }
        for (const auto& [own, name] : options.timer_names) {
            lts.own_timer_[name] = own;
            input_of_[1][own] = input_of_[1][name];
        }
    }

    void run() {
        visit(machine_.initial());
        for (std::uint32_t vertex = 0; vertex < lts_.local_of_.size(); ++vertex) {
            if (lts_.local_of_.size() > options_.max_states) {
                lts_.complete_ = false;
                lts_.edges_.clear();
                lts_.first_.assign(lts_.local_of_.size() + 1, 0);
                return;
            }
            lts_.first_.push_back(lts_.edges_.size());
            spontaneous(vertex);
            segments(vertex);
            std::sort(lts_.edges_.begin() + static_cast<std::ptrdiff_t>(lts_.first_.back()), lts_.edges_.end());
        }
        lts_.first_.push_back(lts_.edges_.size());
    }

private:
    struct Seen {  // what an observation is made of
        std::uint32_t label = 0;
        int state = -1;
        std::vector<SegmentId> sent;
        auto operator<=>(const Seen&) const = default;
    };

    std::uint32_t visit(LocalId local) {
        if (local >= vertex_of_.size()) vertex_of_.resize(std::max<std::size_t>(machine_.size(), local + 1), unseen);
        if (vertex_of_[local] == unseen) {
            vertex_of_[local] = static_cast<std::uint32_t>(lts_.local_of_.size());
            lts_.local_of_.push_back(local);
        }
        return vertex_of_[local];
    }

    void spontaneous(std::uint32_t vertex) {
        const std::vector<Outcome> outcomes = guarded([&] { return machine_.spontaneous(lts_.local_of_[vertex]); });
        if (failed_) {
            // The machine answers all calls and timers together, so one that leaves a range takes the others with it.
            for (std::uint32_t i = 0; i < lts_.alphabet_.calls + lts_.alphabet_.timers; ++i)
                lts_.edges_.push_back({i, Observations::outside, vertex, 0});
            return;
        }
        for (const Outcome& outcome : outcomes) {
            const Label& label = machine_.label(outcome.label);
            add(input_of_[label.trigger == Trigger::call ? 0 : 1].at(label.name), outcome);
        }
    }

    void segments(std::uint32_t vertex) {
        const std::size_t before = lts_.alphabet_.calls + lts_.alphabet_.timers;
        for (std::size_t id = 0; id < lts_.in_->size(); ++id) {
            const std::vector<Outcome> outcomes = guarded(
                [&] { return machine_.receive(lts_.local_of_[vertex], static_cast<SegmentId>(id), *lts_.in_); });
            const auto input = static_cast<std::uint32_t>(before + id);
            if (failed_) lts_.edges_.push_back({input, Observations::outside, vertex, 0});
            for (const Outcome& outcome : outcomes) add(input, outcome);
        }
    }

    // The machine's answer, copied before the machine grows; none where a rule leaves a range.
    template <class Ask>
    std::vector<Outcome> guarded(Ask ask) {
        failed_ = false;
        try {
            const std::span<const Outcome> outcomes = ask();
            return {outcomes.begin(), outcomes.end()};
        } catch (const ModelError&) {
            failed_ = true;
            return {};
        }
    }

    void add(std::uint32_t input, const Outcome& outcome) {
        const std::uint32_t to = visit(outcome.after);
        lts_.edges_.push_back({input, observed(outcome), to, outcome.label});
    }

    std::uint32_t observed(const Outcome& outcome) {
        Seen seen{outcome.label, options_.states_observable ? machine_.control_state(outcome.after) : -1,
                  std::vector<SegmentId>(outcome.sent, outcome.sent + outcome.sent_count)};
        const auto [place, fresh] = observation_of_.try_emplace(std::move(seen), 0);
        if (!fresh) return place->second;
        const Label& label = machine_.label(outcome.label);
        Observation observation;
        for (const SegmentId id : place->first.sent) {
            observation.sent.push_back((*lts_.out_)[id]);
            observation.sent.back().era = 0;
        }
        if (label.trigger == Trigger::call) observation.result = label.result;
        observation.signals = label.signals;
        if (place->first.state >= 0) observation.state = lts_.profile_->states[place->first.state].name;
        return place->second = observations_.intern(observation);
    }

    static constexpr std::uint32_t unseen = ~0u;
    EndpointLts& lts_;
    Machine& machine_;
    Observations& observations_;
    const LtsOptions& options_;
    std::map<std::string, std::uint32_t> input_of_[2];  // calls, timers by the profile's name
    std::vector<std::uint32_t> vertex_of_;              // by local id
    std::map<Seen, std::uint32_t> observation_of_;
    bool failed_ = false;
};

EndpointLts::EndpointLts(const Profile& profile, const Limits& limits, const OpenAlphabet& alphabet,
                         Observations& observations, const LtsOptions& options)
    : profile_(std::make_unique<Profile>(without_history(profile))), alphabet_(alphabet),
      in_(std::make_unique<SegmentTable>()), out_(std::make_unique<SegmentTable>()) {
    std::vector<std::string> calls;
    for (const Input& input : alphabet.inputs) {
        if (input.trigger == Trigger::call) calls.push_back(input.name);
        if (input.trigger == Trigger::segment) in_->intern(input.segment);
    }
    const int start = options.start.empty() ? -1 : profile.state(options.start);
    machine_ = std::make_unique<Machine>(*profile_, limits, calls, *out_, start);
    Builder(*this, observations, options).run();
}

std::span<const LtsEdge> EndpointLts::edges(std::uint32_t vertex, std::uint32_t input) const {
    const std::span<const LtsEdge> all = edges(vertex);
    const auto [begin, end] = std::equal_range(all.begin(), all.end(), LtsEdge{input, 0, 0, 0},
                                               [](const LtsEdge& x, const LtsEdge& y) { return x.input < y.input; });
    return {begin, end};
}

const std::string& EndpointLts::control_state(std::uint32_t vertex) const {
    return profile_->states[machine_->control_state(local_of_[vertex])].name;
}

const std::vector<std::string>& EndpointLts::rules(const LtsEdge& edge) const {
    static const std::vector<std::string> none;
    return edge.observation == Observations::outside ? none : machine_->label(edge.label).rules;
}

Input EndpointLts::own_input(std::uint32_t input) const {
    Input own = alphabet_.inputs[input];
    if (const auto name = own_timer_.find(own.name); own.trigger == Trigger::timer && name != own_timer_.end())
        own.name = name->second;
    return own;
}

std::string EndpointLts::why_outside(std::uint32_t vertex, std::uint32_t input) const {
    try {
        plain_react(*profile_, machine_->limits(), state(vertex), own_input(input));
    } catch (const ModelError& error) {
        return error.what();
    }
    return "";
}

}  // namespace lastack
