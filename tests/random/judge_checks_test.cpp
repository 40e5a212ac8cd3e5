// Random specs judged from every side: what the checker answers, and what those answer that share no code with it.
#include "tests/random/judge_checks.h"

#include <doctest/doctest.h>

#include "generators/murphi.h"
#include "generators/promela.h"
#include "model/language/read_spec.h"
#include "tests/checker/exploring.h"
#include "tests/generators/other_checkers.h"
#include "tests/random/brute_judge.h"

namespace lastack {

namespace {

using namespace testing;

// A sends once and may lose it; B answers nothing. Four states beside the first: sent, arrived, lost, and what A then
// does.
const std::string once = R"(profile once "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, CLOSED
timer rto = 1 s
segment FIN { seq 0; fin }
on call close rule close "it" cites "none" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
on timer rto rule over "it" cites "none" FIN_WAIT_1 -> CLOSED
on segment step all rule fin "it" cites "none" ESTABLISHED [seg.fin] -> CLOSE_WAIT
}
system s "" ends once A, once B network 1 loses calls A { close } B { }
)";

BruteAnswer answer(const std::string& claim) {
    const Spec spec = spec_from(once + "claim it \"it\" cites \"none\" on s " + claim);
    return brute_answer(brute_graph(spec, spec.systems[0], 100), spec.claims[0]);
}

using Verdict = BruteAnswer::Verdict;

void counts_of_others_agree(const std::string& name, std::uint64_t first, int specs, const RandomKnobs& knobs = {}) {
    int done = 0;
    for (std::uint64_t seed = first; done < specs; ++seed) {
        const RandomSpec random = random_spec(seed, knobs);
        const Spec spec = parse_spec(random.text(), "random.spec");
        const BruteGraph graph = brute_graph(spec, spec.systems[0], judged_states);
        if (graph.too_large || graph.nodes.size() < 50) continue;
        ++done;
        CAPTURE(random.text());
        if (checker_present("spin")) {
            const OtherCount spin = spin_counts(to_promela(spec, spec.systems[0]));
            CHECK(spin.states == graph.nodes.size());
            CHECK(spin.transitions == graph.transitions + graph.cuts + 1);
        } else {
            MESSAGE("SKIPPED: " << name << ": spin or gcc is missing");
        }
        if (checker_present("rumur")) {
            const OtherCount rumur = rumur_counts(to_murphi(spec, spec.systems[0]));
            CHECK(rumur.states == graph.nodes.size());
            CHECK(rumur.transitions == graph.transitions);
        } else {
            MESSAGE("SKIPPED: " << name << ": rumur or gcc is missing");
        }
    }
}

}  // namespace

TEST_CASE("500 random specs: each engine counts alike, each claim has its answer, each trace replays" *
          doctest::test_suite("slow")) {
    const JudgedChecks count = judge_checks(0, 500);
    CAPTURE(count.failure);
    CHECK(count.failure == "");
    CHECK(count.specs == 500);
    CHECK(count.too_large < 100);
    CHECK(count.holds > 500);
    CHECK(count.violated > 500);
    CHECK(count.unknown < 500);
    CHECK(count.lassos > 200);
    CHECK(count.mirrored > 100);
    CHECK(count.cut > 50);
}

TEST_CASE("Random specs of a protocol that is not TCP: each engine counts alike, each claim has its answer" *
          doctest::test_suite("slow")) {
    RandomKnobs knobs;
    knobs.own_words = 100;
    const JudgedChecks count = judge_checks(0, 150, knobs);
    CAPTURE(count.failure);
    CHECK(count.failure == "");
    CHECK(count.specs == 150);
    CHECK(count.holds > 150);
    CHECK(count.violated > 150);
    CHECK(count.lassos > 50);
}

TEST_CASE("Drivable random specs: each engine counts alike, each claim has its answer, each trace replays") {
    RandomKnobs knobs;
    knobs.drivable = true;
    const JudgedChecks count = judge_checks(0, 40, knobs);
    CAPTURE(count.failure);
    CHECK(count.failure == "");
    CHECK(count.traces > 50);
}

TEST_CASE("spin and rumur count the states of random specs" * doctest::test_suite("slow")) {
    counts_of_others_agree("spin and rumur count the states of random specs", 1'000, 3);
}

TEST_CASE("spin and rumur count the states of random specs of a protocol that is not TCP" *
          doctest::test_suite("slow")) {
    RandomKnobs knobs;
    knobs.own_words = 100;
    counts_of_others_agree("spin and rumur count the states of random specs of a protocol that is not TCP", 1'000, 3,
                           knobs);
}

TEST_CASE("The brute-force judge decides small claims as a reader would") {
    const Spec spec = spec_from(once + "claim it \"it\" cites \"none\" on s invariant true or quiet");
    const BruteGraph graph = brute_graph(spec, spec.systems[0], 100);
    CHECK(graph.nodes.size() == 7);  // closed or not, times in flight, lost or arrived; and the start
    CHECK(graph.cuts == 0);
    CHECK(answer("invariant not B in CLOSE_WAIT").fewest_steps == 2);
    CHECK(answer("invariant not A in CLOSED").cheapest == std::array<int, 4>{0, 0, 1, 2});
    CHECK(answer("step A expires rto implies quiet").verdict == Verdict::violated);
    CHECK(answer("reachable A expires rto then B gets [seg.fin]").fewest_steps == 3);
    CHECK(answer("reachable B gets [seg.fin] then A calls close").verdict == Verdict::violated);
    CHECK(answer("recoverable A in CLOSED").verdict == Verdict::holds);
    CHECK(answer("recoverable B in CLOSE_WAIT").verdict == Verdict::violated);
    CHECK(answer("ends B in CLOSE_WAIT").cheapest == std::array<int, 4>{1, 0, 1, 3});
    CHECK(answer("leads A in FIN_WAIT_1 to A in CLOSED").verdict == Verdict::holds);
    CHECK(answer("leads next A in FIN_WAIT_1 to B in CLOSE_WAIT").verdict == Verdict::violated);
    CHECK(answer("eventually A in CLOSED fair call close").verdict == Verdict::holds);
    CHECK(answer("always eventually quiet").verdict == Verdict::holds);
    CHECK(answer("eventually always quiet").verdict == Verdict::holds);
    CHECK(answer("eventually always A in CLOSED").verdict == Verdict::holds);         // no step but A's own leads on
    CHECK(answer("eventually always A in FIN_WAIT_1").verdict == Verdict::violated);  // it ends in CLOSED
    CHECK(answer("reachable A returns ok").fewest_steps == 1);
    CHECK(answer("step A sends at most one [seg.fin] and not A sends exactly 2").verdict == Verdict::holds);
    CHECK(answer("step A calls close implies A sends exactly 0 [seg.fin]").fewest_steps == 1);
    CHECK(answer("invariant in flight from A at most 0").fewest_steps == 1);
    CHECK(answer("acyclic A calls close or A expires rto").verdict == Verdict::holds);
}

}  // namespace lastack
