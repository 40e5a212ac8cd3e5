// Claims as a reader would judge them, on a trace, with the plain interpreter: the second opinion on every
// counterexample and witness. Shares no code with claim_code.h.
#pragma once

#include <stdexcept>
#include <string>
#include <variant>

#include "checker/trace/plain_system.h"

namespace lastack {

// The fast and the plain interpreter differ: a bug of ours, exit 70.
class Disagreement : public std::logic_error {
public:
    using std::logic_error::logic_error;
};

// A condition of a claim, by what it has to be read in. One that asks for the step (`next`, `calls`, `gets`, `fires`,
// ...) says nothing of a state, so a state cannot be given to it. Both refer to the expression that they are made of.
class StateCondition {
public:
    explicit StateCondition(const Expr& expr);  // throws std::logic_error where it asks for the step
    bool holds(const PlainSystem& system, const Snapshot& state) const;

private:
    const Expr* expr_;
};
class StepCondition {
public:
    explicit StepCondition(const Expr& expr) : expr_(&expr) {}
    bool holds(const PlainSystem& system, const Snapshot& before, const TraceStep& step) const;

private:
    const Expr* expr_;
};
using Condition = std::variant<StateCondition, StepCondition>;
Condition condition_of(const Expr& expr);

// What stands behind a bound endpoint was resolved for the profile at A; where `end` has another one, the names are
// looked up there.
Expr translated(const PlainSystem& system, const Expr& expr, int end);

// Is every step of the trace a step of the plain system, from its initial state? Empty if so, else what is wrong.
std::string replay(const PlainSystem& system, const Trace& trace);

// Does the trace show what it is meant to show? For `invariant`, `step`, `ends`, `recoverable`: its last state or step
// violates the body (for `ends`, in a state that no step leaves). For `reachable`: the stages occur in order, the last
// one at the end. Whether a state with a false body is really beyond recovery is not decided here. Empty if so, else
// what is wrong.
std::string judge(const PlainSystem& system, const Claim& claim, const Trace& trace);

// The first of them. Throws Disagreement where there is something wrong.
void confirm_run(const PlainSystem& system, const Trace& trace);

// Both of the above. Throws Disagreement where there is something wrong.
void confirm(const PlainSystem& system, const Claim& claim, const Trace& trace);

}  // namespace lastack
