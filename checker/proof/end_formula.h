// One endpoint as formulas over integers and truth values: any local state of it, and exactly what its rules make of an
// input.
//
// The same trees that the machine compiles and the plain interpreter walks (model/plain.h), read a third time: a step
// of a handler is a choice among the cases that match, and the local state behind it an if-then-else over that choice.
// Limits are integers about which only their bounds are known. Deviation from the plain interpreter, always to the side
// of more behaviour: a variable may leave its declared range, a field of a segment may pass 255, a step may send more
// than four segments, and of two plain rules that match at once either may fire; where a run of the model does one of
// these it ends with an error, here it goes on. Control states and enumerated variables are kept as one truth value for
// each of their values, since Z3 decides those fastest. Not thread-safe.
#pragma once

#include <map>
#include <optional>
#include <unordered_map>

#include "checker/rules/expr_formula.h"

namespace lastack {

// The fields of a segment, as numbers.
struct SegmentTerm {
    std::map<std::string, z3::expr> fields;  // seq ack len fin syn rst has_ack zero_window era
    std::optional<z3::expr> kind;
    std::vector<z3::expr> own;
};

// What an end does with an input, where `possible`.
struct ReactionTerm {
    struct Sent {
        z3::expr when;
        SegmentTerm segment;
    };
    struct Named {
        std::string name;
        z3::expr when;
    };
    Situation after;
    std::vector<Sent> sent;
    std::vector<Named> rules, signals;
    std::vector<Named> results;  // in order: the last that happens counts, "ok" without any
    z3::expr possible;
};

// A limit or a setting: a number, or anything from `low` to `high`.
struct LimitRange {
    int low = 0;
    std::optional<int> high;
    bool fixed() const { return high && *high == low; }
};
using LimitRanges = std::map<std::string, LimitRange>;

class EndFormula : public ExprFormula {
public:
    // `suffix` keeps the names of this end's limits apart from the other's; both ends share them where it is the same.
    EndFormula(const Profile& profile, z3::context& context, LimitRanges limits, std::string suffix);

    // A local state about which nothing is known but that it is one; its constraints are added to `known`.
    Situation anything(const std::string& stamp, z3::expr& known);
    Situation from(const EndState& state);
    z3::expr same(const Situation& a, const Situation& b);
    // The limits lie in their ranges.
    z3::expr limits_known();

    // Any segment that a peer may send: 0 in ACK without the bit; of a protocol's own each field in its range.
    SegmentTerm any_segment(const std::string& stamp, z3::expr& known);
    z3::expr same(const SegmentTerm& a, const SegmentTerm& b);

    // `arriving`: where the input is one.
    ReactionTerm react(Trigger trigger, const std::string& name, const Situation& before, const SegmentTerm* arriving);
    z3::expr truth_of(const Expr& expr, const Situation& moment, const SegmentTerm* segment);
    z3::expr value_of(const Expr& expr, const Situation& moment, const SegmentTerm* segment);

    z3::expr number(int value) override { return context_.int_val(value); }
    z3::expr limit(const std::string& name) override;
    z3::expr equal(const z3::expr& left, const z3::expr& right) override;
    z3::expr in_state(const Situation& moment, int state) override { return equal(moment.state, number(state)); }
    z3::expr field(const std::string& name) override { return segment_->fields.at(name); }
    z3::expr kind() override { return *segment_->kind; }
    z3::expr own_field(int index) override { return segment_->own[static_cast<std::size_t>(index)]; }

private:
    struct Way {  // what is known while one step of a handler is gone through
        Situation now;
        z3::expr dropped;
    };
    z3::expr one_of(int count, const std::string& name, z3::expr& known);
    z3::expr flag(const std::string& name);
    z3::expr fresh(const std::string& name);
    z3::expr choose(const z3::expr& condition, const z3::expr& then, const z3::expr& otherwise);
    Situation choose(const z3::expr& condition, const Situation& then, const Situation& otherwise);
    SegmentTerm made(const Effect& send, const Situation& moment);
    void apply(const std::vector<Effect>& effects, const z3::expr& when, Way& way, ReactionTerm& out);
    void fire(const Case& chosen, const z3::expr& when, Way& way, ReactionTerm& out);
    void pass(const Step& step, bool stand_still, Way& way, ReactionTerm& out);

    LimitRanges limits_;
    std::string suffix_;
    const SegmentTerm* segment_ = nullptr;
    unsigned fresh_ = 0;
    // "this term has this value", where a term was made of truth values
    std::unordered_map<unsigned, std::map<int, z3::expr>> has_value_;
    std::vector<z3::expr> kept_;  // so that no number of a term is used again
};

}  // namespace lastack
