#include "model/plain.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <iterator>
#include <set>

namespace lastack {

namespace {

// Everything a rule can see and change while one input is processed, on one branch of the choices.
struct Branch {
    EndState end;
    std::vector<Segment> sent;
    std::vector<std::string> rules, signals;
    std::string result = "ok";
    std::vector<int> started;
    bool dropped = false;
};

// The profile, its limits and the arriving segment: what stays the same while one input is processed.
struct Scene {
    const Profile& profile;
    const Limits& limits;
    const Segment* segment;
};

// The reader of specs lets no other name pass.
int field_value(const Segment& segment, const std::string& field) {
    switch (field.front()) {
        case 's': return field == "seq" ? segment.seq : segment.syn;
        case 'a': return segment.ack;
        case 'l': return segment.len;
        case 'f': return segment.fin;
        case 'r': return segment.rst;
        case 'z': return segment.zero_window;
        case 'e': return segment.era;
        default: assert(field == "has_ack"); return segment.has_ack;
    }
}

int value_of(const Scene& scene, const EndState& end, const Expr& expr);

bool running(const Scene& scene, const EndState& end, int timer) {
    const TimerDecl& decl = scene.profile.timers[timer];
    return decl.runs_while ? value_of(scene, end, *decl.runs_while) != 0 : end.armed[timer];
}

int value_of(const Scene& scene, const EndState& end, const Expr& expr) {
    const auto arg = [&](std::size_t i) { return value_of(scene, end, expr.args[i]); };
    switch (expr.op) {
        case Op::constant: return expr.value;
        case Op::limit: return scene.limits.at(expr.name);
        case Op::variable: return end.values[expr.index];
        case Op::field: assert(scene.segment); return field_value(*scene.segment, expr.name);
        case Op::state_in: return std::count(expr.states.begin(), expr.states.end(), end.state) > 0;
        case Op::running: return running(scene, end, expr.index);
        case Op::own_field: assert(scene.segment); return scene.segment->own[expr.index];
        case Op::kind_in:
            assert(scene.segment);
            return std::count(expr.states.begin(), expr.states.end(), scene.segment->kind) > 0;
        case Op::not_: return !arg(0);
        case Op::and_: return arg(0) && arg(1);
        case Op::or_: return arg(0) || arg(1);
        case Op::implies: return !arg(0) || arg(1);
        case Op::eq: return arg(0) == arg(1);
        case Op::ne: return arg(0) != arg(1);
        case Op::lt: return arg(0) < arg(1);
        case Op::le: return arg(0) <= arg(1);
        case Op::gt: return arg(0) > arg(1);
        case Op::ge: return arg(0) >= arg(1);
        case Op::add: return arg(0) + arg(1);
        case Op::subtract: return arg(0) - arg(1);
        default: assert(!"a claim's operator in a rule"); return 0;
    }
}

[[noreturn]] void fail(const Scene& scene, const EndState& end, const Where& where, const std::string& what) {
    const std::string place =
        where.source ? fmt::format("{}:{}:{}: ", where.source->name, where.line, where.column) : "";
    throw ModelError(place + what + "\n  in " + describe(scene.profile, scene.limits, end));
}

std::uint8_t unit(const Scene& scene, const EndState& end, const Expr& expr) {
    const int value = value_of(scene, end, expr);
    if (value < 0 || value > 255)
        fail(scene, end, expr.where, fmt::format("a segment field becomes {}, outside 0..255", value));
    return static_cast<std::uint8_t>(value);
}

// In the protocol's own words.
Segment make_own(const Scene& scene, const EndState& end, const Effect& send, const SegmentTemplate& shape) {
    Segment segment;
    segment.kind = static_cast<std::uint8_t>(shape.kind);
    for (std::size_t i = 0; i < shape.own.size(); ++i) {
        const auto& given = send.own[i] ? send.own[i] : shape.own[i];
        if (!given) continue;
        const int value = value_of(scene, end, *given);
        const int low = value_of(scene, end, scene.profile.ranges[i].low);
        const int high = value_of(scene, end, scene.profile.ranges[i].high);
        if (value < low || value > high) {
            fail(scene, end, given->where,
                 fmt::format("the field '{}' of {} becomes {}, outside {}..{}", scene.profile.vocabulary.fields[i].name,
                             scene.profile.vocabulary.kind_at(shape.kind).name, value, low, high));
        }
        segment.own[i] = static_cast<std::uint8_t>(value);
    }
    return segment;
}

Segment make_segment(const Scene& scene, const EndState& end, const Effect& send) {
    const SegmentTemplate& shape = scene.profile.segments[send.index];
    if (shape.kind > 0) return make_own(scene, end, send, shape);
    const auto& seq = send.seq ? send.seq : shape.seq;
    const auto& ack = send.ack ? send.ack : shape.ack;
    const auto& len = send.len ? send.len : shape.len;
    Segment segment;
    segment.seq = seq ? unit(scene, end, *seq) : std::uint8_t{0};
    segment.ack = ack ? unit(scene, end, *ack) : std::uint8_t{0};
    segment.len = len ? unit(scene, end, *len) : std::uint8_t{0};
    segment.has_ack = ack.has_value();
    segment.fin = shape.fin;
    segment.syn = shape.syn;
    segment.rst = shape.rst;
    segment.zero_window = shape.zero_window && value_of(scene, end, *shape.zero_window) != 0;
    segment.era = shape.era ? unit(scene, end, *shape.era) : std::uint8_t{0};
    return segment;
}

void assign(const Scene& scene, Branch& branch, const Effect& effect) {
    const Variable& variable = scene.profile.variables[effect.index];
    const int value = value_of(scene, branch.end, *effect.value);
    const int low = value_of(scene, branch.end, variable.low);
    const int high = value_of(scene, branch.end, variable.high);
    if (value < low || value > high) {
        fail(scene, branch.end, effect.where,
             fmt::format("'{}' becomes {}, outside {}..{}", variable.name, value, low, high));
    }
    branch.end.values[effect.index] = value;
}

void apply(const Scene& scene, Branch& branch, const std::vector<Effect>& effects) {
    for (const Effect& effect : effects) {
        switch (effect.kind) {
            case Effect::Kind::assign: assign(scene, branch, effect); break;
            case Effect::Kind::send: branch.sent.push_back(make_segment(scene, branch.end, effect)); break;
            case Effect::Kind::start:
                branch.end.armed[effect.index] = true;
                branch.started.push_back(effect.index);
                break;
            case Effect::Kind::stop: branch.end.armed[effect.index] = false; break;
            case Effect::Kind::stop_all: branch.end.armed.assign(branch.end.armed.size(), false); break;
            case Effect::Kind::drop: branch.dropped = true; break;
            case Effect::Kind::signal: branch.signals.push_back(effect.name); break;
            case Effect::Kind::result: branch.result = effect.name; break;
            case Effect::Kind::branch:
                apply(scene, branch, value_of(scene, branch.end, *effect.value) ? effect.then : effect.otherwise);
                break;
        }
    }
}

void forget(const Profile& profile, EndState& end) {
    for (std::size_t i = 0; i < profile.variables.size(); ++i) {
        const Variable& variable = profile.variables[i];
        if (!variable.history && !variable.kept) end.values[i] = variable.initial;
    }
    end.armed.assign(profile.timers.size(), false);
}

Branch fire(const Scene& scene, Branch branch, const Rule& rule, const Case& chosen) {
    branch.rules.push_back(rule.name);
    apply(scene, branch, chosen.effects);
    if (chosen.to >= 0) {
        branch.end.state = chosen.to;
        if (scene.profile.states[chosen.to].forgets) forget(scene.profile, branch.end);
    }
    return branch;
}

bool matches(const Scene& scene, const EndState& end, const Case& candidate) {
    if (std::find(candidate.from.begin(), candidate.from.end(), end.state) == candidate.from.end()) return false;
    return !candidate.guard || value_of(scene, end, *candidate.guard);
}

// All ways through one step. `stand_still`: not firing any rule is a way too (segments), where no plain rule matches.
std::vector<Branch> through_step(const Scene& scene, Branch before, const Step& step, bool stand_still) {
    std::vector<Branch> chosen;
    const Rule* plain = nullptr;
    std::vector<Branch> result;
    for (const Rule& rule : step.rules) {
        for (const Case& candidate : rule.cases) {
            if (!matches(scene, before.end, candidate)) continue;
            if (rule.may) {
                chosen.push_back(fire(scene, before, rule, candidate));
                continue;
            }
            if (plain) {
                fail(
                    scene, before.end, candidate.where,
                    fmt::format("rules '{}' and '{}' both match where no choice was declared", plain->name, rule.name));
            }
            plain = &rule;
            result.push_back(fire(scene, before, rule, candidate));
        }
    }
    if (!plain && stand_still) result.push_back(std::move(before));
    result.insert(result.end(), chosen.begin(), chosen.end());
    return result;
}

}  // namespace

Limits limits_of(const Profile& profile, const std::map<std::string, int>& overrides) {
    Limits limits;
    for (const Limit& limit : profile.limits) limits[limit.name] = limit.value;
    for (const Setting& setting : profile.settings) {
        if (setting.readable()) limits[setting.name] = *setting.number;
    }
    for (const auto& [name, value] : overrides) limits[name] = value;
    return limits;
}

EndState plain_initial(const Profile& profile, const std::string& start) {
    EndState end;
    end.state = start.empty() ? profile.initial_state() : profile.state(start);
    for (const Variable& variable : profile.variables) end.values.push_back(variable.initial);
    end.armed.assign(profile.timers.size(), false);
    return end;
}

bool plain_running(const Profile& profile, const Limits& limits, const EndState& end, int timer) {
    return running(Scene{profile, limits, nullptr}, end, timer);
}

int plain_value(const Profile& profile, const Limits& limits, const EndState& end, const Expr& expr,
                const Segment* segment) {
    return value_of(Scene{profile, limits, segment}, end, expr);
}

constexpr std::size_t most_sent = 4;  // in one step: docs/spec-language.md, fine points

std::vector<Reaction> plain_react(const Profile& profile, const Limits& limits, const EndState& end,
                                  const Input& input) {
    const bool is_segment = input.trigger == Trigger::segment;
    const Scene scene{profile, limits, is_segment ? &input.segment : nullptr};
    const Handler* handler = profile.handler(input.trigger, is_segment ? "segment" : input.name);
    Branch start;
    start.end = end;
    if (input.trigger == Trigger::timer) {
        const int timer = profile.timer(input.name);
        if (timer < 0 || !running(scene, end, timer)) return {};
        start.end.armed[timer] = false;
    }
    std::vector<Branch> branches{start};
    if (!handler) branches.resize(is_segment ? 1 : 0);
    for (std::size_t i = 0; handler && i < handler->steps.size(); ++i) {
        std::vector<Branch> next;
        for (Branch& branch : branches) {
            if (branch.dropped) {
                next.push_back(std::move(branch));
                continue;
            }
            std::vector<Branch> ways = through_step(scene, std::move(branch), handler->steps[i], is_segment);
            std::move(ways.begin(), ways.end(), std::back_inserter(next));
        }
        branches = std::move(next);
    }
    std::set<Reaction> seen;
    std::vector<Reaction> reactions;  // in the order of the rules
    for (Branch& branch : branches) {
        if (branch.sent.size() > most_sent) {
            throw ModelError(
                fmt::format("rule '{}' makes one step send more than {} segments", branch.rules.back(), most_sent));
        }
        Reaction reaction{std::move(branch.end),     std::move(branch.sent), std::move(branch.rules),
                          std::move(branch.signals), branch.result,          std::move(branch.started)};
        if (seen.insert(reaction).second) reactions.push_back(std::move(reaction));
    }
    return reactions;
}

std::string describe(const Profile& profile, const Limits& limits, const EndState& end) {
    std::string text = state_label(profile.states[end.state].name);
    for (std::size_t i = 0; i < profile.variables.size(); ++i) {
        const Variable& variable = profile.variables[i];
        if (end.values[i] == variable.initial) continue;
        if (variable.flag) {
            text += " " + variable.name;
        } else if (!variable.enumerators.empty()) {
            text += fmt::format(" {}={}", variable.name, variable.enumerators[end.values[i]]);
        } else {
            text += fmt::format(" {}={}", variable.name, end.values[i]);
        }
    }
    std::string timers;
    for (std::size_t i = 0; i < profile.timers.size(); ++i) {
        if (plain_running(profile, limits, end, static_cast<int>(i)))
            timers += (timers.empty() ? "" : " ") + profile.timers[i].name;
    }
    return timers.empty() ? text : text + " [" + timers + "]";
}

}  // namespace lastack
