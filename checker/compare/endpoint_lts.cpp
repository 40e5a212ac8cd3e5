#include "checker/compare/endpoint_lts.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <numeric>
#include <tuple>
#include <unordered_map>

#include "checker/compare/both_at_once.h"
#include "model/alike_segments.h"
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

std::uint32_t Observations::at_once(std::uint32_t id) {
    constexpr std::uint32_t unknown = ~0U;
    if (all_[id].started.empty()) return id;
    if (id >= at_once_.size()) at_once_.resize(all_.size(), unknown);
    if (at_once_[id] == unknown) {
        Observation seen = all_[id];
        seen.started.clear();
        const std::uint32_t without = intern(seen);
        at_once_[id] = without;
    }
    return at_once_[id];
}

std::string duration_text(std::int64_t us) {
    if (us % 1'000'000 == 0) return fmt::format("{} s", us / 1'000'000);
    if (us % 1'000 == 0) return fmt::format("{} ms", us / 1'000);
    return fmt::format("{} us", us);
}

std::string to_string(const Observation& observation, const Vocabulary& vocabulary, bool with_started) {
    if (observation.outside) return "outside of the declared ranges";
    std::vector<std::string> parts;
    for (const Segment& segment : observation.sent) parts.push_back(to_string(segment, vocabulary));
    if (!observation.result.empty() && observation.result != "ok") parts.push_back("returns " + observation.result);
    for (const std::string& signal : observation.signals) parts.push_back("signal " + signal);
    std::string text;
    for (const std::string& part : parts) text += (text.empty() ? "" : ", ") + part;
    if (text.empty()) text = "nothing";
    if (observation.latest_us >= 0) {
        text += " after " + duration_text(observation.earliest_us);
        if (observation.latest_us != observation.earliest_us) text += " to " + duration_text(observation.latest_us);
    }
    if (with_started && !observation.started.empty())
        text += fmt::format(", starts {}", fmt::join(observation.started, " and "));
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

namespace {

constexpr std::uint32_t unseen = ~0U;

// How often a timer was started from its own expiry in a row, as far as that makes it longer.
class Doubling {
public:
    Doubling(const TimerDecl& timer, int index) : timer_(timer), index_(index) {
        while (window(last_) != window(last_ + 1)) ++last_;
    }
    int index() const { return index_; }
    std::pair<std::int64_t, std::int64_t> window(int level) const {
        return {at(timer_.earliest_us, level), at(timer_.latest_us, level)};
    }
    int after(int level, bool own_expiry, bool started, bool runs) const {
        if (!runs) return 0;
        if (!started) return level;
        return own_expiry ? std::min(level + 1, last_) : 0;
    }

private:
    std::int64_t at(std::int64_t us, int level) const {
        for (; level > 0 && us > 0 && us < timer_.cap_us; --level) us = std::min(us * 2, timer_.cap_us);
        return us;
    }
    const TimerDecl& timer_;
    int index_;
    int last_ = 0;
};

}  // namespace

// Breadth first over the machine's local states. Machine outcomes become edges; what the machine refuses becomes
// `outside`.
class EndpointLts::Builder {
public:
    Builder(EndpointLts& lts, Observations& observations, const LtsOptions& options)
        : lts_(lts), machine_(*lts.machine_), observations_(observations), options_(options), patience_(options.stop),
          first_segment_(lts.alphabet_.calls + lts.alphabet_.timers), alike_(machine_, segments_of(lts.alphabet_)) {
        const std::vector<Input>& inputs = lts.alphabet_.inputs;
        for (std::uint32_t i = 0; i < first_segment_; ++i) {
            const bool call = inputs[i].trigger == Trigger::call;
            input_of_[call ? 0 : 1][inputs[i].name] = i;
        }
        for (const auto& [own, name] : options.timer_names) {
            lts.own_timer_[name] = own;
            lts.alphabet_timer_[own] = name;
            if (input_of_[1].contains(name)) input_of_[1][own] = input_of_[1][name];
        }
        const std::vector<TimerDecl>& timers = lts.profile_->timers;
        for (int i = 0; i < static_cast<int>(timers.size()); ++i)
            if (options.measured.contains(lts.timer_name(i))) doublings_.emplace_back(timers[i], i);
    }

    void run() {
        visit(machine_.initial(), std::vector<int>(doublings_.size(), 0));
        for (std::uint32_t vertex = 0; vertex < lts_.local_of_.size(); ++vertex) {
            patience_();
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
    static std::vector<Segment> segments_of(const OpenAlphabet& alphabet) {
        std::vector<Segment> segments;
        for (const Input& input : alphabet.inputs)
            if (input.trigger == Trigger::segment) segments.push_back(input.segment);
        return segments;
    }

    struct Seen {  // what an observation is made of
        std::uint32_t label = 0;
        int state = -1;
        std::int64_t earliest_us = -1, latest_us = -1;
        std::vector<SegmentId> sent;
        auto operator<=>(const Seen&) const = default;
    };

    std::uint32_t visit(LocalId local, const std::vector<int>& levels) {
        const auto level = level_ids_.try_emplace(levels, static_cast<std::uint32_t>(levels_.size()));
        if (level.second) levels_.push_back(levels);
        const std::uint64_t key = std::uint64_t{level.first->second} << 32 | local;
        const auto [place, fresh] = vertex_of_.try_emplace(key, static_cast<std::uint32_t>(lts_.local_of_.size()));
        if (fresh) {
            lts_.local_of_.push_back(local);
            level_of_.push_back(level.first->second);
        }
        return place->second;
    }

    void spontaneous(std::uint32_t vertex) {
        const std::vector<Outcome> outcomes = guarded([&] { return machine_.spontaneous(lts_.local_of_[vertex]); });
        if (!failed_) {
            for (const Outcome& outcome : outcomes) {
                const Label& label = machine_.label(outcome.label);
                add(vertex, input_of_[label.trigger == Trigger::call ? 0 : 1].at(label.name), outcome);
            }
            return;
        }
        // The machine answers all calls and timers together: one that leaves a range must not take the others with it.
        for (std::uint32_t i = 0; i < first_segment_; ++i) {
            const Input input = lts_.own_input(i);
            const std::vector<Outcome> of_one =
                guarded([&] { return machine_.react_to(lts_.local_of_[vertex], input); });
            if (failed_) lts_.edges_.push_back({i, Observations::outside, vertex, 0});
            for (const Outcome& outcome : of_one) add(vertex, i, outcome);
        }
    }

    void segments(std::uint32_t vertex) {
        for (const AlikeSegments::Class& alike : alike_.at(lts_.local_of_[vertex], class_of_)) {
            const auto input = static_cast<std::uint32_t>(first_segment_ + alike.first);
            if (alike.outside) lts_.edges_.push_back({input, Observations::outside, vertex, 0});
            for (const Outcome& outcome : alike.outcomes) add(vertex, input, outcome);
        }
        Classes classes(first_segment_);
        std::iota(classes.begin(), classes.end(), 0U);
        for (const std::uint32_t first : class_of_)
            classes.push_back(static_cast<std::uint32_t>(first_segment_ + first));
        const auto [place, fresh] = partitions_.try_emplace(std::move(classes), nullptr);
        if (fresh) place->second = std::make_shared<const Classes>(place->first);
        lts_.classes_.push_back(place->second);
    }

    // The machine's answer, copied before the machine grows; none where a rule leaves a range.
    template <class Ask>
    std::vector<Outcome> guarded(Ask ask) {
        failed_ = false;
        try {
            const auto outcomes = ask();
            return {outcomes.begin(), outcomes.end()};
        } catch (const ModelError&) {
            failed_ = true;
            return {};
        }
    }

    void add(std::uint32_t vertex, std::uint32_t input, const Outcome& outcome) {
        if (options_.outside &&
            options_.outside(machine_.decode(lts_.local_of_[vertex]), machine_.decode(outcome.after))) {
            lts_.edges_.push_back({input, Observations::outside, vertex, 0});
            return;
        }
        const Label& label = machine_.label(outcome.label);
        const int expired = label.trigger == Trigger::timer ? lts_.profile_->timer(label.name) : -1;
        Seen seen{outcome.label, options_.states_observable ? machine_.control_state(outcome.after) : -1, -1, -1,
                  std::vector<SegmentId>(outcome.sent, outcome.sent + outcome.sent_count)};
        std::vector<int> levels = levels_[level_of_[vertex]];
        for (std::size_t i = 0; i < doublings_.size(); ++i) {
            const Doubling& timer = doublings_[i];
            const bool own = timer.index() == expired;
            if (own) std::tie(seen.earliest_us, seen.latest_us) = timer.window(levels[i]);
            const bool started =
                std::find(label.started.begin(), label.started.end(), timer.index()) != label.started.end();
            levels[i] = timer.after(levels[i], own, started, machine_.is_armed(outcome.after, timer.index()));
        }
        const std::uint32_t to = visit(outcome.after, levels);
        lts_.edges_.push_back({input, observed(seen), to, outcome.label});
    }

    std::uint32_t observed(const Seen& seen) {
        const auto [place, fresh] = observation_of_.try_emplace(seen, 0);
        if (!fresh) return place->second;
        const Label& label = machine_.label(seen.label);
        Observation observation;
        for (const SegmentId id : seen.sent) {
            observation.sent.push_back((*lts_.out_)[id]);
            observation.sent.back().era = 0;
        }
        if (label.trigger == Trigger::call || label.result != "ok") observation.result = label.result;
        observation.signals = label.signals;
        if (seen.state >= 0) observation.state = lts_.profile_->states[seen.state].name;
        observation.earliest_us = seen.earliest_us;
        observation.latest_us = seen.latest_us;
        return place->second = observations_.intern(observation);
    }

    EndpointLts& lts_;
    Machine& machine_;
    Observations& observations_;
    const LtsOptions& options_;
    Patience patience_;
    std::size_t first_segment_;
    AlikeSegments alike_;
    std::vector<std::uint32_t> class_of_;  // of the vertex at hand
    std::map<Classes, std::shared_ptr<const Classes>> partitions_;
    std::vector<Doubling> doublings_;
    std::map<std::vector<int>, std::uint32_t> level_ids_;
    std::vector<std::vector<int>> levels_;
    std::vector<std::uint32_t> level_of_;                         // by vertex
    std::map<std::string, std::uint32_t> input_of_[2];            // calls, timers by the profile's name
    std::unordered_map<std::uint64_t, std::uint32_t> vertex_of_;  // by level and local id
    std::map<Seen, std::uint32_t> observation_of_;
    bool failed_ = false;
};

EndpointLts::EndpointLts(const Profile& profile, const Limits& limits, const OpenAlphabet& alphabet,
                         Observations& observations, const LtsOptions& options)
    : profile_(std::make_unique<Profile>(without_history(profile))), alphabet_(alphabet),
      out_(std::make_unique<SegmentTable>()) {
    std::vector<std::string> calls;
    for (const Input& input : alphabet.inputs) {
        if (input.trigger == Trigger::call) calls.push_back(input.name);
    }
    const int start = options.start.empty() ? -1 : profile.state(options.start);
    machine_ = std::make_unique<Machine>(*profile_, limits, calls, *out_, start);
    Builder(*this, observations, options).run();
}

void EndpointLts::move_to(Observations& shared, const Observations& own) {
    std::vector<std::uint32_t> numbers;
    for (std::uint32_t id = 0; id < own.size(); ++id) numbers.push_back(shared.intern(own[id]));
    for (LtsEdge& edge : edges_) edge.observation = numbers[edge.observation];
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex)
        std::sort(edges_.begin() + static_cast<std::ptrdiff_t>(first_[vertex]),
                  edges_.begin() + static_cast<std::ptrdiff_t>(first_[vertex + 1]));
}

std::span<const LtsEdge> EndpointLts::edges(std::uint32_t vertex, std::uint32_t input) const {
    const std::span<const LtsEdge> all = edges(vertex);
    const std::uint32_t first = classes(vertex)[input];
    const auto [begin, end] = std::equal_range(all.begin(), all.end(), LtsEdge{first, 0, 0, 0},
                                               [](const LtsEdge& x, const LtsEdge& y) { return x.input < y.input; });
    return {begin, end};
}

std::size_t EndpointLts::edge_count() const {
    std::map<const Classes*, std::vector<std::size_t>> inputs_of;  // of each class
    std::size_t count = 0;
    for (std::uint32_t vertex = 0; vertex < size() && complete_; ++vertex) {
        std::vector<std::size_t>& inputs = inputs_of[classes_[vertex].get()];
        if (inputs.empty()) {
            inputs.assign(classes(vertex).size(), 0);
            for (const std::uint32_t first : classes(vertex)) ++inputs[first];
        }
        for (const LtsEdge& edge : edges(vertex)) count += inputs[edge.input];
    }
    return count;
}

const std::string& EndpointLts::control_state(std::uint32_t vertex) const {
    return profile_->states[machine_->control_state(local_of_[vertex])].name;
}

const std::vector<std::string>& EndpointLts::rules(const LtsEdge& edge) const {
    static const std::vector<std::string> none;
    return edge.observation == Observations::outside ? none : machine_->label(edge.label).rules;
}

const std::vector<int>& EndpointLts::started(const LtsEdge& edge) const {
    static const std::vector<int> none;
    return edge.observation == Observations::outside ? none : machine_->label(edge.label).started;
}

const std::string& EndpointLts::timer_name(int timer) const {
    const std::string& own = profile_->timers[timer].name;
    const auto renamed = alphabet_timer_.find(own);
    return renamed == alphabet_timer_.end() ? own : renamed->second;
}

// Two sums of FNV-1a kind over edges: that of equal inputs is equal, and 128 bits are enough for different ones to
// differ.
std::map<int, std::vector<EndpointLts::Mark>> EndpointLts::marks() const {
    const std::size_t inputs = alphabet_.inputs.size();
    const auto mix = [](Mark& mark, std::uint64_t word) {
        mark[0] = (mark[0] ^ word) * 0x100000001b3U;
        mark[1] = (mark[1] ^ (word + 0x9e3779b97f4a7c15U)) * 0xd6e8feb86659fd93U;
        mark[1] ^= mark[1] >> 32;
    };
    std::map<int, std::vector<Mark>> marks;
    std::vector<Mark> here(inputs);
    for (std::uint32_t vertex = 0; vertex < size() && complete_; ++vertex) {
        here.assign(inputs, Mark{1, 1});
        for (const LtsEdge& edge : edges(vertex)) {
            mix(here[edge.input], std::uint64_t{edge.observation} << 32 | edge.to);
            mix(here[edge.input], edge.label);
        }
        const auto [place, fresh] = marks.try_emplace(control(vertex));
        if (fresh) place->second.assign(inputs, Mark{0xcbf29ce484222325U, 0x84222325cbf29ce4U});
        for (std::uint32_t input = 0; input < inputs; ++input) {
            const Mark& own = here[classes(vertex)[input]];
            mix(place->second[input], own[0]);
            mix(place->second[input], own[1]);
        }
    }
    return marks;
}

void EndpointLts::keep(const std::vector<std::uint32_t>& inputs, const std::map<int, std::vector<Mark>>& marks) {
    if (!complete_) return;
    std::map<int, std::shared_ptr<const Classes>> of_state;
    for (const auto& [state, of_input] : marks) {
        std::map<Mark, std::uint32_t> first;
        Classes classes;
        for (std::uint32_t i = 0; i < inputs.size(); ++i) {
            const bool segment = inputs[i] >= alphabet_.calls + alphabet_.timers;
            classes.push_back(segment ? first.try_emplace(of_input[inputs[i]], i).first->second : i);
        }
        of_state[state] = std::make_shared<const Classes>(std::move(classes));
    }
    std::vector<LtsEdge> kept;
    std::vector<std::size_t> starts;
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) {
        starts.push_back(kept.size());
        const Classes& classes = *of_state[control(vertex)];
        for (std::uint32_t i = 0; i < inputs.size(); ++i) {
            if (classes[i] != i) continue;
            for (LtsEdge edge : edges(vertex, inputs[i])) {
                edge.input = i;
                kept.push_back(edge);
            }
        }
    }
    starts.push_back(kept.size());
    edges_ = std::move(kept);
    first_ = std::move(starts);
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) classes_[vertex] = of_state[control(vertex)];
}

void unite_inputs(EndpointLts& a, EndpointLts& b, OpenAlphabet& alphabet) {
    if (!a.complete() || !b.complete()) return;
    std::map<int, std::vector<EndpointLts::Mark>> of_a, of_b;
    both_at_once([&] { of_a = a.marks(); }, [&] { of_b = b.marks(); });
    std::set<std::vector<EndpointLts::Mark>> known;
    std::vector<std::uint32_t> kept;
    std::vector<Input> inputs;
    for (std::uint32_t i = 0; i < alphabet.inputs.size(); ++i) {
        std::vector<EndpointLts::Mark> everywhere;
        for (const auto* side : {&of_a, &of_b})
            for (const auto& [state, marks] : *side) everywhere.push_back(marks[i]);
        const bool segment = i >= alphabet.calls + alphabet.timers;
        if (segment && !known.insert(std::move(everywhere)).second) continue;
        kept.push_back(i);
        inputs.push_back(alphabet.inputs[i]);
    }
    both_at_once([&] { a.keep(kept, of_a); }, [&] { b.keep(kept, of_b); });
    alphabet.inputs = std::move(inputs);
}

void EndpointLts::see(const Sight& sight) {
    if (built_.empty()) {
        built_ = std::move(edges_);
        built_first_ = std::move(first_);
    }
    edges_.clear();
    first_.clear();
    for (std::uint32_t vertex = 0; vertex < size(); ++vertex) {
        first_.push_back(edges_.size());
        for (std::size_t i = built_first_[vertex]; i < built_first_[vertex + 1]; ++i) {
            if (const std::optional<std::uint32_t> observation = sight(vertex, built_[i])) {
                edges_.push_back(built_[i]);
                edges_.back().observation = *observation;
            }
        }
        std::sort(edges_.begin() + static_cast<std::ptrdiff_t>(first_.back()), edges_.end());
    }
    first_.push_back(edges_.size());
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
