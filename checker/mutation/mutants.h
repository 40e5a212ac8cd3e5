// Mutants of a profile: its rules with one small mistake each, as an author or an implementer might make it.
//
// Idea (DeMillo, Lipton, Sayward, Hints on test data selection, 1978; for models: Black, Okun, Yesha, Mutation
// operators for specifications, 2000): a set of properties is as good as the mistakes that it notices. The
// operators are few and small; one mutant is one change. History variables are left alone: they watch, they are not
// the endpoint.
#pragma once

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
};

// The word of an operator on the command line: rule, case, guard, effect, target, number.
std::string to_string(Mutant::Operator op);
extern const std::vector<Mutant::Operator> all_operators;

// All of the given kinds, in the order of the profile's rules, then of the operators.
std::vector<Mutant> mutants_of(const Profile& profile, const std::vector<Mutant::Operator>& operators = all_operators);

// The profile with that one change, under the same name. Everything else keeps its place and its index.
Profile mutated(const Profile& profile, const Mutant& mutant);

}  // namespace lastack
