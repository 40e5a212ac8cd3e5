// What might be true of every reachable state: simple statements made of what the profile declares.
//
// Templates (no protocol is known here): a control state, a flag, an enumerated value or a timer implies another such
// literal or a relation between two numbers; a kind of segment, told by its flags, implies a relation between a field
// and a number of its sender; two segments of a kind have one number; a literal at one end implies one at the other.
// Runs of the plain interpreter on small limits sort out most of what is false, so that few are left for the solver
// (houdini.h). Cost: some ten thousand expressions, each evaluated until a run refutes it.
#pragma once

#include <functional>
#include <vector>

#include "checker/proof/lemma.h"
#include "checker/trace/plain_system.h"

namespace lastack {

enum class Environment {
    anyone,    // any segment may arrive at any time
    peer,      // only what the other end has ever sent
    lossless,  // the same, and nothing is lost: a segment is in flight until it arrives
};

// Which of them: what control states imply, which is what most proofs need, or what flags, timers and both together do.
enum class Tier { states, literals };

struct CandidateOptions {
    Environment environment = Environment::anyone;
    bool alike = false;  // both ends are: one of them is enough
    std::function<bool()> stop;
};

class RefutingRuns;

// Statements about each end (about A only, where both are alike); in the environment `peer` also about the pair. None
// of them is refuted by the runs.
std::vector<Lemma> candidates(const PlainSystem& system, const CandidateOptions& options, const RefutingRuns& runs,
                              Tier tier);

// What clauses about the pair can be made of, as in Lemma::Kind::pair, of A and B: control states, flags, values,
// timers, relations of numbers, and whether a segment of one of these kinds is in flight. At most `most_predicates`.
std::vector<Expr> predicates(const PlainSystem& system, const RefutingRuns& runs, const std::vector<Expr>& kinds);

}  // namespace lastack
