// Runs of the same vectors on several targets: what differs is told, instants and what some target skipped are not.
#include "report/run_differences.h"

#include <doctest/doctest.h>

#include "tests/harness/hand_vectors.h"

using namespace lastack;

namespace {

TestRun run_of(Verdict verdict, std::int64_t at_us, const WireSegment& came) {
    TestRun run;
    run.verdict = verdict;
    if (verdict == Verdict::fail) run.reason = "it did not come";
    run.observed = {{at_us, 0, Observed::Kind::call, {}, "close() = ok"},
                    {at_us + 1, 0, Observed::Kind::received, came, "expected"}};
    return run;
}

}  // namespace

TEST_CASE("two targets: a verdict that differs, another course under one verdict, a skipped vector, the same later") {
    std::vector<TestVector> vectors;
    for (const char* const id : {"same", "verdict", "course", "skipped"}) vectors.push_back(hand::vector_of(id, {}));
    const WireSegment fin = hand::fin(0, 0), ack = hand::ack(1, 1);
    const TargetRuns one{"linux",
                         {run_of(Verdict::pass, 10, fin), run_of(Verdict::pass, 10, fin),
                          run_of(Verdict::pass, 10, fin), run_of(Verdict::skipped, 0, fin)}};
    const TargetRuns other{"linux-vm:6.1",
                           {run_of(Verdict::pass, 99, fin), run_of(Verdict::fail, 10, fin),
                            run_of(Verdict::pass, 10, ack), run_of(Verdict::pass, 0, ack)}};
    CHECK(differences_text(vectors, {one, other}) ==
          "\nOf 4 vectors 3 were driven on all 2 targets; 1 verdicts differ:\n"
          "  verdict\n"
          "    linux         CONFIRMED\n"
          "    linux-vm:6.1  REFUTED it did not come\n"
          "1 vectors with one verdict had other packets or results, first so:\n"
          "  course\n"
          "    linux         FIN,ACK seq=1 ack=1\n"
          "    linux-vm:6.1  ACK seq=2 ack=2\n");
    CHECK(differences_text(vectors, {one, one}).find("0 verdicts differ.\n0 vectors") != std::string::npos);
}
