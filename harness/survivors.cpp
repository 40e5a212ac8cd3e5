#include "harness/survivors.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "harness/diff_trial.h"

namespace lastack {

namespace {

void drop_signals(std::vector<Effect>& effects) {
    std::erase_if(effects, [](const Effect& effect) { return effect.kind == Effect::Kind::signal; });
    for (Effect& effect : effects) {
        drop_signals(effect.then);
        drop_signals(effect.otherwise);
    }
}

// What the application is told goes away.
Profile without_signals(Profile profile) {
    for (Handler& handler : profile.handlers)
        for (Step& step : handler.steps)
            for (Rule& rule : step.rules)
                for (Case& one : rule.cases) drop_signals(one.effects);
    return profile;
}

std::string answers_text(const Comparison& comparison, const std::vector<Response>& answers) {
    const Vocabulary& words = comparison.lts[0]->profile().vocabulary;
    std::vector<std::string> texts;
    for (const bool started : {false, true}) {
        texts.clear();
        for (const Response& answer : answers) {
            const Observation& seen = (*comparison.observations)[answer.observation];
            const std::string text = to_string(seen, words, started);
            if (std::find(texts.begin(), texts.end(), text) == texts.end()) texts.push_back(text);
        }
        if (texts.size() == answers.size()) break;
    }
    return texts.empty() ? "not enabled" : fmt::format("{}", fmt::join(texts, " or "));
}

TellingExchange exchange_of(const Comparison& comparison) {
    const Distinction& found = *comparison.distinction;
    const Vocabulary& words = comparison.lts[0]->profile().vocabulary;
    const std::vector<Input>& inputs = comparison.alphabet->inputs;
    TellingExchange exchange;
    for (const Distinction::Step& step : found.steps) {
        const Observation& seen = (*comparison.observations)[step.observation];
        exchange.steps.push_back({to_string(inputs[step.input], words), to_string(seen, words)});
    }
    exchange.input = to_string(inputs[found.input], words);
    exchange.original = answers_text(comparison, found.answers[0]);
    exchange.mutant = answers_text(comparison, found.answers[1]);
    return exchange;
}

Survivor inside_only(const OutOfRanges& left) {
    const std::string why = left.why.substr(0, left.why.find('\n'));
    if (left.side == 1) return {Survival::stillborn, why, {}, {}};
    return {Survival::undecided, "it differs only where the profile leaves its declared ranges: " + why, {}, {}};
}

}  // namespace

SurvivorExplainer::SurvivorExplainer(const Profile& original, const Limits& limits, const Profile& mutant,
                                     const Limits& limits_of_mutant, const SurvivorOptions& options)
    : original_(original), mutant_(mutant), limits_(limits), limits_of_mutant_(limits_of_mutant), options_(options) {}

SurvivorExplainer::~SurvivorExplainer() = default;

Comparison SurvivorExplainer::compare_them(const Profile& a, const Profile& b, bool states) const {
    CompareOptions compare_options;
    compare_options.alphabet = testers_alphabet(original_);
    compare_options.max_states = options_.max_states;
    compare_options.max_pairs = 4 * options_.max_states;
    compare_options.states_observable = states;
    compare_options.stop = options_.stop;
    return compare(a, limits_, b, limits_of_mutant_, compare_options);
}

std::optional<Survivor> SurvivorExplainer::not_to_be_told() {
    comparison_ = std::make_unique<Comparison>(compare_them(original_, mutant_, true));
    switch (comparison_->verdict) {
        case Comparison::Verdict::bisimilar: return Survivor{Survival::equivalent, "", {}, {}};
        case Comparison::Verdict::same_inside: return inside_only(comparison_->out_of_ranges);
        case Comparison::Verdict::undecided:
            return Survivor{Survival::undecided, fmt::format("more than {} local states", options_.max_states), {}, {}};
        case Comparison::Verdict::different: break;
    }
    if (simulated(*comparison_->lts[0], *comparison_->lts[1], *comparison_->observations, 4 * options_.max_states,
                  options_.stop) == true)
        return Survivor{Survival::conforming, "all that it does the profile allows", {}, {}};
    return std::nullopt;
}

Survivor SurvivorExplainer::difference() {
    Comparison& comparison = *comparison_;
    if (!comparison.distinction) return {Survival::undecided, "no exchange was found in time", {}, {}};
    if (comparison.distinction->branching)
        return {
            Survival::choice, "it decides earlier or later what the profile leaves open", exchange_of(comparison), {}};
    ProjectionOptions projection;
    projection.look_us = 100'000;
    projection.goes_on_in_the_same_state = projection.any_peer = true;
    const bool in_time = comparison.distinction->in_time;
    const DiffTrial trial = find_playable(comparison, projection, options_.stop, TrialGoal::refuted);
    const TellingExchange exchange = exchange_of(comparison);
    if (trial.shows) return {Survival::missed, "", exchange, diff_vector(comparison, 0, projection).vector};
    if (nobody_sees()) return {Survival::unseen, "only signals and names of states tell it apart", exchange, {}};
    if (in_time) return {Survival::in_time, trial.reason, exchange, {}};
    return {Survival::unplayable, trial.reason, exchange, {}};
}

bool SurvivorExplainer::nobody_sees() const {
    return compare_them(without_signals(original_), without_signals(mutant_), false).verdict ==
           Comparison::Verdict::bisimilar;
}

AlphabetOptions testers_alphabet(const Profile& profile) {
    AlphabetOptions alphabet;
    alphabet.calls = calls_of_a_tester(profile);
    alphabet.longest = 1;
    return alphabet;
}

Survivor explain_survivor(const Profile& original, const Limits& limits, const Profile& mutant,
                          const Limits& limits_of_mutant, const SurvivorOptions& options) {
    SurvivorExplainer explainer(original, limits, mutant, limits_of_mutant, options);
    if (const std::optional<Survivor> one = explainer.not_to_be_told()) return *one;
    return explainer.difference();
}

}  // namespace lastack
