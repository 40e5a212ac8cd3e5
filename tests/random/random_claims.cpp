// Claims of all ten kinds about a system that is there already: of the names that its profiles have.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>

#include "tests/random/random_parts.h"

namespace lastack::testing {

namespace {

using Texts = std::vector<std::string>;

class Claims {
public:
    Claims(Dice& dice, const Spec& spec) : dice_(dice), decl_(spec.systems.at(0)) {
        for (int end = 0; end < 2; ++end) {
            const std::string& name = decl_.profile[end];
            profiles_[end] = spec.profile(name == "subject" ? spec.subject : name);
        }
    }

    std::string claim(const std::string& id) {
        static const Texts kinds{"invariant",  "step",   "reachable", "recoverable", "ends",      "leads",  "leads",
                                 "eventually", "always", "acyclic",   "leads",       "reachable", "settles"};
        const std::string kind = dice_.pick(kinds);
        std::string text;
        const bool may_assume = kind == "invariant" || kind == "step" || kind == "reachable";
        if (may_assume && dice_.chance(25)) text += "  assuming " + about_step(true) + "\n";
        text += "  " + body(kind) + "\n";
        if (kind == "leads" || kind == "eventually" || kind == "always" || kind == "acyclic" || kind == "settles")
            text += fairness();
        return fmt::format("claim {} \"at random\" cites \"a trial\" on s\n{}", id, text);
    }

private:
    std::string body(const std::string& kind) {
        if (kind == "step" || kind == "acyclic") return kind + " " + about_step(true);
        if (kind == "leads")
            return fmt::format("leads {} to {}", dice_.chance(40) ? about_step(true) : about_state(), about_state());
        if (kind == "always") return "always eventually " + about_state();
        if (kind == "settles") return "eventually always " + about_state();
        if (kind != "reachable") return kind + " " + about_state();
        std::string text = "reachable ";
        for (int i = dice_.from_to(1, 3); i > 0; --i)
            text += (dice_.chance(40) ? about_step(false) : about_state()) + (i > 1 ? " then " : "");
        return text;
    }

    // An end by name: A or B, or what `each` and `some` bind, where both profiles must have what is named.
    struct End {
        std::string name;
        const Profile *profile, *other;
    };
    End some_end() {
        const int end = dice_.below(2);
        return {end == 0 ? "A" : "B", profiles_[end], profiles_[end]};
    }
    End bound(const std::string& name) { return {name, profiles_[0], profiles_[1]}; }

    template <class List>
    Texts shared(const List& list, const List& others) {
        Texts names;
        for (const auto& one : list) {
            for (const auto& other : others) {
                if (one.name == other.name) names.push_back(one.name);
            }
        }
        return names;
    }

    // Of the same values at both ends: flags and numbers only.
    std::string variable_of(const End& end, const std::string& next) {
        Texts some;
        for (const Variable& variable : end.profile->variables) {
            const int other = end.other->variable(variable.name);
            if (other < 0 || !variable.enumerators.empty()) continue;
            if (end.other->variables[other].flag != variable.flag) continue;
            const std::string read = fmt::format("{}{}.{}", next, end.name, variable.name);
            some.push_back(variable.flag
                               ? read
                               : fmt::format("{} {} {}", read, dice_.chance(50) ? "==" : ">=", dice_.from_to(0, 2)));
        }
        return some.empty() ? state_of(end, next) : dice_.pick(some);
    }
    std::string state_of(const End& end, const std::string& next) {
        return fmt::format("{}{} in {}", next, end.name, dice_.pick(shared(end.profile->states, end.other->states)));
    }
    std::string timer_of(const End& end, const std::string& next) {
        const Texts names = shared(end.profile->timers, end.other->timers);
        return names.empty() ? variable_of(end, next) : fmt::format("{}{} runs {}", next, end.name, dice_.pick(names));
    }
    std::string end_atom(const End& end, const std::string& next) {
        const int which = dice_.below(10);
        return which < 4 ? state_of(end, next) : which < 7 ? variable_of(end, next) : timer_of(end, next);
    }
    // What the end at hand may read beside the segment: a number of its own.
    std::string segment_atom_of(const End& end) {
        Texts some;
        for (const Variable& variable : end.profile->variables) {
            const int other = end.other->variable(variable.name);
            const bool number = !variable.flag && variable.enumerators.empty();
            if (number && other >= 0 && !end.other->variables[other].flag &&
                end.other->variables[other].enumerators.empty())
                some.push_back(variable.name);
        }
        if (some.empty() || !dice_.chance(30)) return segment_atom();
        const Texts numbers = own() ? Texts{"seg.num", "seg.top"} : Texts{"seg.seq", "seg.ack"};
        return fmt::format("{} {} {}", dice_.pick(numbers), dice_.pick(Texts{"==", ">", "<="}), dice_.pick(some));
    }
    bool own() const { return profiles_[0]->vocabulary.own(); }
    std::string segment_atom() {
        if (own()) {
            return dice_.pick(Texts{"seg is BYE", "seg is {ANSWER, NUDGE}", "not seg is DUE", "seg.sign",
                                    "seg.num == 0", "seg.top >= 1"});
        }
        return dice_.pick(Texts{"seg.fin", "seg.has_ack", "seg.len > 0", "seg.seq == 0", "seg.ack > 0", "seg.rst",
                                "not seg.fin", "seg.seq >= 1", "seg.zero_window"});
    }
    std::string how_many() {
        static const Texts some{" exactly one", " exactly 0", " at most one", " at most 2", " at least 2"};
        return dice_.chance(30) ? dice_.pick(some) : "";
    }
    std::string state_atom(const End& end) {
        if (dice_.chance(12)) return "quiet";
        if (dice_.chance(12)) return fmt::format("in flight from {}{} [{}]", end.name, how_many(), segment_atom());
        return end_atom(end, "");
    }

    std::string rule_of(const End& end) {
        Texts names;
        for (const Handler& handler : end.profile->handlers) {
            for (const Step& step : handler.steps) {
                for (const Rule& rule : step.rules) {
                    if (end.other->rule(rule.name) != nullptr) names.push_back(rule.name);
                }
            }
        }
        return names.empty() ? "" : dice_.pick(names);
    }
    std::string call_of(const End& end) {
        Texts names;
        for (const Handler& handler : end.profile->handlers) {
            if (handler.trigger == Trigger::call && end.other->handler(Trigger::call, handler.name) != nullptr)
                names.push_back(handler.name);
        }
        return names.empty() ? "" : dice_.pick(names);
    }

    // `ok` is what a call returns where no rule says anything else.
    std::string result_of(const End& end) {
        const Texts own = results(*end.profile), other = results(*end.other);
        Texts both{"ok"};
        for (const std::string& name : own) {
            if (std::find(other.begin(), other.end(), name) != other.end()) both.push_back(name);
        }
        return dice_.pick(both);
    }
    static Texts results(const Profile& profile) {
        Texts names;
        const std::function<void(const std::vector<Effect>&)> collect = [&](const std::vector<Effect>& effects) {
            for (const Effect& effect : effects) {
                if (effect.kind == Effect::Kind::result) names.push_back(effect.name);
                collect(effect.then);
                collect(effect.otherwise);
            }
        };
        for (const Handler& handler : profile.handlers) {
            for (const Step& step : handler.steps) {
                for (const Rule& rule : step.rules) {
                    for (const Case& one : rule.cases) collect(one.effects);
                }
            }
        }
        return names;
    }

    std::string step_atom(const End& end, bool next) {
        if (dice_.chance(6)) return fmt::format("{} returns {}", end.name, result_of(end));
        const Texts timers = shared(end.profile->timers, end.other->timers);
        const std::string rule = rule_of(end), call = call_of(end);
        switch (dice_.below(next ? 11 : 8)) {
            case 0:
                if (!call.empty()) return fmt::format("{} calls {}", end.name, call);
                [[fallthrough]];
            case 1:
                if (!timers.empty()) return fmt::format("{} expires {}", end.name, dice_.pick(timers));
                [[fallthrough]];
            case 2: return fmt::format("{} gets [{}]", end.name, segment_atom_of(end));
            case 3: return fmt::format("{} sends{} [{}]", end.name, how_many(), segment_atom_of(end));
            case 4: return fmt::format("lost from {} [{}]", end.name, segment_atom());
            case 5: return fmt::format("doubled from {} [{}]", end.name, segment_atom());
            case 6:
            case 7:
                if (!rule.empty()) return fmt::format("{} fires {}", end.name, rule);
                return fmt::format("{} sends [{}]", end.name, segment_atom());
            default: return end_atom(end, "next ");
        }
    }

    // `atom` makes an atom for an end; the whole is one, two, or one for each end.
    template <class Atom>
    std::string combined(Atom&& atom) {
        const std::string sign = dice_.pick(Texts{"and", "or", "implies"});
        switch (dice_.below(6)) {
            case 0: return atom(some_end());
            case 1: return "not " + atom(some_end());
            case 2: return fmt::format("({} e: {})", dice_.chance(50) ? "each" : "some", atom(bound("e")));
            case 3: return fmt::format("(each e, p: {} {} {})", atom(bound("e")), sign, atom(bound("p")));
            case 4: return fmt::format("({} {} not {})", atom(some_end()), sign, atom(some_end()));
            default: return fmt::format("({} {} {})", atom(some_end()), sign, atom(some_end()));
        }
    }
    std::string about_state() {
        return combined([&](const End& end) { return state_atom(end); });
    }
    // At least one atom is about the step; the others may be about the state before it.
    std::string about_step(bool next) {
        const std::string one = step_atom(some_end(), next);
        if (dice_.chance(30)) return one;
        if (dice_.chance(15)) return "not " + one;
        const std::string rest =
            combined([&](const End& end) { return dice_.chance(50) ? step_atom(end, next) : state_atom(end); });
        return fmt::format("({} {} {})", one, dice_.pick(Texts{"and", "or", "implies"}), rest);
    }

    std::string fairness() {
        Texts items;
        const auto add = [&](const std::string& what) {
            const std::string sort = dice_.pick(Texts{"", "weak ", "strong "});
            items.push_back(sort + what + (dice_.chance(15) ? " at A" : ""));
        };
        const Texts timers = shared(profiles_[0]->timers, profiles_[0]->timers);
        if (dice_.chance(40)) add("timers");
        if (!timers.empty() && dice_.chance(15)) items.push_back("timer " + dice_.pick(timers) + " at A");
        if (dice_.chance(40)) add("delivery");
        const std::vector<std::string>& calls = decl_.calls[0];
        if (!calls.empty() && dice_.chance(20)) {
            const std::string sort = dice_.pick(Texts{"", "weak ", "strong "});
            items.push_back(fmt::format("{}call {} at A", sort, dice_.pick(calls)));
        }
        return items.empty() ? "" : fmt::format("  fair {}\n", fmt::join(items, ", "));
    }

    Dice& dice_;
    const SystemDecl& decl_;
    const Profile* profiles_[2];
};

}  // namespace

std::string random_claim(Dice& dice, const Spec& spec, const std::string& id) { return Claims(dice, spec).claim(id); }

}  // namespace lastack::testing
