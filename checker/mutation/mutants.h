// Mutants of a profile: its rules with one small mistake each, as an author or an implementer might make it.
//
// Idea (DeMillo, Lipton, Sayward, Hints on test data selection, 1978; for models: Black, Okun, Yesha, Mutation
// operators for specifications, 2000): a set of properties is as good as the mistakes that it notices. The
// operators are few and small; one mutant is one change. History variables are left alone: they watch, they are not
// the endpoint.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/spec.h"

namespace lastack {

struct Mutant {
    enum class Operator {
        rule,    // a rule is dropped
        case_,   // a case of a rule that has several is dropped
        guard,   // a guard is true; where that would contradict another case: one of its conditions is left out
        effect,  // an effect is left out
        target,  // the state stays
        number,  // a comparison or a number of a guard is off by one, wherever the guard's text is used

        // wider_mutants.h
        state,      // the state that follows is another one
        condition,  // a condition of a guard is left out where `guard` makes it true as a whole
        negate,     // a guard is turned round
        bound,      // a comparison or a number is off by one, the other way than by `number`
        field,      // SEQ or ACK of a segment that is sent is off by one
        flag,       // SYN, FIN, RST or ACK of it is turned round
        twice,      // an effect that is not the same when repeated happens twice
        rearm,      // a timer that runs is not started anew
        duration,   // a timer takes half or twice as long
        result,     // a call returns another result
        ignore,     // a case of several states is left out in one of them
        accept,     // a case also matches in another state
    };
    Operator op = Operator::rule;
    std::string id;        // "drop rule fin_acked"; unique within a profile
    std::string sentence;  // of the rule; number: the text that changes
    Where where;           // of what changes

    // Where the change is. For `number` only `where` counts.
    int handler = -1, step = -1, rule = -1;
    int case_ = -1;  // -1: all cases of the rule
    int part = -1;   // effect: which one, counted through all branches; guard: which condition, -1: all
    std::string rule_name;
    std::function<void(Profile&)> change;  // of the wider ones: does it
};

// The word of an operator on the command line: rule, case, guard, ...
std::string to_string(Mutant::Operator op);
extern const std::vector<Mutant::Operator> claim_operators;  // the first six: what claims are scored with by default
extern const std::vector<Mutant::Operator> all_operators;
// Those with these words, in the order of all_operators; `otherwise` where there are none.
std::vector<Mutant::Operator> operators_named(const std::vector<std::string>& words,
                                              const std::vector<Mutant::Operator>& otherwise);

// All of the given kinds: the first six in the order of the profile's rules, then the wider ones in that order.
std::vector<Mutant> mutants_of(const Profile& profile,
                               const std::vector<Mutant::Operator>& operators = claim_operators);

// The profile with that one change, under the same name. Everything else keeps its place and its index.
Profile mutated(const Profile& profile, const Mutant& mutant);

}  // namespace lastack
