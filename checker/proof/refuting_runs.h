// Random runs of two plain endpoints (model/plain.h) over the set of all that was ever sent, to refute statements
// before a solver is asked. Same seed, same runs. What stands may still be false.
#pragma once

#include <bitset>
#include <random>

#include "checker/proof/candidates.h"

namespace lastack {

// Which of some predicates hold.
constexpr std::size_t most_predicates = 256;
using Valuation = std::bitset<most_predicates>;

class RefutingRuns {
public:
    RefutingRuns(const Spec& spec, const SystemDecl& decl, const CandidateOptions& options);

    // Keeps those that no state of the runs refutes.
    void sort_out(std::vector<Lemma>& lemmas) const;

    // What the states of the runs say of these, each once, seen from A; where both ends are alike from B, too. Of
    // claims' form, as in Lemma::Kind::pair. Where nothing is lost also what is reached with the limits as given, where
    // of each segment it is kept only whether it is in flight: breadth first, so many states at most.
    std::vector<Valuation> shown(const std::vector<Expr>& predicates) const;

    // The segments of the runs by their flags and small numbers: each is of one kind only.
    std::vector<Expr> kinds() const;

private:
    struct Moment {
        Limits limits[2];
        EndState end[2];
        std::vector<Segment> sent[2];    // ever, without doubles
        std::vector<Segment> flight[2];  // where nothing is lost
    };
    void explore(const SystemDecl& decl);
    void walk(const Spec& spec, const SystemDecl& decl, std::uint32_t seed);
    Input draw_input(const SystemDecl& decl, const Moment& now, int end);
    Segment draw_segment(const Vocabulary& vocabulary);
    int read(const Expr& expr, const Moment& moment, int which) const;
    bool stands(const Lemma& lemma, const Moment& moment, int which) const;
    int drawn(int most) { return static_cast<int>(generator_() % static_cast<unsigned>(most + 1)); }

    PlainSystem plain_;
    CandidateOptions options_;
    std::mt19937 generator_;  // its numbers are the same everywhere
    std::vector<Moment> moments_;
    std::vector<Moment> explored_;
};

}  // namespace lastack
