#include "checker/rules/rule_formula.h"

#include <algorithm>
#include <bit>
#include <cassert>

#include "checker/compare/segment_classes.h"
#include "model/plain.h"

namespace lastack {

namespace {

// What a case may change.
struct Writes {
    std::vector<bool> values, armed;
};

void collect_writes(const std::vector<Effect>& effects, Writes& writes) {
    for (const Effect& effect : effects) {
        switch (effect.kind) {
            case Effect::Kind::assign: writes.values[effect.index] = true; break;
            case Effect::Kind::start:
            case Effect::Kind::stop: writes.armed[effect.index] = true; break;
            case Effect::Kind::stop_all: writes.armed.assign(writes.armed.size(), true); break;
            case Effect::Kind::branch:
                collect_writes(effect.then, writes);
                collect_writes(effect.otherwise, writes);
                break;
            case Effect::Kind::send:
            case Effect::Kind::drop:
            case Effect::Kind::signal:
            case Effect::Kind::result: break;
        }
    }
}

Writes writes_of(const Profile& profile, const Case& chosen) {
    Writes writes{std::vector<bool>(profile.variables.size()), std::vector<bool>(profile.timers.size())};
    collect_writes(chosen.effects, writes);
    if (chosen.to >= 0 && profile.states[chosen.to].forgets) {
        for (std::size_t i = 0; i < writes.values.size(); ++i) {
            if (!profile.variables[i].history && !profile.variables[i].kept) writes.values[i] = true;
        }
        writes.armed.assign(writes.armed.size(), true);
    }
    return writes;
}

}  // namespace

bool always_drops(const std::vector<Effect>& effects) {
    return std::any_of(effects.begin(), effects.end(), [](const Effect& effect) {
        if (effect.kind == Effect::Kind::branch) return always_drops(effect.then) && always_drops(effect.otherwise);
        return effect.kind == Effect::Kind::drop;
    });
}

// ---------------------------------------------------------------- sizes

namespace {

template <class Visit>
void each_case(const Profile& profile, Visit&& visit) {
    for (const Handler& handler : profile.handlers) {
        for (const Step& step : handler.steps) {
            for (const Rule& rule : step.rules) {
                for (const Case& one : rule.cases) visit(one);
            }
        }
    }
}

}  // namespace

namespace {

// To make one and to give it back takes longer than most questions.
z3::context& context_of_thread() {
    thread_local z3::context context;
    return context;
}

}  // namespace

RuleFormula::RuleFormula(const Profile& profile, const Limits& limits, bool any_limits)
    : ExprFormula(profile, context_of_thread()), limits_(limits), any_limits_(any_limits) {
    const EndState nothing;  // ranges read constants and limits only
    for (const Variable& variable : profile.variables) {
        high_.push_back(plain_value(profile, limits, nothing, variable.high));
        const std::int64_t high = bound(variable.high);
        if (variable.enumerators.empty()) top_ = std::max(top_, high);
        widest_ = std::max({widest_, high, bound(variable.low)});
    }
    for (const FieldRange& range : profile.ranges) {
        bound(range.low);
        own_high_.push_back(static_cast<int>(bound(range.high)));
    }
    widest_ = std::max(widest_, static_cast<std::int64_t>(profile.vocabulary.kinds.size()));
    bound_segments();
    widest_ = std::max({widest_, top_, static_cast<std::int64_t>(profile.states.size())});
    for (const TimerDecl& timer : profile.timers) {
        if (timer.runs_while) bound(*timer.runs_while);
    }
    each_case(profile, [&](const Case& one) {
        if (one.guard) bound(*one.guard);
    });
    width_ = static_cast<unsigned>(std::bit_width(static_cast<std::uint64_t>(widest_))) + 1;  // and a sign
}

std::optional<RuleFormula::Range> RuleFormula::free_range(const std::string& name) const {
    if (!any_limits_) return std::nullopt;
    for (const Limit& limit : profile_.limits) {
        if (limit.name == name) return Range{limit.low, limit.high};
    }
    const Setting* setting = profile_.setting(name);
    return setting ? std::optional(Range{setting->low, setting->high}) : std::nullopt;
}

std::int64_t RuleFormula::largest_limit(const std::string& name) const {
    std::int64_t largest = std::abs(static_cast<std::int64_t>(limits_.at(name)));
    if (const std::optional<Range> range = free_range(name)) largest = std::max<std::int64_t>(largest, range->high);
    return largest;
}

// How far from 0 the value can be. The largest one met anywhere inside is kept in widest_.
std::int64_t RuleFormula::bound(const Expr& expr) {
    std::int64_t largest = 1;
    if (expr.op == Op::constant) largest = std::abs(static_cast<std::int64_t>(expr.value));
    if (expr.op == Op::limit) {
        largest = largest_limit(expr.name);
        limits_read_.insert(expr.name);
    }
    if (expr.op == Op::variable) largest = bound(profile_.variables[expr.index].high);
    if (expr.op == Op::field) largest = top_;
    if (expr.op == Op::own_field) largest = bound(profile_.ranges[expr.index].high);
    std::int64_t sum = 0;
    for (const Expr& arg : expr.args) sum += bound(arg);
    if (expr.op == Op::add || expr.op == Op::subtract) largest = sum;
    widest_ = std::max(widest_, largest);
    return largest;
}

// The peer's numbers are bounded where those of the alphabet are (segment_classes.h): one more than all that is
// compared with, sent or kept of a segment, and what acknowledges it, since a FIN takes a number.
void RuleFormula::bound_segments() {
    Limits largest = limits_;
    for (auto& [name, value] : largest)
        value =
            static_cast<int>(std::min<std::int64_t>(largest_limit(name), 1'000));  // more does not stand in a segment
    const NumberBounds numbers = number_bounds({{&profile_, &largest}});
    top_ = std::max({top_, std::int64_t{numbers.unit}, std::int64_t{numbers.length}, std::int64_t{numbers.used} + 1});
    top_ = std::min<std::int64_t>(top_ + 1, 255);
}

// ---------------------------------------------------------------- situations

Situation RuleFormula::anything(int stamp) {
    const std::string suffix = "@" + std::to_string(stamp);
    Situation moment{context_.bv_const(("state" + suffix).c_str(), width_), {}, {}};
    for (std::size_t i = 0; i < profile_.variables.size(); ++i) {
        moment.values.push_back(context_.bv_const(("var " + profile_.variables[i].name + suffix).c_str(), width_));
    }
    for (const TimerDecl& timer : profile_.timers) {
        moment.armed.push_back(context_.bool_const(("timer " + timer.name + suffix).c_str()));
    }
    return moment;
}

z3::expr RuleFormula::variable_in_range(int variable, const z3::expr& value) {
    const Situation nowhere{value, {}, {}};  // ranges read constants and limits only
    return value >= this->value(profile_.variables[variable].low, nowhere) &&
           value <= this->value(profile_.variables[variable].high, nowhere);
}

z3::expr RuleFormula::limit(const std::string& name) {
    return free_range(name) ? context_.bv_const(("limit " + name).c_str(), width_) : number(limits_.at(name));
}

z3::expr RuleFormula::in_range(const Situation& moment) {
    z3::expr all = moment.state >= number(0) && moment.state < number(static_cast<int>(profile_.states.size()));
    for (std::size_t i = 0; i < moment.values.size(); ++i) {
        all = all && variable_in_range(static_cast<int>(i), moment.values[i]);
    }
    for (const std::string& name : limits_read_) {
        const std::optional<Range> range = free_range(name);
        if (range) all = all && limit(name) >= number(range->low) && limit(name) <= number(range->high);
    }
    return all;
}

z3::expr RuleFormula::field(const std::string& name) { return context_.bv_const(("seg." + name).c_str(), width_); }

z3::expr RuleFormula::own_field(int index) { return field("own " + profile_.vocabulary.fields[index].name); }

// A field that a kind does not have is 0.
z3::expr RuleFormula::own_in_range() {
    const Vocabulary& vocabulary = profile_.vocabulary;
    const Situation nowhere{number(0), {}, {}};  // ranges read constants and limits only
    z3::expr any = context_.bool_val(false);
    for (std::size_t k = 0; k < vocabulary.kinds.size(); ++k) {
        z3::expr one = kind() == number(static_cast<int>(k) + 1);
        for (std::size_t i = 0; i < vocabulary.fields.size(); ++i) {
            const z3::expr field = own_field(static_cast<int>(i));
            const FieldRange& range = profile_.ranges[i];
            one = one && (vocabulary.kinds[k].has[i]
                              ? field >= value(range.low, nowhere) && field <= value(range.high, nowhere)
                              : field == number(0));
        }
        any = any || one;
    }
    return any;
}

z3::expr RuleFormula::segment_in_range() {
    if (profile_.vocabulary.own()) return own_in_range();
    z3::expr all = context_.bool_val(true);
    for (const char* name : {"seq", "ack", "len"})
        all = all && field(name) >= number(0) && field(name) <= number(top());
    for (const char* name : {"fin", "syn", "rst", "has_ack", "zero_window"}) {
        all = all && (field(name) == number(0) || field(name) == number(1));
    }
    return all && (field("has_ack") == number(1) || field("ack") == number(0));
}

z3::expr RuleFormula::entered(const Handler& handler, const Situation& moment) {
    if (handler.trigger != Trigger::timer) return context_.bool_val(true);
    const int timer = profile_.timer(handler.name);
    assert(timer >= 0);
    return profile_.timers[timer].runs_while ? running(timer, moment) : !moment.armed[timer];
}

// ---------------------------------------------------------------- from step to step

// A segment passes a step unless a plain case that drops it matches; a `may` case that does not drop is a way round
// that. What passes keeps everything that no matching case writes.
Situation RuleFormula::pass(const Step& step, const Situation& before, int stamp, z3::expr& known) {
    const Situation fresh = anything(stamp);
    const z3::expr never = context_.bool_val(false);
    z3::expr dropped = never, way_round = never;
    z3::expr next_state = fresh.state == before.state;
    std::vector<z3::expr> value_written(before.values.size(), never), armed_written(before.armed.size(), never);
    std::vector<bool> touched(before.values.size()), timed(before.armed.size());
    for (const Rule& rule : step.rules) {
        for (const Case& one : rule.cases) {
            const z3::expr match = matches(one, before);
            if (always_drops(one.effects)) {
                if (!rule.may) dropped = dropped || match;
                continue;
            }
            if (rule.may) way_round = way_round || match;
            if (one.to >= 0) next_state = next_state || (match && fresh.state == number(one.to));
            const Writes writes = writes_of(profile_, one);
            for (std::size_t i = 0; i < touched.size(); ++i) {
                if (!writes.values[i]) continue;
                touched[i] = true;
                value_written[i] = value_written[i] || match;
            }
            for (std::size_t i = 0; i < timed.size(); ++i) {
                if (!writes.armed[i]) continue;
                timed[i] = true;
                armed_written[i] = armed_written[i] || match;
            }
        }
    }
    known = known && (!dropped || way_round) && next_state;
    Situation after{fresh.state, before.values, before.armed};
    for (std::size_t i = 0; i < touched.size(); ++i) {
        if (!touched[i]) continue;
        after.values[i] = fresh.values[i];
        known = known && variable_in_range(static_cast<int>(i), fresh.values[i]) &&
                (value_written[i] || fresh.values[i] == before.values[i]);
    }
    for (std::size_t i = 0; i < timed.size(); ++i) {
        if (!timed[i]) continue;
        after.armed[i] = fresh.armed[i];
        known = known && (armed_written[i] || fresh.armed[i] == before.armed[i]);
    }
    return after;
}

}  // namespace lastack
