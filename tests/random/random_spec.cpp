// The parts of a spec as text, one change to them, and what a failing test drops of them.
#include "tests/random/random_spec.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "checker/rules/rule_analysis.h"
#include "model/endpoint.h"
#include "model/language/read_spec.h"
#include "model/spec.h"
#include "tests/random/random_parts.h"

namespace lastack::testing {

namespace {

std::string case_text(const RandomCase& one) {
    std::string text = fmt::format("      {}", fmt::join(one.from, ", "));
    if (!one.guard.empty()) text += fmt::format(" [{}]", one.guard);
    if (!one.to.empty()) text += " -> " + one.to;
    if (!one.effects.empty()) text += fmt::format(" {{ {} }}", fmt::join(one.effects, "; "));
    return text + "\n";
}

std::string rule_text(const RandomRule& rule) {
    std::string text =
        fmt::format("    {}rule {} \"{}\" cites \"a trial\"\n", rule.may ? "may " : "", rule.name, rule.name);
    for (const RandomCase& one : rule.cases) text += case_text(one);
    return text;
}

std::string declarations(const std::vector<RandomDeclaration>& some) {
    std::string text;
    for (const RandomDeclaration& one : some) text += "  " + one.text + "\n";
    return text;
}

bool reads(const RandomSpec& spec) {
    try {
        parse_spec(spec.text(), "random.spec");
        return true;
    } catch (const SpecError&) {
        return false;
    }
}

// Every part that could be dropped or changed, the rules of all profiles counted through.
template <class Visit>
void each_rule_list(RandomSpec& spec, Visit&& visit) {
    for (RandomProfile& profile : spec.profiles) {
        for (RandomHandler& handler : profile.handlers) {
            for (RandomStep& step : handler.steps) visit(step.rules);
        }
    }
}

}  // namespace

std::string RandomProfile::text() const {
    std::string text =
        fmt::format("profile {} \"at random\" cites \"a trial\" {{\n{}  states {}\n", name, protocol, states);
    for (const auto* some : {&limits, &timers, &variables, &lets, &segments}) text += declarations(*some);
    for (const RandomHandler& handler : handlers) {
        std::string body;
        for (const RandomStep& step : handler.steps) {
            if (step.rules.empty()) continue;
            if (!step.name.empty()) body += fmt::format("   step {} \"a step\"\n", step.name);
            for (const RandomRule& rule : step.rules) body += rule_text(rule);
        }
        if (!body.empty()) text += fmt::format("  on {}\n{}", handler.head, body);
    }
    return text + "}\n";
}

std::string RandomSpec::text() const {
    std::string text;
    for (auto profile = profiles.rbegin(); profile != profiles.rend(); ++profile) text += profile->text();
    text += system;
    for (const std::string& claim : claims) text += claim;
    return text;
}

std::string problem_of(const RandomSpec& random) {
    try {
        const Spec spec = parse_spec(random.text(), "random.spec");
        for (const SystemDecl& decl : spec.systems) {
            for (const std::string& name : decl.profile) {
                const Profile& profile = *spec.profile(name == "subject" ? spec.subject : name);
                const std::vector<Diagnostic> found = analyse_rules(profile, limits_of(profile));
                if (!found.empty())
                    return fmt::format("{}:{}: {}", found[0].where.line, found[0].where.column, found[0].message);
            }
        }
    } catch (const SpecError& error) {
        return error.what();
    }
    return "";
}

RandomSpec without_dead_rules(RandomSpec random) {
    for (bool again = true; again;) {
        again = false;
        const Spec spec = parse_spec(random.text(), "random.spec");
        for (RandomProfile& profile : random.profiles) {
            const Profile& read = *spec.profile(profile.name);
            for (const DeadCase& dead : examine_rules(read, limits_of(read)).dead) {
                const std::ptrdiff_t at = dead.which ? dead.which - dead.rule->cases.data() : -1;
                for (RandomHandler& handler : profile.handlers) {
                    for (RandomStep& step : handler.steps) {
                        std::erase_if(step.rules, [&](RandomRule& rule) {
                            if (rule.name != dead.rule->name) return false;
                            again = true;
                            if (at < 0) return true;
                            rule.cases[static_cast<std::size_t>(at)].from.clear();
                            return false;
                        });
                    }
                }
            }
        }
        each_rule_list(random, [](std::vector<RandomRule>& rules) {
            for (RandomRule& rule : rules)
                std::erase_if(rule.cases, [](const RandomCase& one) { return one.from.empty(); });
            std::erase_if(rules, [](const RandomRule& rule) { return rule.cases.empty(); });
        });
    }
    return random;
}

// ---------------------------------------------------------------- one change

namespace {

std::vector<std::string> state_names(const RandomProfile& profile) {
    const Spec spec = parse_spec(profile.text(), "random.spec");
    std::vector<std::string> names;
    for (const StateDecl& state : spec.profiles.at(0).states) names.push_back(state.name);
    return names;
}

// The other sign of the first comparison in a guard; "" where it has none.
std::string other_comparison(std::string guard, Dice& dice) {
    static const std::vector<std::string> signs{" == ", " != ", " <= ", " >= ", " < ", " > "};
    for (const std::string& sign : signs) {
        const std::size_t at = guard.find(sign);
        if (at == std::string::npos) continue;
        return guard.replace(at, sign.size(), dice.pick(signs));
    }
    return "";
}

// Changes one thing of the rule; says what, "" where the thing is not there.
std::string change_rule(RandomRule& rule, const std::vector<std::string>& states, Dice& dice) {
    RandomCase& one = rule.cases[static_cast<std::size_t>(dice.below(static_cast<int>(rule.cases.size())))];
    switch (dice.below(7)) {
        case 0: one.to = dice.pick(states); return "another target, " + one.to;
        case 1:
            if (one.effects.empty() || (one.effects.size() == 1 && one.to.empty())) return "";
            one.effects.erase(one.effects.begin() + dice.below(static_cast<int>(one.effects.size())));
            return "an effect left out";
        case 2:
            if (one.guard.empty()) return "";
            one.guard = "";
            return "without its guard";
        case 3:
            if (one.guard.empty()) return "";
            one.guard = "not (" + one.guard + ")";
            return "its guard negated";
        case 4: one.guard = other_comparison(one.guard, dice); return one.guard.empty() ? "" : "guard " + one.guard;
        case 5:
            if (one.from.size() < 2) return "";
            one.from.erase(one.from.begin() + dice.below(static_cast<int>(one.from.size())));
            return "a state less";
        default:
            if (rule.cases.size() < 2) return "";
            rule.cases.pop_back();
            return "a case less";
    }
}

}  // namespace

std::optional<RandomSpec> with_one_change(const RandomSpec& original, std::uint64_t seed, int tries) {
    Dice dice(seed);
    for (int i = 0; i < tries; ++i) {
        RandomSpec variant = original;
        RandomProfile& subject = variant.profiles.front();
        std::vector<RandomRule>* lists[64] = {};
        int count = 0;
        for (RandomHandler& handler : subject.handlers) {
            for (RandomStep& step : handler.steps) {
                if (!step.rules.empty() && count < 64) lists[count++] = &step.rules;
            }
        }
        if (count == 0) return std::nullopt;
        std::vector<RandomRule>& rules = *lists[dice.below(count)];
        const auto chosen = rules.begin() + dice.below(static_cast<int>(rules.size()));
        const std::string name = chosen->name;
        std::string what = "dropped";
        if (dice.chance(20)) {
            rules.erase(chosen);
        } else {
            what = change_rule(*chosen, state_names(original.profiles.front()), dice);
        }
        if (what.empty() || variant.text() == original.text() || !problem_of(variant).empty()) continue;
        variant.changed = fmt::format("rule {}: {}", name, what);
        return variant;
    }
    return std::nullopt;
}

// ---------------------------------------------------------------- shrinking

namespace {

// Drops elements one by one, from the end, as long as it still fails.
template <class List>
bool drop_from(RandomSpec& spec, List& list, const StillFails& fails) {
    bool dropped = false;
    for (std::size_t i = list.size(); i-- > 0;) {
        auto lost = std::move(list[i]);
        list.erase(list.begin() + static_cast<std::ptrdiff_t>(i));
        if (reads(spec) && fails(spec)) {
            dropped = true;
        } else {
            list.insert(list.begin() + static_cast<std::ptrdiff_t>(i), std::move(lost));
        }
    }
    return dropped;
}

template <class T>
bool try_instead(RandomSpec& spec, T& place, T instead, const StillFails& fails) {
    if (place == instead) return false;
    std::swap(place, instead);
    if (reads(spec) && fails(spec)) return true;
    std::swap(place, instead);
    return false;
}

bool shrink_rules(RandomSpec& spec, std::vector<RandomRule>& rules, const StillFails& fails) {
    bool changed = drop_from(spec, rules, fails);
    for (RandomRule& rule : rules) {
        changed |= drop_from(spec, rule.cases, fails);
        changed |= try_instead(spec, rule.may, false, fails);
        for (RandomCase& one : rule.cases) {
            changed |= drop_from(spec, one.effects, fails);
            changed |= drop_from(spec, one.from, fails);
            changed |= try_instead(spec, one.guard, std::string(), fails);
            changed |= try_instead(spec, one.to, std::string(), fails);
        }
    }
    return changed;
}

}  // namespace

RandomSpec shrunk(RandomSpec spec, const StillFails& fails) {
    for (bool changed = true; changed;) {
        changed = drop_from(spec, spec.claims, fails);
        for (RandomProfile& profile : spec.profiles) {
            changed |= drop_from(spec, profile.handlers, fails);
            for (RandomHandler& handler : profile.handlers) {
                for (RandomStep& step : handler.steps) changed |= shrink_rules(spec, step.rules, fails);
            }
            for (auto* some : {&profile.segments, &profile.lets, &profile.variables, &profile.timers, &profile.limits})
                changed |= drop_from(spec, *some, fails);
        }
    }
    return spec;
}

std::string failure_text(const RandomSpec& original, const StillFails& fails) {
    const auto safely = [&](const RandomSpec& spec) {
        try {
            return fails(spec);
        } catch (const std::exception&) {  // another failure than the one that is looked for
            return false;
        }
    };
    return fmt::format("seed {} fails; shrunk:\n{}", original.seed, shrunk(original, safely).text());
}

// ---------------------------------------------------------------- a spec at random

namespace {

std::vector<std::string> calls_of(const RandomProfile& profile) {
    std::vector<std::string> names;
    for (const RandomHandler& handler : profile.handlers) {
        if (handler.head.starts_with("call ") && !handler.steps.front().rules.empty())
            names.push_back(handler.head.substr(5));
    }
    return names;
}

std::string calls_at(Dice& dice, const RandomProfile& profile, bool all, int least) {
    std::vector<std::string> names = calls_of(profile);
    if (!all && !names.empty()) names = some_of(dice, names, dice.from_to(least, static_cast<int>(names.size())));
    return fmt::format("{{ {} }}", fmt::join(names, " "));
}

std::string network_of(Dice& dice, const RandomKnobs& knobs) {
    std::string text = fmt::format("  network {}", dice.chance(65) ? 1 : 2);
    const auto budget = [&] { return dice.chance(40) ? fmt::format(" at most {}", dice.from_to(0, 2)) : ""; };
    if (dice.chance(knobs.drivable ? 80 : 70)) text += " loses" + (knobs.drivable ? "" : budget());
    if (!knobs.drivable && dice.chance(25)) text += " duplicates" + budget();
    if (!knobs.drivable && dice.chance(45)) text += " reorders";
    return text + "\n";
}

std::string system_of(Dice& dice, const RandomKnobs& knobs, const RandomSpec& spec) {
    const RandomProfile &a = spec.profiles.front(), &b = spec.profiles.back();
    std::string text = fmt::format("system s \"at random\"\n  ends subject A, {} B\n", b.name);
    if (!knobs.drivable && dice.chance(10)) text += "  starts A in CLOSED\n";
    text += network_of(dice, knobs);
    const bool all_at_a = knobs.drivable || dice.chance(80);
    text += fmt::format("  calls A {} B {}\n", calls_at(dice, a, all_at_a, 1), calls_at(dice, b, dice.chance(50), 0));
    for (const RandomDeclaration& limit : a.limits) {
        const char* sort = limit.text.starts_with("setting") ? "set" : "limit";
        if (dice.chance(40)) text += fmt::format("  {} {} = {}\n", sort, limit.name, dice.from_to(0, 2));
    }
    return text;
}

}  // namespace

RandomSpec random_spec(std::uint64_t seed, const RandomKnobs& knobs) {
    Dice dice(seed);
    RandomSpec random;
    random.seed = seed;
    const auto make = knobs.drivable ? drivable_profile : free_profile;
    RandomKnobs own = knobs;  // both ends speak the same protocol
    own.own_words = knobs.own_words > 0 && dice.chance(knobs.own_words) ? 100 : 0;
    random.profiles.push_back(make(dice, own, "p"));
    if (dice.chance(knobs.two_profiles)) random.profiles.push_back(make(dice, own, "q"));
    random.system = system_of(dice, knobs, random);
    if (knobs.drivable) random = without_dead_rules(random);
    const Spec spec = parse_spec(random.text(), "random.spec");
    for (int i = 0; i < knobs.claims; ++i) random.claims.push_back(random_claim(dice, spec, fmt::format("c{}", i)));
    if (knobs.claims == 0) {
        random.claims = {fmt::format("claim c0 \"nothing\" on s\n  invariant true or A in {}\n",
                                     own.own_words > 0 ? "OPEN" : "ESTABLISHED")};
    }
    return random;
}

}  // namespace lastack::testing
