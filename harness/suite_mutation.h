// The mutation score of test suites: which profiles with a mistake does a suite notice, and what of those that it does
// not?
//
// Each mutant is played as the implementation (the target `sim`), driven with the vectors of a suite until one fails.
// Vectors that exercise a rule with the mistake come first. What the profile leaves open (`may`) a mutant decides one
// way and then the other; where its timers take other times, at both ends of them, too. Only a verdict `fail` kills. A
// mutant that no vector kills is compared with its original (checker/compare): over all flag sets, with the calls and
// limits of the suite, control states and time observed. So it is proved equivalent, or proved conforming (each of its
// answers is one that the profile allows: no test may fail it), or there is a reason why it lives on. Cost: a killed
// mutant some dozen vectors; a survivor the whole suite once for each way to play it, and a comparison.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/mutation/mutants.h"
#include "generators/vector.h"
#include "model/endpoint.h"

namespace lastack {

// A profile with a mistake, however it came about.
struct SuiteMutant {
    std::string id, op;    // what changed; the operator, or "spec" where it was written by hand
    std::string sentence;  // of the rule, or of the profile that was written
    Where where;           // of the change
    std::function<Profile()> profile;
    std::optional<Mutant> first_order;  // where it is one
};

// First-order mutants. `original` outlives them.
std::vector<SuiteMutant> suite_mutants(const Profile& original, const std::vector<Mutant::Operator>& operators);
// A mutant that is a profile of its own, which outlives it.
SuiteMutant written_mutant(const Profile& mutant);

// So many of them, drawn by lot, in their order; the same draw for the same seed. All where there are no more.
std::vector<SuiteMutant> sample_of(std::vector<SuiteMutant> mutants, std::size_t count, std::uint32_t seed);

struct JudgingSuite {
    std::string name;
    std::vector<TestVector> vectors;
};

struct Kill {
    std::size_t vector = 0;  // index in the suite
    std::string vector_id;
    int step = -1;            // of the vector, from 0; -1: while settling
    std::string reason, way;  // of the verdict; how the mutant was played: "choices never taken"
};

// What becomes of a mutant that some suite does not kill.
enum class Survival {
    equivalent,  // bisimilar to its original, in time, too
    stillborn,   // it breaks its declarations
    conforming,  // all that it does is allowed by the profile
    missed,      // a vector could kill it: `exchange` is the shortest one found
    in_time,     // only the time differs at which something happens, and no vector that was tried shows it
    choice,      // what it leaves open it decides at another moment: no single run shows that
    unseen,      // only what the application is told, or the control state, where no tester sees it
    unplayable,  // there is an exchange, but no vector of it that can be played
    undecided,   // beyond the size that is explored
};
std::string to_string(Survival survival);

// Input and what both answer; behind the last one of them.
struct TellingExchange {
    struct Step {
        std::string input, answer;
    };
    std::vector<Step> steps;
    std::string input, original, mutant;  // the last one, to which the answers differ
};

struct SuiteMutantResult {
    std::string id, op, sentence;
    Where where;
    std::vector<std::optional<Kill>> kills;  // by suite
    std::optional<Survival> survival;        // nothing: every suite killed it
    std::string reason;                      // of the survival
    std::optional<TellingExchange> exchange;
    std::optional<TestVector> vector;  // of what is missed: of the exchange

    bool could_be_killed() const {
        return !survival || (*survival != Survival::equivalent && *survival != Survival::stillborn &&
                             *survival != Survival::conforming);
    }
};

struct SuiteTally {
    std::string name;
    std::size_t vectors = 0;             // that judge
    std::vector<std::string> left_out;   // vectors that the original fails, with the reason
    std::size_t killed = 0, missed = 0;  // mutants
};

struct SuiteMutationReport {
    std::string profile;
    Limits limits;
    std::vector<std::string> calls;  // that a tester makes
    std::vector<SuiteTally> suites;
    std::vector<SuiteMutantResult> mutants;  // in the order given; those not tried are absent
    std::size_t planned = 0;
    std::size_t sample_of = 0;  // so many mutants, of which those planned were drawn; 0: they are all
    bool interrupted = false;

    std::size_t count(Survival survival) const;
    std::size_t counted() const;  // that could be killed
};

struct SuiteMutationOptions {
    std::map<std::string, int> limits;  // of the profile, as the vectors have them
    std::size_t max_states = 50'000;    // local states of a mutant that is compared
    int jobs = 1;                       // threads; the report is the same for any number
    std::function<bool()> stop;
    std::function<void(std::size_t done, std::size_t all)> progress;
};

// Hands out mutant by mutant what became of it. Where one is missed and has a vector that the original never fails,
// that vector joins those that judge the mutants behind it: a kill by number N, from the size of `vectors` on, is one
// by the (N - size)-th that joined, which were all admitted; so `vectors` are to be those that the original passes.
// Ends where `take` says false. Throws OutOfPatience where `stop` says so.
void grow_suite(const Profile& original, const std::vector<SuiteMutant>& mutants, std::vector<TestVector> vectors,
                const SuiteMutationOptions& options, const std::function<bool(const SuiteMutantResult&)>& take);

// Suites outlive the call only as long as it takes. Throws ModelError where the original breaks its declarations.
SuiteMutationReport score_suites(const Profile& original, const std::vector<SuiteMutant>& mutants,
                                 std::vector<JudgingSuite> suites, const SuiteMutationOptions& options);

}  // namespace lastack
