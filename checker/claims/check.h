// Decides the claims of a spec about its systems.
//
// One exploration of a system decides all of its claims that need no monitor; a claim with several stages, or with a
// stage about a step, gets an exploration of its own in which the stage is part of the state. Every trace that is
// returned was replayed by the plain interpreter; a disagreement throws Disagreement.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/claims/cheapest.h"
#include "checker/engine/explorer.h"
#include "checker/engine/growth.h"
#include "checker/trace/plain_claims.h"
#include "checker/trace/trace.h"

namespace lastack {

enum class Answer { holds, violated, unknown };
std::string to_string(Answer answer);

struct CheckResult {
    // It holds because nothing puts it to the test.
    bool vacuous() const { return answer == Answer::holds && !never_met.empty(); }

    // Whether it is as expected is not known.
    bool is_open() const { return answer == Answer::unknown || length_open; }

    const Claim* claim = nullptr;
    std::string profile;              // the subject
    Answer answer = Answer::unknown;  // of a `reachable` claim: holds where a witness was found
    Expectation expected;
    bool as_expected = false;    // also the length, where one is expected; never with `unknown`
    bool length_open = false;    // as expected but for a length: that of the cheapest trace was not found out
    std::optional<Trace> trace;  // cheapest (see `note`): a counterexample, or the witness of a `reachable` claim
    TraceCost cost;              // of the trace
    std::optional<Trace>
        fewest_steps;   // the same question answered in as few steps as can be, whatever is lost or sent
    Coverage coverage;  // of the exploration that decided it
    std::vector<std::string> never_met;  // premises that nothing reachable meets, with their places
    std::string note;                    // what limits the answer, e.g. "runs with more than 4 in flight were cut"
};

struct SystemResult {
    const SystemDecl* system = nullptr;
    Coverage coverage;                         // of the exploration without monitors
    std::string not_mirrored;                  // why mirror images were not counted once, where that was asked for
    std::vector<std::string> rules_not_fired;  // rules of the subject that no step of this system used
    std::optional<Growth> growth;              // where the exploration did not fit its bounds
};

struct CheckReport {
    std::string subject;
    std::vector<SystemResult> systems;
    std::vector<CheckResult> claims;  // in the order of the spec
    std::vector<const Claim*>
        undecided;  // left open behind an unexpected answer, where CheckOptions::fail_fast asked for that
};

struct CheckOptions {
    Bounds bounds;
    std::vector<std::string> only_claims;                       // ids; empty: all
    std::vector<std::string> only_systems;                      // names; only claims on these; empty: all
    std::function<void(const std::string& activity)> activity;  // "system lossy", "claim W01"
    bool cheapest = true;    // false: traces have the fewest steps, and are found sooner
    bool symmetry = false;   // count a state and its mirror image once, where both ends are alike
    bool fail_fast = false;  // the first unexpected answer ends the check
};

// The spec must outlive the report.
CheckReport check(const Spec& spec, const CheckOptions& options);

}  // namespace lastack
