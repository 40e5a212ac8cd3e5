// Clauses that are learned from counterexamples to induction: what they prove, and what they never do.
#include <doctest/doctest.h>

#include <algorithm>

#include "checker/proof/learning.h"
#include "checker/proof/prover.h"
#include "tests/spec_support.h"

using namespace lastack;
using lastack::testing::claim_named;
using lastack::testing::spec_from;

namespace {

// A FIN is sent once. As long as nothing is lost, it or its acknowledgment is on its way while its sender waits.
std::string once(const std::string& network) {
    return R"(
profile once "a FIN, sent once" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2
  segment FIN { seq 1; ack 0; fin }
  segment ACK { seq 1; ack 2 }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN }
  on segment
    step fifth
      rule acked "the FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth" FIN_WAIT_1 [seg.ack == 2] -> FIN_WAIT_2
    step eighth
      rule fin "the peer's FIN is acknowledged" cites "RFC 9293 3.10.7.4 eighth" any [seg.fin] { send ACK }
}
system two "two of them" ends once  network 2 )" +
           network + R"( calls { close }
claim heard "when all is quiet nobody waits" on two invariant each e: quiet implies not e in FIN_WAIT_1
claim closed "when all is quiet nobody has closed" on two
  invariant each e: quiet implies e in ESTABLISHED  expect violated
)";
}

ProofOptions patient() {
    ProofOptions options;
    options.time = std::chrono::minutes(20);
    return options;
}

struct Room {
    explicit Room(const Spec& spec)
        : plain(spec, *spec.system("two")), options{Environment::lossless, true, {}},
          runs(spec, *spec.system("two"), options), kinds(runs.kinds()),
          formula(spec, *spec.system("two"), ranges, kinds), inductive(formula, Environment::lossless, {}) {
        for (const Tier tier : {Tier::states, Tier::literals})
            inductive.keep_inductive(candidates(plain, options, runs, tier));
    }
    std::optional<std::vector<Lemma>> learn(const Claim& claim) {
        const std::vector<Expr> made = predicates(plain, runs, kinds);
        return Learning(formula, inductive, made, runs.shown(made)).learn(claim);
    }

    PlainSystem plain;
    CandidateOptions options;
    RefutingRuns runs;
    std::vector<Expr> kinds;
    LimitRanges ranges[2];
    PairFormula formula;
    Inductive inductive;
};

}  // namespace

TEST_CASE("what no lemma of a fixed form proves follows from clauses that are learned") {
    const Spec spec = spec_from(once("reorders"));
    const Claim& heard = claim_named(spec, "heard");
    Room room(spec);
    CHECK_FALSE(room.inductive.follows(heard));
    const auto learned = room.learn(heard);
    REQUIRE(learned);
    room.inductive.keep_inductive(*learned);
    CHECK(room.inductive.follows(heard));

    const std::vector<Proof> proofs = prove(spec, {&heard}, patient());
    CHECK(proofs[0].proved);
    CHECK(proofs[0].environment == Environment::lossless);
    CHECK(std::any_of(proofs[0].invariant.begin(), proofs[0].invariant.end(),
                      [](const std::string& lemma) { return lemma.find("in flight from p") != std::string::npos; }));
}

TEST_CASE("of what is reached no clause is learned that rules it out") {
    const Spec spec = spec_from(once("reorders"));
    Room room(spec);
    CHECK_FALSE(room.learn(claim_named(spec, "closed")));
    const Spec lossy = spec_from(once("loses reorders"));
    for (const Proof& proof : prove(lossy, {&claim_named(lossy, "heard"), &claim_named(lossy, "closed")}, patient()))
        CHECK_FALSE(proof.proved);
}
