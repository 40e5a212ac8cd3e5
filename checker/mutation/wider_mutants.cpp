#include "checker/mutation/wider_mutants.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/mutation/conditions.h"
#include "checker/mutation/effects.h"
#include "model/source_text.h"

namespace lastack {

namespace {

using Operator = Mutant::Operator;

Expr constant(int value) {
    Expr expr;
    expr.value = value;
    return expr;
}

// expr + change, for a change of one.
Expr shifted(const Expr& expr, int change) {
    Expr sum;
    sum.op = change > 0 ? Op::add : Op::subtract;
    sum.args = {expr, constant(1)};
    sum.where = expr.where;
    return sum;
}

Expr negated(const Expr& expr) {
    Expr result;
    result.op = Op::not_;
    result.args = {expr};
    result.where = expr.where;
    return result;
}

// A number that counts, not a flag and not a name of a list.
bool counts(const Profile& profile, const Expr& expr) {
    switch (expr.op) {
        case Op::add:
        case Op::subtract:
        case Op::limit: return true;
        case Op::field: return expr.name == "seq" || expr.name == "ack" || expr.name == "len";
        case Op::variable: {
            const Variable& variable = profile.variables[static_cast<std::size_t>(expr.index)];
            return !variable.flag && variable.enumerators.empty();
        }
        default: return false;
    }
}

bool reads(const Expr& expr, int variable) {
    if (expr.op == Op::variable && expr.index == variable) return true;
    return std::any_of(expr.args.begin(), expr.args.end(), [&](const Expr& arg) { return reads(arg, variable); });
}

// What of a comparison can be off by one, and which way: the other one than that of the operator `number`.
std::optional<int> bound_change(const Profile& profile, const Expr& expr) {
    switch (expr.op) {
        case Op::lt:
        case Op::ge: return -1;
        case Op::le:
        case Op::gt:
        case Op::eq: break;
        default: return std::nullopt;
    }
    const bool number = counts(profile, expr.args[0]) || counts(profile, expr.args[1]);
    return number ? std::optional<int>(1) : std::nullopt;
}

// Comparisons of numbers, in the order of the text.
void each_bound(const Profile& profile, Expr& expr, const std::function<void(Expr&, int change)>& visit) {
    if (const std::optional<int> change = bound_change(profile, expr)) visit(expr, *change);
    for (Expr& arg : expr.args) each_bound(profile, arg, visit);
}

// A flag of what a segment template says; turned round.
struct FlagName {
    const char* name;
    bool SegmentTemplate::*flag;
};
constexpr FlagName flag_names[] = {
    {"SYN", &SegmentTemplate::syn}, {"FIN", &SegmentTemplate::fin}, {"RST", &SegmentTemplate::rst}};

class WiderBreeder {
public:
    WiderBreeder(const Profile& profile, const std::vector<Operator>& operators)
        : profile_(profile), operators_(operators) {
        for (const Handler& handler : profile.handlers)
            for (const Step& step : handler.steps)
                for (const Rule& rule : step.rules)
                    for (const Case& one : rule.cases) {
                        if (one.to >= 0) targets_.insert(one.to);
                        for (const int from : one.from) sources_.insert(from);
                    }
    }

    std::vector<Mutant> all() {
        for (std::size_t h = 0; h < profile_.handlers.size(); ++h) {
            at_.handler = static_cast<int>(h);
            for (std::size_t s = 0; s < profile_.handlers[h].steps.size(); ++s) {
                at_.step = static_cast<int>(s);
                for (std::size_t r = 0; r < profile_.handlers[h].steps[s].rules.size(); ++r) {
                    at_.rule = static_cast<int>(r);
                    of_rule(profile_.handlers[h], profile_.handlers[h].steps[s]);
                }
            }
        }
        durations();
        return std::move(mutants_);
    }

private:
    // Changes a case of a profile that is the original's copy.
    using Change = std::function<void(Profile& profile, Case& one)>;

    bool wanted(Operator op) const { return std::find(operators_.begin(), operators_.end(), op) != operators_.end(); }

    void add(Operator op, const std::string& what, const Where& where, Change change) {
        if (!wanted(op)) return;
        Mutant mutant = at_;
        mutant.op = op;
        mutant.id = name_ + ": " + what;
        mutant.where = where;
        mutant.change = [at = at_, change = std::move(change)](Profile& profile) {
            Step& step =
                profile.handlers[static_cast<std::size_t>(at.handler)].steps[static_cast<std::size_t>(at.step)];
            change(profile, step.rules[static_cast<std::size_t>(at.rule)].cases[static_cast<std::size_t>(at.case_)]);
        };
        mutants_.push_back(std::move(mutant));
    }

    void of_rule(const Handler& handler, const Step& step) {
        const Rule& rule = step.rules[static_cast<std::size_t>(at_.rule)];
        at_.rule_name = rule.name;
        at_.sentence = rule.sentence;
        for (std::size_t c = 0; c < rule.cases.size(); ++c) {
            at_.case_ = static_cast<int>(c);
            const Case& one = rule.cases[c];
            name_ = rule.cases.size() == 1 ? rule.name : fmt::format("{} case {}", rule.name, c + 1);
            states(rule, one);
            guards(step, rule, one);
            effects(one);
            if (handler.trigger == Trigger::call) results(one);
        }
    }

    // ---- states

    const std::string& state(int index) const { return profile_.states[static_cast<std::size_t>(index)].name; }

    void states(const Rule& rule, const Case& one) {
        for (const int to : targets_) {
            if (one.to < 0 || to == one.to) continue;
            add(Operator::state, fmt::format("-> {}, not {}", state(to), state(one.to)), one.where,
                [to](Profile&, Case& changed) { changed.to = to; });
        }
        for (std::size_t i = 0; one.from.size() > 1 && i < one.from.size(); ++i) {
            add(Operator::ignore, "not in " + state(one.from[i]), one.where, [i](Profile&, Case& changed) {
                changed.from.erase(changed.from.begin() + static_cast<std::ptrdiff_t>(i));
            });
        }
        std::set<int> taken;
        for (const Case& other : rule.cases) taken.insert(other.from.begin(), other.from.end());
        for (const int from : sources_) {
            if (taken.contains(from)) continue;
            add(Operator::accept, "also in " + state(from), one.where,
                [from](Profile&, Case& changed) { changed.from.push_back(from); });
        }
    }

    // ---- guards

    void guards(const Step& step, const Rule& rule, const Case& one) {
        if (!one.guard) return;
        add(Operator::negate, "guard turned round", one.where,
            [](Profile&, Case& changed) { changed.guard = negated(*changed.guard); });
        std::vector<const Expr*> conditions;
        conditions_of(*one.guard, conditions);
        const bool whole = !ambiguous_without_guard(step, rule, one);  // then `guard` has made it true
        for (std::size_t i = 0; whole && conditions.size() > 1 && i < conditions.size(); ++i) {
            add(Operator::condition, fmt::format("without condition {} ({})", i + 1, source_text(*conditions[i])),
                one.where, [i](Profile&, Case& changed) {
                    int part = static_cast<int>(i);
                    changed.guard = without_condition(*changed.guard, part);
                });
        }
        bounds(one);
    }

    void bounds(const Case& one) {
        int number = 0;
        Expr guard = *one.guard;
        each_bound(profile_, guard, [&](Expr& expr, int change) {
            const int wanted_number = number++;
            add(Operator::bound,
                fmt::format("bound {} of '{}' {} 1", wanted_number + 1, source_text(expr), change > 0 ? "+" : "-"),
                expr.where, [wanted_number](Profile& profile, Case& changed) {
                    int left = wanted_number;
                    Expr* found = nullptr;
                    int by = 0;
                    each_bound(profile, *changed.guard, [&](Expr& each, int way) {
                        if (left-- != 0) return;
                        found = &each;
                        by = way;
                    });
                    found->args[1] = shifted(found->args[1], by);
                });
        });
    }

    // ---- effects

    void effects(const Case& one) {
        int number = 0;
        each_effect(one.effects, [&](const Effect& effect) {
            of_effect(effect, number);
            ++number;
        });
    }

    // Changes the effect of that number.
    void change_effect(Operator op, const std::string& what, const Effect& effect, int number,
                       const std::function<void(Profile&, std::vector<Effect>&, std::size_t)>& change) {
        const std::string name = fmt::format("effect {} ({}) {}", number + 1, source_text(effect.where), what);
        add(op, name, effect.where, [number, change](Profile& profile, Case& changed) {
            int part = number;
            at_effect(changed.effects, part,
                      [&](std::vector<Effect>& list, std::size_t place) { change(profile, list, place); });
        });
    }

    void of_effect(const Effect& effect, int number) {
        const auto repeat = [](Profile&, std::vector<Effect>& list, std::size_t place) {
            const Effect again = list[place];
            list.insert(list.begin() + static_cast<std::ptrdiff_t>(place), again);
        };
        switch (effect.kind) {
            case Effect::Kind::send:
                change_effect(Operator::twice, "twice", effect, number, repeat);
                if (!profile_.vocabulary.own()) of_sending(effect, number);
                break;
            case Effect::Kind::assign:
                if (!profile_.variables[static_cast<std::size_t>(effect.index)].history &&
                    reads(*effect.value, effect.index))
                    change_effect(Operator::twice, "twice", effect, number, repeat);
                break;
            case Effect::Kind::start:
                change_effect(Operator::rearm, "only where it does not run", effect, number, only_where_it_rests);
                break;
            case Effect::Kind::result: {
                const std::string other = effect.name == "ok" ? "pipe" : "ok";
                change_effect(
                    Operator::result, "as " + other, effect, number,
                    [other](Profile&, std::vector<Effect>& list, std::size_t place) { list[place].name = other; });
                break;
            }
            default: break;
        }
    }

    static void only_where_it_rests(Profile&, std::vector<Effect>& list, std::size_t place) {
        Expr runs;
        runs.op = Op::running;
        runs.index = list[place].index;
        Effect branch;
        branch.kind = Effect::Kind::branch;
        branch.value = negated(runs);
        branch.where = list[place].where;
        branch.then = {list[place]};
        list[place] = branch;
    }

    void of_sending(const Effect& effect, int number) {
        const SegmentTemplate& segment = profile_.segments[static_cast<std::size_t>(effect.index)];
        for (const int by : {1, -1}) {
            const char* sign = by > 0 ? "+" : "-";
            change_effect(Operator::field, fmt::format("with SEQ {} 1", sign), effect, number,
                          [by](Profile& profile, std::vector<Effect>& list, std::size_t place) {
                              Effect& sending = list[place];
                              const auto& own = profile.segments[static_cast<std::size_t>(sending.index)].seq;
                              sending.seq = shifted(sending.seq ? *sending.seq : own.value_or(constant(0)), by);
                          });
            if (!segment.ack && !effect.ack) continue;
            change_effect(Operator::field, fmt::format("with ACK {} 1", sign), effect, number,
                          [by](Profile& profile, std::vector<Effect>& list, std::size_t place) {
                              Effect& sending = list[place];
                              const auto& own = profile.segments[static_cast<std::size_t>(sending.index)].ack;
                              sending.ack = shifted(sending.ack ? *sending.ack : *own, by);
                          });
        }
        flags(effect, segment, number);
    }

    // The segment becomes one of its own, beside the template.
    static SegmentTemplate& own_template(Profile& profile, Effect& sending) {
        profile.segments.push_back(profile.segments[static_cast<std::size_t>(sending.index)]);
        sending.index = static_cast<int>(profile.segments.size()) - 1;
        return profile.segments.back();
    }

    void flags(const Effect& effect, const SegmentTemplate& segment, int number) {
        for (const FlagName& flag : flag_names) {
            change_effect(Operator::flag, fmt::format("with{} {}", segment.*flag.flag ? "out" : "", flag.name), effect,
                          number, [flag](Profile& profile, std::vector<Effect>& list, std::size_t place) {
                              bool& turned = own_template(profile, list[place]).*flag.flag;
                              turned = !turned;
                          });
        }
        const bool acks = segment.ack || effect.ack;
        const int next = profile_.variable("rcv_nxt");
        if (!acks && next < 0) return;  // nothing says what it could acknowledge
        change_effect(Operator::flag, acks ? "without ACK" : "with ACK", effect, number,
                      [acks, next](Profile& profile, std::vector<Effect>& list, std::size_t place) {
                          SegmentTemplate& own = own_template(profile, list[place]);
                          list[place].ack.reset();
                          own.ack.reset();
                          if (acks) return;
                          own.ack.emplace();
                          own.ack->op = Op::variable;
                          own.ack->index = next;
                          own.ack->name = "rcv_nxt";
                      });
    }

    // ---- results and timers

    // A call that says nothing returns ok.
    void results(const Case& one) {
        bool says = false;
        each_effect(one.effects, [&](const Effect& effect) { says = says || effect.kind == Effect::Kind::result; });
        if (says) return;
        add(Operator::result, "returns pipe", one.where, [](Profile&, Case& changed) {
            Effect result;
            result.kind = Effect::Kind::result;
            result.name = "pipe";
            changed.effects.push_back(result);
        });
    }

    void durations() {
        if (!wanted(Operator::duration)) return;
        for (std::size_t i = 0; i < profile_.timers.size(); ++i) {
            const TimerDecl& timer = profile_.timers[i];
            for (const bool twice : {false, true}) {
                Mutant mutant;
                mutant.op = Operator::duration;
                mutant.id = fmt::format("timer {}: {}", timer.name, twice ? "twice as long" : "half as long");
                mutant.sentence = timer.text.empty() ? source_text(timer.where) : timer.text;
                mutant.where = timer.where;
                mutant.change = [i, twice](Profile& profile) {
                    TimerDecl& changed = profile.timers[i];
                    // What follows from settings would give it its old times again.
                    changed.earliest.reset();
                    changed.latest.reset();
                    changed.cap.reset();
                    for (std::int64_t* time : {&changed.earliest_us, &changed.latest_us, &changed.cap_us})
                        *time = twice ? *time * 2 : *time / 2;
                };
                mutants_.push_back(std::move(mutant));
            }
        }
    }

    const Profile& profile_;
    const std::vector<Operator>& operators_;
    std::set<int> targets_, sources_;  // states that some case leads to; that some case is about
    Mutant at_;                        // the place at hand
    std::string name_;                 // of its case
    std::vector<Mutant> mutants_;
};

}  // namespace

std::vector<Mutant> wider_mutants(const Profile& profile, const std::vector<Operator>& operators) {
    return WiderBreeder(profile, operators).all();
}

}  // namespace lastack
