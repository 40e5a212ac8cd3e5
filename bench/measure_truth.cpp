#include <fmt/format.h>
#include <cstdlib>
#include "tests/random/judge_vectors.h"
using namespace lastack::testing;
int main(int argc, char** argv) {
    const std::uint64_t first = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 1, count = argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 100;
    if (argc > 3) { fmt::print("{}\n", without_dead_rules(random_spec(first, vector_knobs(first))).text()); }
    const VectorTally t = judge_vectors(first, count);
    fmt::print("{} specs {} vectors {} not made {} runs: {} pass {} inconclusive {} fail {} error; plain {} / {} inconclusive; rewritten {}\n", t.specs, t.vectors, t.not_made, t.runs, t.passed, t.inconclusive, t.failed, t.errors, t.plain_inconclusive, t.plain_runs, t.rewritten);
    for (const auto& r : t.reasons) fmt::print("{}\n", r);
    return !t.bad.empty();
}
