// Compiled expressions and effects: a profile's rules as short programs for a stack machine.
//
// Part of the fast path only; the plain interpreter (model/plain.h) walks the tree instead and shares nothing with
// this. A local state is an array of bytes: [control state, variables in order, one byte per timer]. Limits are folded
// into constants. Cost: a guard is a dozen instructions; it is evaluated once per (local state, input), see machine.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

enum class OpCode : std::uint8_t {
    push,      // operand
    load,      // slot of the local state
    field,     // 0 seq 1 ack 2 len 3 fin 4 syn 5 rst 6 has_ack 7 zero_window 8 era 9 kind, from 10 a protocol's own
    state_in,  // bit mask over control states
    not_,
    and_,
    or_,
    implies,
    eq,
    ne,
    lt,
    le,
    gt,
    ge,
    add,
    subtract,
    assign,    // slot; pops the value, checks it against the range in Code::ranges[extra]
    send,      // flag bits; pops era, zero_window, len, ack, seq
    send_own,  // kind; pops the fields of the protocol, the last one first
    start,
    stop,  // slot
    stop_all,
    drop,
    signal,       // index into Code::words
    result,       // index into Code::words
    jump_if_not,  // target; pops
    jump,         // target
    end,
};

struct Instruction {
    OpCode op = OpCode::end;
    std::uint32_t extra = 0;
    std::int32_t operand = 0;
};

struct Range {
    std::string name;
    int low = 0, high = 0;
    Where where;
};

using Program = std::vector<Instruction>;

// By the operand of OpCode::field.
int read_field(const Segment& segment, int field);

// Flag bits of a `send`.
enum : int { flag_fin = 1, flag_syn = 2, flag_rst = 4, flag_ack = 8 };

// What a program can change besides the local state.
struct Scratch {
    std::vector<Segment> sent;
    std::vector<int> signals;  // word indices
    std::vector<int> started;  // timer indices
    int result = -1;           // word index
    bool dropped = false;
};

// Translates one profile under fixed limits, and runs what it translated.
class Code {
public:
    Code(const Profile& profile, const Limits& limits);

    int slots() const { return slots_; }
    int variable_slot(int variable) const { return 1 + variable; }
    int timer_slot(int timer) const { return 1 + static_cast<int>(profile_.variables.size()) + timer; }
    const std::string& word(int index) const { return words_[index]; }

    Program compile(const Expr& expr) const;
    Program compile(const std::vector<Effect>& effects);

    // `segment` may be null where the program reads no field. A program of effects leaves 0.
    // Throws ModelError when an assignment leaves its range.
    int run(const Program& program, std::uint8_t* local, const Segment* segment, Scratch* scratch) const;
    // Of an expression, whose program writes nothing.
    int value(const Program& program, const std::uint8_t* local, const Segment* segment) const {
        return run(program, const_cast<std::uint8_t*>(local), segment, nullptr);
    }

private:
    void expression(const Expr& expr, Program& out) const;
    void effects(const std::vector<Effect>& list, Program& out);
    void effect(const Effect& effect, Program& out);
    void number(const std::optional<Expr>& override_, const std::optional<Expr>& given, Program& out) const;
    int word_index(const std::string& word);
    Segment own_segment(int kind, const int* fields) const;
    void store(const Instruction& instruction, std::uint8_t* local, int value) const;

    const Profile& profile_;
    const Limits& limits_;
    int slots_;
    std::vector<std::string> words_;
    std::vector<Range> ranges_;
    std::vector<Range> fields_;  // of the protocol's own
};

}  // namespace lastack
