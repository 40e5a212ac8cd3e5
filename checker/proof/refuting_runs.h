// Random runs of two plain endpoints (model/plain.h) over the set of all that was ever sent, to refute statements
// before a solver is asked. Same seed, same runs. What stands may still be false.
#pragma once

#include <random>

#include "checker/proof/candidates.h"

namespace lastack {

class RefutingRuns {
public:
    RefutingRuns(const Spec& spec, const SystemDecl& decl, const CandidateOptions& options);

    // Keeps those that no state of the runs refutes.
    void sort_out(std::vector<Lemma>& lemmas) const;

    // Where the premise held in the runs, at least one of these parts did: sets of at most three, each without a
    // smaller one inside. Of claims' form, as in Lemma::Kind::pair.
    std::vector<std::vector<std::size_t>> smallest_covers(const Expr& premise, const std::vector<Expr>& parts,
                                                          int end) const;

private:
    struct Moment {
        Limits limits[2];
        EndState end[2];
        std::vector<Segment> sent[2];    // ever, without doubles
        std::vector<Segment> flight[2];  // where nothing is lost
    };
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
};

}  // namespace lastack
