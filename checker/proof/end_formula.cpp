#include "checker/proof/end_formula.h"

#include <array>
#include <utility>

namespace lastack {

namespace {

constexpr std::array numbers_of_segment{"seq", "ack", "len", "era"};
constexpr std::array flags_of_segment{"fin", "syn", "rst", "has_ack", "zero_window"};

bool is_flag(const std::string& field) {
    for (const char* name : flags_of_segment) {
        if (field == name) return true;
    }
    return false;
}

std::size_t values_of(const Variable& variable) { return variable.flag ? 2 : variable.enumerators.size(); }

}  // namespace

EndFormula::EndFormula(const Profile& profile, z3::context& context, LimitRanges limits, std::string suffix)
    : ExprFormula(profile, context), limits_(std::move(limits)), suffix_(std::move(suffix)) {}

// ---------------------------------------------------------------- terms made of truth values

// A number from 0 on, of which each value is a truth value of its own.
z3::expr EndFormula::one_of(int count, const std::string& name, z3::expr& known) {
    std::vector<z3::expr> is;
    z3::expr any = context_.bool_val(false);
    for (int i = 0; i < count; ++i) {
        is.push_back(context_.bool_const((name + "=" + std::to_string(i)).c_str()));
        for (int k = 0; k < i; ++k) known = known && !(is[static_cast<std::size_t>(k)] && is.back());
        any = any || is.back();
    }
    known = known && any;
    z3::expr term = number(count - 1);
    for (int i = count - 2; i >= 0; --i) term = z3::ite(is[static_cast<std::size_t>(i)], number(i), term);
    if (count > 1) {
        kept_.push_back(term);
        auto& values = has_value_[Z3_get_ast_id(context_, term)];
        for (int i = 0; i < count; ++i) values.emplace(i, is[static_cast<std::size_t>(i)]);
    }
    return term;
}

z3::expr EndFormula::flag(const std::string& name) {
    return z3::ite(context_.bool_const(name.c_str()), number(1), number(0));
}

z3::expr EndFormula::fresh(const std::string& name) {
    return context_.bool_const((name + suffix_ + "!" + std::to_string(fresh_++)).c_str());
}

// Where one side is a number the question goes down to the leaves of the other side's if-then-else.
z3::expr EndFormula::equal(const z3::expr& left, const z3::expr& right) {
    if (left.is_numeral()) {
        if (right.is_numeral()) return context_.bool_val(left.get_numeral_int() == right.get_numeral_int());
        return equal(right, left);
    }
    if (!right.is_numeral() || !left.is_app() || left.decl().decl_kind() != Z3_OP_ITE) return left == right;
    const int wanted = right.get_numeral_int();
    auto& values = has_value_[Z3_get_ast_id(context_, left)];
    if (const auto found = values.find(wanted); found != values.end()) return found->second;
    kept_.push_back(left);
    const z3::expr then = equal(left.arg(1), right), otherwise = equal(left.arg(2), right);
    const z3::expr answer = choose(left.arg(0), then, otherwise);
    has_value_[Z3_get_ast_id(context_, left)].emplace(wanted, answer);
    return answer;
}

z3::expr EndFormula::choose(const z3::expr& condition, const z3::expr& then, const z3::expr& otherwise) {
    if (z3::eq(then, otherwise) || condition.is_true()) return then;
    if (condition.is_false()) return otherwise;
    if (then.is_true() && otherwise.is_false()) return condition;
    if (then.is_false() && otherwise.is_true()) return !condition;
    return z3::ite(condition, then, otherwise);
}

Situation EndFormula::choose(const z3::expr& condition, const Situation& then, const Situation& otherwise) {
    Situation result{choose(condition, then.state, otherwise.state), {}, {}};
    for (std::size_t i = 0; i < then.values.size(); ++i)
        result.values.push_back(choose(condition, then.values[i], otherwise.values[i]));
    for (std::size_t i = 0; i < then.armed.size(); ++i)
        result.armed.push_back(choose(condition, then.armed[i], otherwise.armed[i]));
    return result;
}

// ---------------------------------------------------------------- states, limits and segments

Situation EndFormula::anything(const std::string& stamp, z3::expr& known) {
    Situation moment{one_of(static_cast<int>(profile_.states.size()), stamp + ".state", known), {}, {}};
    for (const Variable& variable : profile_.variables) {
        const std::string name = stamp + "." + variable.name;
        if (const std::size_t values = values_of(variable)) {
            moment.values.push_back(values == 2 ? flag(name) : one_of(static_cast<int>(values), name, known));
        } else {
            moment.values.push_back(context_.int_const(name.c_str()));
        }
    }
    for (const TimerDecl& timer : profile_.timers)
        moment.armed.push_back(context_.bool_const((stamp + " runs " + timer.name).c_str()));
    return moment;
}

Situation EndFormula::from(const EndState& state) {
    Situation moment{number(state.state), {}, {}};
    for (const int value : state.values) moment.values.push_back(number(value));
    for (const bool armed : state.armed) moment.armed.push_back(context_.bool_val(armed));
    return moment;
}

z3::expr EndFormula::same(const Situation& a, const Situation& b) {
    z3::expr all = context_.bool_val(true);
    for (std::size_t i = 0; i < profile_.states.size(); ++i)
        all = all && in_state(a, static_cast<int>(i)) == in_state(b, static_cast<int>(i));
    for (std::size_t i = 0; i < a.values.size(); ++i) {
        const std::size_t values = values_of(profile_.variables[i]);
        if (values == 0) all = all && a.values[i] == b.values[i];
        for (std::size_t k = 0; k < values; ++k) {
            const z3::expr value = number(static_cast<int>(k));
            all = all && equal(a.values[i], value) == equal(b.values[i], value);
        }
    }
    for (std::size_t i = 0; i < a.armed.size(); ++i) all = all && a.armed[i] == b.armed[i];
    return all;
}

z3::expr EndFormula::limit(const std::string& name) {
    const LimitRange& range = limits_.at(name);
    return range.fixed() ? number(range.low) : context_.int_const(("limit " + name + suffix_).c_str());
}

z3::expr EndFormula::limits_known() {
    z3::expr all = context_.bool_val(true);
    for (const auto& [name, range] : limits_) {
        if (range.fixed()) continue;
        all = all && limit(name) >= number(range.low);
        if (range.high) all = all && limit(name) <= number(*range.high);
    }
    return all;
}

SegmentTerm EndFormula::any_segment(const std::string& stamp, z3::expr& known) {
    SegmentTerm segment;
    for (const char* name : numbers_of_segment) {
        const z3::expr field = context_.int_const((stamp + "." + name).c_str());
        known = known && field >= number(0);
        segment.fields.emplace(name, field);
    }
    for (const char* name : flags_of_segment) segment.fields.emplace(name, flag(stamp + "." + name));
    known = known && (!equal(segment.fields.at("has_ack"), number(0)) || segment.fields.at("ack") == number(0));
    const Vocabulary& vocabulary = profile_.vocabulary;
    segment.kind = context_.int_const((stamp + ".kind").c_str());
    const Situation nowhere{number(0), {}, {}};  // ranges read constants and limits only
    z3::expr some = vocabulary.own() ? context_.bool_val(false) : *segment.kind == number(0);
    for (std::size_t i = 0; i < vocabulary.fields.size(); ++i)
        segment.own.push_back(context_.int_const((stamp + "." + vocabulary.fields[i].name).c_str()));
    for (std::size_t k = 0; k < vocabulary.kinds.size(); ++k) {
        z3::expr one = *segment.kind == number(static_cast<int>(k) + 1);
        for (std::size_t i = 0; i < vocabulary.fields.size(); ++i) {
            const FieldRange& range = profile_.ranges[i];
            const z3::expr& own = segment.own[i];
            one = one &&
                  (vocabulary.kinds[k].has[i] ? own >= value(range.low, nowhere) && own <= value(range.high, nowhere)
                                              : own == number(0));
        }
        some = some || one;
    }
    known = known && some;
    return segment;
}

z3::expr EndFormula::same(const SegmentTerm& a, const SegmentTerm& b) {
    z3::expr all = *a.kind == *b.kind;
    for (const auto& [name, field] : a.fields) {
        const z3::expr& other = b.fields.at(name);
        all = all && (is_flag(name) ? equal(field, number(0)) == equal(other, number(0)) : field == other);
    }
    for (std::size_t i = 0; i < a.own.size(); ++i) all = all && a.own[i] == b.own[i];
    return all;
}

z3::expr EndFormula::truth_of(const Expr& expr, const Situation& moment, const SegmentTerm* segment) {
    const SegmentTerm* const outer = std::exchange(segment_, segment);
    const z3::expr result = truth(expr, moment);
    segment_ = outer;
    return result;
}

z3::expr EndFormula::value_of(const Expr& expr, const Situation& moment, const SegmentTerm* segment) {
    const SegmentTerm* const outer = std::exchange(segment_, segment);
    const z3::expr result = value(expr, moment);
    segment_ = outer;
    return result;
}

// ---------------------------------------------------------------- reactions

SegmentTerm EndFormula::made(const Effect& send, const Situation& moment) {
    const SegmentTemplate& shape = profile_.segments[static_cast<std::size_t>(send.index)];
    const auto number_of = [&](const std::optional<Expr>& given, const std::optional<Expr>& usual) {
        const auto& expr = given ? given : usual;
        return expr ? value(*expr, moment) : number(0);
    };
    SegmentTerm segment;
    segment.kind = number(shape.kind);
    segment.fields.emplace("seq", number_of(send.seq, shape.seq));
    segment.fields.emplace("ack", number_of(send.ack, shape.ack));
    segment.fields.emplace("len", number_of(send.len, shape.len));
    segment.fields.emplace("era", number_of(std::nullopt, shape.era));
    segment.fields.emplace("fin", number(shape.fin));
    segment.fields.emplace("syn", number(shape.syn));
    segment.fields.emplace("rst", number(shape.rst));
    segment.fields.emplace("has_ack", number(send.ack || shape.ack));
    segment.fields.emplace(
        "zero_window", shape.zero_window ? choose(truth(*shape.zero_window, moment), number(1), number(0)) : number(0));
    for (std::size_t i = 0; i < profile_.vocabulary.fields.size(); ++i) {
        const bool here = i < shape.own.size();
        const std::optional<Expr> none;
        segment.own.push_back(number_of(i < send.own.size() ? send.own[i] : none, here ? shape.own[i] : none));
    }
    return segment;
}

void EndFormula::apply(const std::vector<Effect>& effects, const z3::expr& when, Way& way, ReactionTerm& out) {
    for (const Effect& effect : effects) {
        const auto index = static_cast<std::size_t>(effect.index);
        switch (effect.kind) {
            case Effect::Kind::assign: {
                const bool finite = values_of(profile_.variables[index]) == 2;
                const z3::expr assigned = value(*effect.value, way.now);
                way.now.values[index] = finite ? choose(equal(assigned, number(0)), number(0), number(1)) : assigned;
                break;
            }
            case Effect::Kind::send: out.sent.push_back({when, made(effect, way.now)}); break;
            case Effect::Kind::start: way.now.armed[index] = context_.bool_val(true); break;
            case Effect::Kind::stop: way.now.armed[index] = context_.bool_val(false); break;
            case Effect::Kind::stop_all: way.now.armed.assign(way.now.armed.size(), context_.bool_val(false)); break;
            case Effect::Kind::drop: way.dropped = context_.bool_val(true); break;
            case Effect::Kind::signal: out.signals.push_back({effect.name, when}); break;
            case Effect::Kind::result: out.results.push_back({effect.name, when}); break;
            case Effect::Kind::branch: {
                const z3::expr condition = truth(*effect.value, way.now);
                Way then = way, otherwise = way;
                apply(effect.then, when && condition, then, out);
                apply(effect.otherwise, when && !condition, otherwise, out);
                way = {choose(condition, then.now, otherwise.now), choose(condition, then.dropped, otherwise.dropped)};
                break;
            }
        }
    }
}

void EndFormula::fire(const Case& chosen, const z3::expr& when, Way& way, ReactionTerm& out) {
    apply(chosen.effects, when, way, out);
    if (chosen.to < 0) return;
    way.now.state = number(chosen.to);
    if (!profile_.states[static_cast<std::size_t>(chosen.to)].forgets) return;
    for (std::size_t i = 0; i < profile_.variables.size(); ++i) {
        const Variable& variable = profile_.variables[i];
        if (!variable.history && !variable.kept) way.now.values[i] = number(variable.initial);
    }
    way.now.armed.assign(way.now.armed.size(), context_.bool_val(false));
}

// `stand_still`: not firing any rule is a way too (segments), where no plain rule matches.
void EndFormula::pass(const Step& step, bool stand_still, Way& way, ReactionTerm& out) {
    const Way before = way;
    z3::expr plain = context_.bool_val(false), none_yet = !before.dropped;
    Way after = before;
    for (const Rule& rule : step.rules) {
        for (const Case& one : rule.cases) {
            const z3::expr match = matches(one, before.now);
            if (!rule.may) plain = plain || match;
            const z3::expr pick = fresh(rule.name);
            const z3::expr taken = none_yet && pick;
            out.possible = out.possible && z3::implies(taken, match);
            Way behind = before;
            fire(one, taken, behind, out);
            after = {choose(taken, behind.now, after.now), choose(taken, behind.dropped, after.dropped)};
            out.rules.push_back({rule.name, taken});
            none_yet = none_yet && !pick;
        }
    }
    out.possible = out.possible && (stand_still ? z3::implies(none_yet, !plain) : !none_yet);
    way = after;
}

ReactionTerm EndFormula::react(Trigger trigger, const std::string& name, const Situation& before,
                               const SegmentTerm* arriving) {
    const SegmentTerm* const outer = std::exchange(segment_, arriving);
    const bool is_segment = trigger == Trigger::segment;
    ReactionTerm out{before, {}, {}, {}, {}, context_.bool_val(true)};
    Way way{before, context_.bool_val(false)};
    if (trigger == Trigger::timer) {
        const int timer = profile_.timer(name);
        out.possible = running(timer, before);
        way.now.armed[static_cast<std::size_t>(timer)] = context_.bool_val(false);
    }
    const Handler* handler = profile_.handler(trigger, is_segment ? "segment" : name);
    if (handler) {
        for (const Step& step : handler->steps) pass(step, is_segment, way, out);
    } else if (!is_segment) {
        out.possible = context_.bool_val(false);
    }
    out.after = way.now;
    segment_ = outer;
    return out;
}

}  // namespace lastack
