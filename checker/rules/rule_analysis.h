// Mistakes in the rules of a profile that show before anything is explored: two rules that match at once where no
// choice was declared, and rules that can never fire.
//
// Exact over the declared ranges, by Z3: see rule_formula.h for what is considered possible and docs/rule-analysis.md
// for what that means to an author. Only what is certain is reported; where Z3 gives up, nothing is.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "model/endpoint.h"

namespace lastack {

// Two cases of plain rules in one step that both match, with a situation in which they do: the local state as the step
// finds it (at a timer's expiry: already not running), and the arriving segment where the input is one.
struct RuleConflict {
    const Rule* first_rule = nullptr;
    const Case* first = nullptr;
    const Rule* second_rule = nullptr;  // may be the same rule
    const Case* second = nullptr;
    EndState example;
    std::optional<Segment> segment;
};

// A case that cannot match, whatever arrives.
struct DeadCase {
    enum class Why {
        no_state,  // its list of states is empty
        guard,     // its guard holds nowhere in the declared ranges
        shadowed,  // earlier steps drop every segment that it waits for
    };
    const Rule* rule = nullptr;
    const Case* which = nullptr;  // null: all cases of the rule, `why` is then that of its last case
    Why why = Why::guard;
};

struct RuleFindings {
    std::vector<RuleConflict> conflicts;  // in the order of the steps; at most one for each second case
    std::vector<DeadCase> dead;
    bool complete = true;  // false: Z3 gave up somewhere, or a bound on the number of questions was hit
};

// The findings point into the profile. Throws Disagreement (checker/claims/check.h) where the plain interpreter does
// not confirm an example. `stop` is polled between questions to Z3; true: nothing is asked any more, and the findings
// are not complete.
RuleFindings examine_rules(const Profile& profile, const Limits& limits, const std::function<bool()>& stop = {});

// The same for the author: each finding at its place, with an example or the reason. Empty: nothing to complain about.
std::vector<Diagnostic> analyse_rules(const Profile& profile, const Limits& limits,
                                      const std::function<bool()>& stop = {});

}  // namespace lastack
