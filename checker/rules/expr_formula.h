// Expressions of rules as formulas: the one translation of an expression's operators to Z3.
//
// What a leaf means (how wide a number is, what a control state is made of, which segment is at hand) is for whoever
// derives from this: bit vectors over declared ranges (rule_formula.h), integers without bounds (checker/proof/).
#pragma once

#include <z3++.h>

#include <string>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

struct Situation {
    z3::expr state;                // index into Profile::states
    std::vector<z3::expr> values;  // one per variable
    std::vector<z3::expr> armed;   // one per timer, as conditions; not used for derived timers
};

class ExprFormula {
public:
    ExprFormula(const Profile& profile, z3::context& context) : profile_(profile), context_(context) {}
    virtual ~ExprFormula() = default;

    z3::context& context() { return context_; }
    const Profile& profile() const { return profile_; }
    z3::expr truth(const Expr& expr, const Situation& moment);
    z3::expr value(const Expr& expr, const Situation& moment);
    z3::expr running(int timer, const Situation& moment);
    z3::expr matches(const Case& candidate, const Situation& moment);

    virtual z3::expr number(int value) = 0;
    virtual z3::expr limit(const std::string& name) = 0;
    // Equality of two values; whoever keeps values in another shape than Z3's own says how.
    virtual z3::expr equal(const z3::expr& left, const z3::expr& right) { return left == right; }
    virtual z3::expr in_state(const Situation& moment, int state) = 0;
    // Of the segment at hand; with the words of the protocol's own its kind and a field by its place.
    virtual z3::expr field(const std::string& name) = 0;
    virtual z3::expr kind() = 0;
    virtual z3::expr own_field(int index) = 0;

protected:
    const Profile& profile_;
    z3::context& context_;

private:
    z3::expr compare(const Expr& expr, const Situation& moment);
};

}  // namespace lastack
