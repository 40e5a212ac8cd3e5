// Idea: the product of the choices of the steps, without those behind a case that drops the segment for certain: there
// the other steps are not reached. A choice may still not arise, because a guard fails; that is found when it is tried.
// Cost: the number of choices, which grows as the product over the steps with `may` rules that let the segment pass.
#include "generators/segment_choices.h"

#include <fmt/format.h>

#include <algorithm>

namespace lastack {

namespace {

constexpr std::size_t most_choices = 4096;

bool surely_drops(const std::vector<Effect>& effects) {
    return std::any_of(effects.begin(), effects.end(), [](const Effect& effect) {
        if (effect.kind == Effect::Kind::branch) return surely_drops(effect.then) && surely_drops(effect.otherwise);
        return effect.kind == Effect::Kind::drop;
    });
}

}  // namespace

std::vector<MayCase> may_cases(const Step& step) {
    std::vector<MayCase> found;
    for (const Rule& rule : step.rules) {
        for (std::size_t i = 0; rule.may && i < rule.cases.size(); ++i) found.push_back({&rule, i});
    }
    return found;
}

std::vector<Choice> choices_of(const EndKind& kind) {
    if (!kind.segment()) return {{}};
    struct Open {
        Choice choice;
        bool dropped;
    };
    std::vector<Open> open{{{}, false}};
    for (const Step& step : kind.segment()->steps) {
        std::vector<Open> next;
        const std::vector<MayCase> cases = may_cases(step);
        for (std::size_t digit = 0; digit <= cases.size(); ++digit) {
            for (const Open& before : open) {
                if (digit > 0 && before.dropped) continue;
                next.push_back(before);
                next.back().choice.push_back(static_cast<int>(digit));
                if (digit > 0)
                    next.back().dropped = surely_drops(cases[digit - 1].rule->cases[cases[digit - 1].place].effects);
            }
        }
        open = std::move(next);
        if (open.size() > most_choices) {
            throw SpecError(step.where,
                            fmt::format("profile '{}' cannot be exported to Murphi: more than {} choices of may "
                                        "rules in one segment",
                                        kind.profile->name, most_choices));
        }
    }
    std::vector<Choice> choices;
    for (Open& one : open) choices.push_back(std::move(one.choice));
    return choices;
}

}  // namespace lastack
