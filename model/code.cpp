#include "model/code.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>

#include "model/source.h"

namespace lastack {

namespace {

constexpr int field_kind = 9, first_own_field = 10;

int field_number(const std::string& name) {
    static const std::array<const char*, 9> names{"seq", "ack",     "len",         "fin", "syn",
                                                  "rst", "has_ack", "zero_window", "era"};
    for (std::size_t i = 0; i < names.size(); ++i) {
        if (name == names[i]) return static_cast<int>(i);
    }
    assert(!"unknown segment field");
    return 0;
}

OpCode binary(Op op) {
    switch (op) {
        case Op::and_: return OpCode::and_;
        case Op::or_: return OpCode::or_;
        case Op::implies: return OpCode::implies;
        case Op::eq: return OpCode::eq;
        case Op::ne: return OpCode::ne;
        case Op::lt: return OpCode::lt;
        case Op::le: return OpCode::le;
        case Op::gt: return OpCode::gt;
        case Op::ge: return OpCode::ge;
        case Op::add: return OpCode::add;
        case Op::subtract: return OpCode::subtract;
        default: assert(!"not a binary operator of a rule"); return OpCode::end;
    }
}

int combine(OpCode op, int left, int right) {
    switch (op) {
        case OpCode::and_: return left && right;
        case OpCode::or_: return left || right;
        case OpCode::implies: return !left || right;
        case OpCode::eq: return left == right;
        case OpCode::ne: return left != right;
        case OpCode::lt: return left < right;
        case OpCode::le: return left <= right;
        case OpCode::gt: return left > right;
        case OpCode::ge: return left >= right;
        case OpCode::add: return left + right;
        default: return left - right;
    }
}

// `fields`: seq, ack, len, zero_window, era, as a send pushes them.
Segment segment_of(int flags, const int* fields) {
    for (const int i : {0, 1, 2, 4}) {
        const int value = fields[i];
        if (value < 0 || value > 255)
            throw ModelError(fmt::format("a segment field becomes {}, outside 0..255", value));
    }
    Segment segment;
    segment.seq = static_cast<std::uint8_t>(fields[0]);
    segment.ack = static_cast<std::uint8_t>(fields[1]);
    segment.len = static_cast<std::uint8_t>(fields[2]);
    segment.zero_window = fields[3] != 0;
    segment.era = static_cast<std::uint8_t>(fields[4]);
    segment.fin = flags & flag_fin;
    segment.syn = flags & flag_syn;
    segment.rst = flags & flag_rst;
    segment.has_ack = flags & flag_ack;
    return segment;
}

}  // namespace

int read_field(const Segment& segment, int field) {
    switch (field) {
        case 0: return segment.seq;
        case 1: return segment.ack;
        case 2: return segment.len;
        case 3: return segment.fin;
        case 4: return segment.syn;
        case 5: return segment.rst;
        case 6: return segment.has_ack;
        case 7: return segment.zero_window;
        case 8: return segment.era;
        case field_kind: return segment.kind;
        default: return segment.own[static_cast<std::size_t>(field - first_own_field)];
    }
}

Code::Code(const Profile& profile, const Limits& limits)
    : profile_(profile), limits_(limits),
      slots_(1 + static_cast<int>(profile.variables.size() + profile.timers.size())), words_{"ok"} {
    assert(profile.states.size() <= most_states);
    for (std::size_t i = 0; i < profile.ranges.size(); ++i) {
        const FieldRange& range = profile.ranges[i];
        const auto bound = [&](const Expr& e) { return run(compile(e), nullptr, nullptr, nullptr); };
        fields_.push_back({profile.vocabulary.fields[i].name, bound(range.low), bound(range.high), range.where});
    }
}

Segment Code::own_segment(int kind, const int* fields) const {
    Segment segment;
    segment.kind = static_cast<std::uint8_t>(kind);
    const Vocabulary::Kind& shape = profile_.vocabulary.kind_at(kind);
    for (std::size_t i = 0; i < fields_.size(); ++i) {
        if (!shape.has[i]) continue;
        if (fields[i] < fields_[i].low || fields[i] > fields_[i].high) {
            throw ModelError(fmt::format("the field '{}' of {} becomes {}, outside {}..{}", fields_[i].name, shape.name,
                                         fields[i], fields_[i].low, fields_[i].high));
        }
        segment.own[i] = static_cast<std::uint8_t>(fields[i]);
    }
    return segment;
}

int Code::word_index(const std::string& word) {
    const auto found = std::find(words_.begin(), words_.end(), word);
    if (found != words_.end()) return static_cast<int>(found - words_.begin());
    words_.push_back(word);
    return static_cast<int>(words_.size()) - 1;
}

Program Code::compile(const Expr& expr) const {
    Program program;
    expression(expr, program);
    program.push_back({OpCode::end});
    return program;
}

Program Code::compile(const std::vector<Effect>& list) {
    Program program;
    effects(list, program);
    program.push_back({OpCode::push, 0, 0});
    program.push_back({OpCode::end});
    return program;
}

void Code::expression(const Expr& expr, Program& out) const {
    switch (expr.op) {
        case Op::constant: out.push_back({OpCode::push, 0, expr.value}); return;
        case Op::limit: out.push_back({OpCode::push, 0, limits_.at(expr.name)}); return;
        case Op::variable: out.push_back({OpCode::load, 0, variable_slot(expr.index)}); return;
        case Op::field: out.push_back({OpCode::field, 0, field_number(expr.name)}); return;
        case Op::state_in: {
            int mask = 0;
            for (const int state : expr.states) mask |= 1 << state;
            out.push_back({OpCode::state_in, 0, mask});
            return;
        }
        case Op::running: {
            const TimerDecl& timer = profile_.timers[expr.index];
            if (timer.runs_while) {
                expression(*timer.runs_while, out);
            } else {
                out.push_back({OpCode::load, 0, timer_slot(expr.index)});
            }
            return;
        }
        case Op::own_field: out.push_back({OpCode::field, 0, first_own_field + expr.index}); return;
        case Op::kind_in:
            for (std::size_t i = 0; i < expr.states.size(); ++i) {
                out.push_back({OpCode::field, 0, field_kind});
                out.push_back({OpCode::push, 0, expr.states[i]});
                out.push_back({OpCode::eq});
                if (i > 0) out.push_back({OpCode::or_});
            }
            return;
        case Op::not_:
            expression(expr.args[0], out);
            out.push_back({OpCode::not_});
            return;
        default:
            expression(expr.args[0], out);
            expression(expr.args[1], out);
            out.push_back({binary(expr.op)});
    }
}

void Code::number(const std::optional<Expr>& override_, const std::optional<Expr>& given, Program& out) const {
    if (override_) {
        expression(*override_, out);
    } else if (given) {
        expression(*given, out);
    } else {
        out.push_back({OpCode::push, 0, 0});
    }
}

void Code::effects(const std::vector<Effect>& list, Program& out) {
    for (const Effect& one : list) effect(one, out);
}

void Code::effect(const Effect& effect, Program& out) {
    switch (effect.kind) {
        case Effect::Kind::assign: {
            const Variable& variable = profile_.variables[effect.index];
            const auto bound = [&](const Expr& e) { return run(compile(e), nullptr, nullptr, nullptr); };
            ranges_.push_back({variable.name, bound(variable.low), bound(variable.high), effect.where});
            expression(*effect.value, out);
            out.push_back(
                {OpCode::assign, static_cast<std::uint32_t>(ranges_.size() - 1), variable_slot(effect.index)});
            return;
        }
        case Effect::Kind::send: {
            const SegmentTemplate& shape = profile_.segments[effect.index];
            if (shape.kind > 0) {
                for (std::size_t i = 0; i < shape.own.size(); ++i) number(effect.own[i], shape.own[i], out);
                out.push_back({OpCode::send_own, 0, shape.kind});
                return;
            }
            number(effect.seq, shape.seq, out);
            number(effect.ack, shape.ack, out);
            number(effect.len, shape.len, out);
            number(std::nullopt, shape.zero_window, out);
            number(std::nullopt, shape.era, out);
            const int flags = (shape.fin ? flag_fin : 0) | (shape.syn ? flag_syn : 0) | (shape.rst ? flag_rst : 0) |
                              (effect.ack || shape.ack ? flag_ack : 0);
            out.push_back({OpCode::send, 0, flags});
            return;
        }
        case Effect::Kind::start: out.push_back({OpCode::start, 0, timer_slot(effect.index)}); return;
        case Effect::Kind::stop: out.push_back({OpCode::stop, 0, timer_slot(effect.index)}); return;
        case Effect::Kind::stop_all: out.push_back({OpCode::stop_all}); return;
        case Effect::Kind::drop: out.push_back({OpCode::drop}); return;
        case Effect::Kind::signal: out.push_back({OpCode::signal, 0, word_index(effect.name)}); return;
        case Effect::Kind::result: out.push_back({OpCode::result, 0, word_index(effect.name)}); return;
        case Effect::Kind::branch: {
            expression(*effect.value, out);
            const std::size_t test = out.size();
            out.push_back({OpCode::jump_if_not});
            effects(effect.then, out);
            const std::size_t skip = out.size();
            out.push_back({OpCode::jump});
            out[test].operand = static_cast<int>(out.size());
            effects(effect.otherwise, out);
            out[skip].operand = static_cast<int>(out.size());
            return;
        }
    }
}

void Code::store(const Instruction& instruction, std::uint8_t* local, int value) const {
    const Range& range = ranges_[instruction.extra];
    if (value < range.low || value > range.high) {
        throw ModelError(fmt::format("{}:{}:{}: '{}' becomes {}, outside {}..{}",
                                     range.where.source ? range.where.source->name : "", range.where.line,
                                     range.where.column, range.name, value, range.low, range.high));
    }
    local[instruction.operand] = static_cast<std::uint8_t>(value);
}

int Code::run(const Program& program, std::uint8_t* local, const Segment* segment, Scratch* scratch) const {
    // The parser bounds expressions; one may hold the condition of a derived timer, a leaf about kinds of segment three
    // numbers, and a send holds five.
    std::array<int, 2 * deepest_tree + 8> stack;
    int top = 0;
    const int first_timer = timer_slot(0);
    for (std::size_t pc = 0;; ++pc) {
        const Instruction& at = program[pc];
        switch (at.op) {
            case OpCode::push: stack[top++] = at.operand; break;
            case OpCode::load: stack[top++] = local[at.operand]; break;
            case OpCode::field: stack[top++] = read_field(*segment, at.operand); break;
            case OpCode::state_in: stack[top++] = at.operand >> local[0] & 1; break;
            case OpCode::not_: stack[top - 1] = !stack[top - 1]; break;
            case OpCode::assign: store(at, local, stack[--top]); break;
            case OpCode::send:
                top -= 5;
                scratch->sent.push_back(segment_of(at.operand, &stack[top]));
                break;
            case OpCode::send_own:
                top -= static_cast<int>(fields_.size());
                scratch->sent.push_back(own_segment(at.operand, &stack[top]));
                break;
            case OpCode::start:
                local[at.operand] = 1;
                scratch->started.push_back(at.operand - first_timer);
                break;
            case OpCode::stop: local[at.operand] = 0; break;
            case OpCode::stop_all: std::fill(local + first_timer, local + slots_, std::uint8_t{0}); break;
            case OpCode::drop: scratch->dropped = true; break;
            case OpCode::signal: scratch->signals.push_back(at.operand); break;
            case OpCode::result: scratch->result = at.operand; break;
            case OpCode::jump_if_not:
                if (!stack[--top]) pc = at.operand - 1;
                break;
            case OpCode::jump: pc = at.operand - 1; break;
            case OpCode::end: return stack[top - 1];
            default: --top; stack[top - 1] = combine(at.op, stack[top - 1], stack[top]);
        }
    }
}

}  // namespace lastack
