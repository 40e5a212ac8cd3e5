// Idea: one walk over the tree fixes the meaning (order of effects, when a target is entered, what is forgotten), and
// each export fixes only the spelling. Names of the spec never stand alone in the text: all get a prefix, so that no
// name can be a word of the other language. Cost: linear in the size of the profile.
#include "generators/model_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <limits>

#include "model/operators.h"
#include "model/plain.h"
#include "model/system.h"

namespace lastack {

namespace {

constexpr int deepest_while = 50;

// The spelling of what has two arguments, in the other tool's words where it has its own; null for the rest.
const char* infix(Op op, const Spelling& spelling) {
    switch (op) {
        case Op::and_: return spelling.and_;
        case Op::or_: return spelling.or_;
        case Op::eq: return spelling.eq;
        case Op::ne: return spelling.ne;
        case Op::implies: return nullptr;
        default: return spelled(op);
    }
}

bool is_condition(Op op) {
    switch (op) {
        case Op::constant:
        case Op::limit:
        case Op::variable:
        case Op::field:
        case Op::own_field:
        case Op::add:
        case Op::subtract: return false;
        default: return true;
    }
}

bool takes_conditions(Op op) { return op == Op::and_ || op == Op::or_; }

}  // namespace

int ExportPlan::state_number(const std::string& name) const {
    return static_cast<int>(std::find(states.begin(), states.end(), name) - states.begin());
}

const std::string& ExportPlan::start(int end) const {
    const Profile& profile = *kind(end).profile;
    return system->start[end].empty() ? profile.states[profile.initial_state()].name : system->start[end];
}

namespace {

// The ends have equal vocabularies; what a field may hold is asked under the limits of each.
void plan_own_fields(ExportPlan& plan) {
    const Profile& profile = *plan.kind(0).profile;
    if (!profile.vocabulary.own()) return;
    plan.vocabulary = &profile.vocabulary;
    plan.tops.assign(profile.ranges.size(), 0);
    for (const EndKind& kind : plan.kinds) {
        for (std::size_t i = 0; i < plan.tops.size(); ++i) {
            const EndState nothing;  // ranges read constants and limits only
            plan.tops[i] =
                std::max(plan.tops[i], plain_value(*kind.profile, kind.limits, nothing, kind.profile->ranges[i].high));
        }
    }
    const SegmentDigit last = segment_digits(plan).back();
    if (last.weight * (last.high - last.low + 1) > std::numeric_limits<std::int32_t>::max())
        throw SpecError(profile.ranges.back().where,
                        "this cannot be exported: the kinds and fields of a segment need more than 31 bits");
}

}  // namespace

ExportPlan plan_export(const Spec& spec, const SystemDecl& decl) {
    ExportPlan plan;
    plan.system = &decl;
    for (int end = 0; end < 2; ++end) {
        const Profile& profile = profile_at(spec, decl, end);
        if (end == 0 || plan.kinds[0].profile != &profile) {
            plan.kinds.push_back({&profile, limits_at(spec, decl, end), end + 1});
        }
        plan.kind_of[end] = static_cast<int>(plan.kinds.size()) - 1;
        for (const std::string& call : decl.calls[end]) {
            const Handler* handler = profile.handler(Trigger::call, call);
            const bool known =
                std::find(plan.calls[end].begin(), plan.calls[end].end(), handler) != plan.calls[end].end();
            if (handler && !known) plan.calls[end].push_back(handler);
        }
        for (const StateDecl& state : profile.states) {
            if (plan.state_number(state.name) == static_cast<int>(plan.states.size()))
                plan.states.push_back(state.name);
        }
    }
    plan_own_fields(plan);
    plan.fields = used_fields(*plan.kind(0).profile, *plan.kind(1).profile);
    plan.cuts = !decl.network.loses || decl.network.loss_budget >= 0;
    plan.title =
        fmt::format("system {}: ends {} and {}", decl.name, plan.kind(0).profile->name, plan.kind(1).profile->name);
    return plan;
}

std::vector<SegmentDigit> segment_digits(const ExportPlan& plan) {
    if (!plan.vocabulary) {
        std::vector<SegmentDigit> digits{{"seq", 0, 255, 1 << 21}, {"ack", 0, 255, 1 << 13}, {"len", 0, 255, 1 << 5},
                                         {"fin", 0, 1, 1 << 1},    {"syn", 0, 1, 1 << 2},    {"rst", 0, 1, 1 << 3},
                                         {"has_ack", 0, 1, 1 << 4}};
        if (plan.fields.zero_window) digits.push_back({"zero_window", 0, 1, 1 << 29});
        if (plan.fields.era) digits.push_back({"era", 0, 1, 1 << 30});
        return digits;
    }
    const auto kinds = static_cast<int>(plan.vocabulary->kinds.size());
    std::vector<SegmentDigit> digits{{"kind", 1, kinds, 1}};
    std::int64_t weight = kinds;
    for (std::size_t i = 0; i < plan.tops.size(); ++i) {
        digits.push_back({RuleText::own_field_name(plan.vocabulary->fields[i]), 0, plan.tops[i], weight});
        weight *= plan.tops[i] + 1;
    }
    return digits;
}

int largest(const EndKind& kind, const Variable& variable) {
    const EndState nothing;  // ranges read constants and limits only
    return plain_value(*kind.profile, kind.limits, nothing, variable.high);
}

bool has_choice(const Step& step) {
    return std::any_of(step.rules.begin(), step.rules.end(), [](const Rule& rule) { return rule.may; });
}

RuleText::RuleText(const ExportPlan& plan, const EndKind& kind, const Spelling& spelling)
    : plan_(plan), kind_(kind), spelling_(spelling) {}

std::string RuleText::number(const Expr& expr, const Place& place, int stopped) const {
    return number(expr, Reading{place, stopped, 0});
}

std::string RuleText::condition(const Expr& expr, const Place& place, int stopped) const {
    return condition(expr, Reading{place, stopped, 0});
}

std::string RuleText::running(const Place& place, int timer, int stopped) const {
    return running(timer, Reading{place, stopped, 0});
}

// Conditions are written as numbers, and numbers as conditions, only where the spec uses a flag as the other.
std::string RuleText::number(const Expr& expr, const Reading& reading) const {
    switch (expr.op) {
        case Op::constant: return std::to_string(expr.value);
        case Op::limit: return limit_name(expr.name);
        case Op::variable: return reading.place.variable + profile().variables[expr.index].name;
        case Op::field: return spelling_.field + expr.name;
        case Op::own_field: return spelling_.field + own_field_name(profile().vocabulary.fields[expr.index]);
        case Op::add:
        case Op::subtract:
            return fmt::format("({} {} {})", number(expr.args[0], reading), infix(expr.op, spelling_),
                               number(expr.args[1], reading));
        default: return fmt::format(fmt::runtime(spelling_.choose), condition(expr, reading));
    }
}

std::string RuleText::condition(const Expr& expr, const Reading& reading) const {
    if (expr.op == Op::constant) return expr.value ? "true" : "false";
    if (!is_condition(expr.op)) return fmt::format("({} {} 1)", number(expr, reading), spelling_.eq);
    if (const char* word = infix(expr.op, spelling_)) {
        const auto side = [&](const Expr& arg) {
            return takes_conditions(expr.op) ? condition(arg, reading) : number(arg, reading);
        };
        return fmt::format("({} {} {})", side(expr.args[0]), word, side(expr.args[1]));
    }
    switch (expr.op) {
        case Op::not_: return fmt::format("{}({})", spelling_.not_, condition(expr.args[0], reading));
        case Op::implies:
            return fmt::format("({}({}) {} {})", spelling_.not_, condition(expr.args[0], reading), spelling_.or_,
                               condition(expr.args[1], reading));
        case Op::state_in: return in_states(expr.states, reading.place);
        case Op::running: return running(expr.index, reading);
        case Op::kind_in: return in_kinds(expr.states);
        default: throw SpecError(expr.where, "this cannot be exported: it speaks of a whole system");
    }
}

std::string RuleText::running(int timer, const Reading& reading) const {
    const TimerDecl& decl = profile().timers[timer];
    if (reading.depth > deepest_while)
        throw SpecError(decl.where, fmt::format("timer '{}' cannot be exported: it runs while it runs", decl.name));
    // A derived timer runs while its condition holds, also in the moment after it expired.
    if (decl.runs_while) return condition(*decl.runs_while, {reading.place, reading.stopped, reading.depth + 1});
    if (timer == reading.stopped) return "false";
    return fmt::format("({}{} {} 1)", reading.place.timer, decl.name, spelling_.eq);
}

std::string RuleText::in_kinds(const std::vector<int>& kinds) const {
    std::string text;
    for (const int kind : kinds) {
        text += fmt::format("{}{}kind {} {}", text.empty() ? "" : fmt::format(" {} ", spelling_.or_), spelling_.field,
                            spelling_.eq, kind_name(profile().vocabulary.kind_at(kind)));
    }
    return "(" + text + ")";
}

std::string RuleText::in_states(const std::vector<int>& states, const Place& place) const {
    if (states.empty()) return "false";
    if (states.size() == profile().states.size()) return "true";
    std::string text;
    for (const int state : states) {
        text += fmt::format("{}{} {} {}", text.empty() ? "" : fmt::format(" {} ", spelling_.or_), place.state,
                            spelling_.eq, state_name(profile().states[state].name));
    }
    return "(" + text + ")";
}

std::string RuleText::guard(const Case& one, const Place& place, int stopped) const {
    const std::string where = in_states(one.from, place);
    if (!one.guard) return where;
    return fmt::format("({} {} {})", where, spelling_.and_, condition(*one.guard, place, stopped));
}

std::string RuleText::limit_name(const std::string& limit) const { return fmt::format("L{}_{}", kind_.number, limit); }

std::string RuleText::body_name(const Rule& rule, std::size_t place) const {
    return fmt::format("r{}_{}_{}", kind_.number, rule.name, place + 1);
}

std::string RuleText::about(const Rule& rule) {
    std::string text = fmt::format("{}: {} ({})", rule.name, rule.sentence, rule.cites);
    for (std::size_t at = text.find("*/"); at != std::string::npos; at = text.find("*/", at))
        text.replace(at, 2, "* /");
    return text;
}

void RuleText::line(const std::string& text) { out_ += std::string(4 * indent_, ' ') + text + "\n"; }

std::string RuleText::body(const Case& one, const Place& place, int indent, int expired) {
    out_.clear();
    indent_ = indent;
    if (expired >= 0 && !profile().timers[expired].runs_while)
        assign(place.timer + profile().timers[expired].name, "0");
    effects(one.effects, place);
    if (one.to >= 0) enter(one.to, place);
    return std::move(out_);
}

void RuleText::effects(const std::vector<Effect>& list, const Place& place) {
    for (const Effect& one : list) effect(one, place);
}

void RuleText::effect(const Effect& one, const Place& place) {
    switch (one.kind) {
        case Effect::Kind::assign: {
            const Variable& variable = profile().variables[one.index];
            const std::string value = number(*one.value, place);
            // A flag or a name of a list that is written out is in its range.
            const bool named = one.value->op == Op::constant && (variable.flag || !variable.enumerators.empty());
            if (!named) check(value, number(variable.low, place), number(variable.high, place));
            assign(place.variable + variable.name, value);
            break;
        }
        case Effect::Kind::send: {
            const SegmentTemplate& shape = profile().segments[one.index];
            if (shape.kind > 0) {
                send_own(one, place);
                break;
            }
            const auto field = [&](const std::optional<Expr>& given, const std::optional<Expr>& usual) {
                return given ? number(*given, place) : usual ? number(*usual, place) : "0";
            };
            send({field(one.seq, shape.seq), field(one.ack, shape.ack), field(one.len, shape.len), shape.fin, shape.syn,
                  shape.rst, one.ack.has_value() || shape.ack.has_value(),
                  shape.zero_window ? fmt::format(fmt::runtime(spelling_.choose), condition(*shape.zero_window, place))
                                    : "0",
                  field({}, shape.era)});
            break;
        }
        case Effect::Kind::start: assign(place.timer + profile().timers[one.index].name, "1"); break;
        case Effect::Kind::stop: assign(place.timer + profile().timers[one.index].name, "0"); break;
        case Effect::Kind::stop_all: stop_all(place); break;
        case Effect::Kind::drop: drop(); break;
        case Effect::Kind::signal: break;  // no part of the state
        case Effect::Kind::result: break;
        case Effect::Kind::branch:
            open_branch(condition(*one.value, place));
            effects(one.then, place);
            if (!one.otherwise.empty()) {
                otherwise();
                effects(one.otherwise, place);
            }
            close_branch();
            break;
    }
}

// A field that is not given is 0; what is given lies in its range, or the number of the segment would be another's.
void RuleText::send_own(const Effect& one, const Place& place) {
    const SegmentTemplate& shape = profile().segments[one.index];
    std::string text = kind_name(profile().vocabulary.kind_at(shape.kind));
    for (std::size_t i = 0; i < shape.own.size(); ++i) {
        const std::optional<Expr>& given = one.own[i] ? one.own[i] : shape.own[i];
        const std::string value = given ? number(*given, place) : "0";
        const bool fixed = !given || (given->op == Op::constant && profile().vocabulary.fields[i].flag);
        if (!fixed) check(value, number(profile().ranges[i].low, place), number(profile().ranges[i].high, place));
        text += ", " + value;
    }
    send_own(text);
}

void RuleText::check_ranges(const Fields& fields) {
    for (const std::string* value : {&fields.seq, &fields.ack, &fields.len})
        if (*value != "0") check(*value, "0", "255");
    if (fields.era != "0") check(fields.era, "0", "1");  // the number of a segment has room for no more
}

std::string RuleText::arguments(const Fields& fields) const {
    std::string text = fmt::format("{}, {}, {}, {:d}, {:d}, {:d}, {:d}", fields.seq, fields.ack, fields.len, fields.fin,
                                   fields.syn, fields.rst, fields.has_ack);
    if (plan().fields.zero_window) text += ", " + fields.zero_window;
    if (plan().fields.era) text += ", " + fields.era;
    return text;
}

void RuleText::stop_all(const Place& place) {
    for (const TimerDecl& timer : profile().timers) {
        if (!timer.runs_while) assign(place.timer + timer.name, "0");
    }
}

// The state changes after the effects; only then is forgotten what it forgets.
void RuleText::enter(int state, const Place& place) {
    const StateDecl& decl = profile().states[state];
    assign(place.state, state_name(decl.name));
    if (!decl.forgets) return;
    for (const Variable& variable : profile().variables) {
        if (!variable.history && !variable.kept)
            assign(place.variable + variable.name, std::to_string(variable.initial));
    }
    stop_all(place);
}

}  // namespace lastack
