// The guards of a profile as formulas over bit vectors, and what a step of a handler may leave behind.
//
// What is possible: any control state, each variable anywhere in its declared range, each timer running or not
// (a derived one by its condition), any segment whose fields lie in 0..top() with any flags, ack = 0 without ACK; of a
// protocol with words of its own any kind with each of its fields in the declared range. On demand limits and settings
// have any value of their ranges, too. A `Situation` is the local state as one step finds it. From one step to the next
// (`pass`) the effects are not computed: what a matching case writes may become anything in its range. So more seems
// possible than is; what is impossible here is impossible. Guards themselves are exact: the bit vectors are wide enough
// for every sum in them. Cost: finite-domain formulas, a few hundred bits for a real profile. Not thread-safe; all
// formulas of a thread share one Z3 context.
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/rules/expr_formula.h"

namespace lastack {

class RuleFormula : public ExprFormula {
public:
    // `any_limits`: limits and settings are not as given, but anything in their ranges.
    RuleFormula(const Profile& profile, const Limits& limits, bool any_limits = false);

    // One more than every number that the profile sends, keeps of a segment, or compares a segment with: a peer can do
    // that.
    int top() const { return static_cast<int>(top_); }

    // A local state about which nothing is known; `stamp` keeps its names apart from others'.
    Situation anything(int stamp);
    z3::expr in_range(const Situation& moment);
    z3::expr segment_in_range();
    // What holds when the handler is entered: the timer that expired has stopped, or its condition holds.
    z3::expr entered(const Handler& handler, const Situation& moment);

    // The local state behind a step that did not drop the segment; what is known about it is added to `known`.
    Situation pass(const Step& step, const Situation& before, int stamp, z3::expr& known);

    // The fields of the arriving segment, as numbers.
    z3::expr field(const std::string& name) override;
    // Of a protocol with words of its own: Segment::kind, and a field by its place with the largest value that it can
    // have.
    z3::expr kind() override { return field("is"); }
    z3::expr own_field(int index) override;
    int highest_own(std::size_t index) const { return own_high_[index]; }
    z3::expr number(int value) override { return context_.bv_val(static_cast<std::int64_t>(value), width_); }
    // The largest value of a variable, with the limits as given.
    int high(int variable) const { return high_[variable]; }

private:
    std::int64_t bound(const Expr& expr);
    void bound_segments();
    struct Range {
        int low, high;
    };
    // Of a limit, or of a setting that rules read, where it is not as given.
    std::optional<Range> free_range(const std::string& name) const;
    std::int64_t largest_limit(const std::string& name) const;
    z3::expr limit(const std::string& name) override;
    z3::expr in_state(const Situation& moment, int state) override { return moment.state == number(state); }
    z3::expr own_in_range();
    z3::expr variable_in_range(int variable, const z3::expr& value);

    const Limits& limits_;
    bool any_limits_;
    std::set<std::string> limits_read_;  // limits and settings; others may be wider than the bit vectors
    std::vector<int> high_;              // of the variables
    std::vector<int> own_high_;          // of the protocol's own fields
    std::int64_t top_ = 1;               // the largest segment field
    std::int64_t widest_ = 1;            // the largest magnitude of any part of a guard
    unsigned width_ = 0;                 // of the bit vectors
};

// Every way through the effects drops the segment.
bool always_drops(const std::vector<Effect>& effects);

}  // namespace lastack
