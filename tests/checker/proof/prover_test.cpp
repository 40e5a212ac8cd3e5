// Claims for every bound: what is proved, what must never be, and proofs that other solvers check.
#include <doctest/doctest.h>

#include <algorithm>

#include "checker/claims/check.h"
#include "checker/proof/certificate.h"
#include "checker/proof/inductive.h"
#include "checker/proof/prover.h"
#include "tests/spec_support.h"
#include "tests/support.h"

using namespace lastack;
using lastack::testing::claim_named;
using lastack::testing::installed;
using lastack::testing::run;
using lastack::testing::shipped_spec;
using lastack::testing::spec_from;
using lastack::testing::TemporaryDirectory;

namespace {

// A FIN that is sent again until a bound; an end that gives up, or was told that its FIN arrived.
const std::string small = R"(
profile small "a FIN, sent again" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSED
  limit retries = 1 in 0..3 "before giving up"
  timer rto = 1 s
  var tries : 0..retries
  history gave_up : flag
  segment FIN { seq 1; ack 0; fin }
  segment ACK { seq 1; ack 2 }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4"
      ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
  on timer rto
    rule again "it is sent again" cites "RFC 9293 3.8.1"
      FIN_WAIT_1 [tries < retries] { tries += 1; send FIN; start rto }
    rule give_up "it is given up" cites "RFC 9293 3.8.3"
      FIN_WAIT_1 [tries == retries] -> CLOSED { set gave_up }
  on segment
    step fifth
      rule acked "the FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth"
        FIN_WAIT_1 [seg.ack == 2] -> FIN_WAIT_2 { tries := 0; stop rto }
    step eighth
      rule fin "the peer's FIN is acknowledged" cites "RFC 9293 3.10.7.4 eighth"
        any [seg.fin] { send ACK }
}
system two "two of them" ends small  network 2 loses duplicates reorders calls { close }
claim bounded "retransmissions are bounded" on two invariant each e: e.tries <= retries
claim counted "each one counts" on two
  step each e: e expires rto and e sends implies e.tries < retries and next e.tries == e.tries + 1
claim fin-one "a FIN has number 1" on two invariant each e: not in flight from e [seg.fin and seg.seq != 1]
claim told "in FIN-WAIT-2 nothing is sent again" on two
  invariant each e: e in FIN_WAIT_2 implies not e runs rto
claim never-two "never more than one retransmission" on two invariant each e: e.tries <= 0  expect violated
claim stays "nobody gives up" on two invariant each e: not e.gave_up  expect violated
claim no-fin "no FIN is in flight" on two invariant each e: not in flight from e [seg.fin]  expect violated
claim silent-rto "an expiry sends nothing" on two step each e: e expires rto implies not e sends  expect violated
)";

// A busy machine must not decide what is proved.
ProofOptions patient() {
    ProofOptions options;
    options.time = std::chrono::minutes(20);
    return options;
}

std::vector<const Claim*> all_claims(const Spec& spec) {
    std::vector<const Claim*> claims;
    for (const Claim& claim : spec.claims) claims.push_back(&claim);
    return claims;
}

std::vector<std::string> proved(const std::vector<Proof>& proofs) {
    std::vector<std::string> ids;
    for (const Proof& proof : proofs) {
        if (proof.proved) ids.push_back(proof.claim->id);
    }
    return ids;
}

bool violated(const Spec& spec, const std::string& id) {
    CheckOptions options;
    options.only_claims = {id};
    return check(spec, options).claims.at(0).answer == Answer::violated;
}

}  // namespace

TEST_CASE("what holds for every limit is proved, and nothing that exploration refutes") {
    const Spec spec = spec_from(small);
    const std::vector<Proof> proofs = prove(spec, all_claims(spec), patient());
    CHECK(proved(proofs) == std::vector<std::string>{"bounded", "counted", "fin-one", "told"});
    for (const Proof& proof : proofs) CHECK_FALSE((proof.proved && violated(spec, proof.claim->id)));
    CHECK(std::count(proofs[0].limits.begin(), proofs[0].limits.end(), "retries >= 0") == 1);
}

TEST_CASE("a mistake in the rules takes the proof away") {
    const auto with = [](const std::string& change) {
        return spec_from(small.substr(0, small.find("system two")) + change + "\n" +
                         small.substr(small.find("system two")));
    };
    const Spec uncounted = with(R"(profile forgets extends small "an expiry that is not counted" {
      replace rule again "it is sent again" cites "RFC 9293 3.8.1"
        FIN_WAIT_1 [tries < retries] { send FIN; start rto } })");
    Spec changed = uncounted;
    for (SystemDecl& system : changed.systems) system.profile[0] = system.profile[1] = "forgets";
    const std::vector<Proof> proofs = prove(changed, {&claim_named(changed, "counted")}, patient());
    CHECK(proved(proofs).empty());
    CHECK(violated(changed, "counted"));
}

TEST_CASE("a proof is a set of questions that a fresh solver, the program z3 and cvc5 answer alike") {
    const Spec spec = spec_from(small);
    const std::vector<Proof> proofs = prove(
        spec, {&claim_named(spec, "bounded"), &claim_named(spec, "fin-one"), &claim_named(spec, "counted")}, patient());
    const TemporaryDirectory here;
    for (const Proof& proof : proofs) {
        REQUIRE(proof.proved);
        CHECK(proof.certificate.front().name == "initiation");
        for (const ProofQuery& query : proof.certificate) {
            CAPTURE(query.name);
            CHECK(recheck(query.smtlib, std::chrono::minutes(5)) == Rechecked::unsat);
            const std::string file = here.write("question.smt2", query.smtlib);
            for (const std::string solver : {"z3", "cvc5"}) {
                if (installed(solver)) CHECK(run(solver + " " + file) == "unsat\n");
            }
        }
    }
    for (const std::string solver : {"z3", "cvc5"}) {
        if (!installed(solver)) MESSAGE("skipped: " << solver << " is not installed");
    }
}

TEST_CASE("a proof that lacks what it needs is refused") {
    const Spec spec = spec_from(small);
    const Claim& claim = claim_named(spec, "fin-one");
    LimitRanges ranges[2] = {{{"retries", {0, std::nullopt}}}, {{"retries", {0, std::nullopt}}}};
    PairFormula formula(spec, *spec.system("two"), ranges);
    Inductive inductive(formula, Environment::anyone, {});
    const auto refused = [&] {
        std::vector<std::string> names;
        for (const Query& query : inductive.certificate(claim)) {
            if (recheck(query.smtlib, std::chrono::minutes(5)) == Rechecked::sat) names.push_back(query.name);
        }
        return names;
    };
    SUBCASE("without an invariant the claim does not follow") {
        CHECK(refused() == std::vector<std::string>{"safety"});
    }
    SUBCASE("an invariant that is not inductive is found out") {
        Lemma wrong{Lemma::Kind::end, 0,
                    expr::binary(Op::le, expr::variable(*spec.profile("small"), 0), expr::constant(0))};
        inductive.take({wrong});
        CHECK(refused() == std::vector<std::string>{"consecution A expires rto", "safety"});
    }
    SUBCASE("text that is no SMT-LIB proves nothing") {
        CHECK(recheck("(assert", std::chrono::seconds(1)) == Rechecked::unknown);
    }
}

// Each segment of this end says that it is not in ESTABLISHED any more. Before it has sent one nothing is known of its
// segments, and what it does then counts all the same.
TEST_CASE("steps before anything was sent count") {
    const Spec spec = spec_from(R"(
profile quiet "it sends nothing while it is established" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSED
  history left : flag
  segment FIN { seq 1; ack 0; fin }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN }
  on call abort
    rule abort "ABORT is silent" cites "RFC 9293 3.10.5" ESTABLISHED -> CLOSED { set left }
}
system two "two of them" ends quiet  network 1 loses calls { close abort }
claim stays "nobody leaves" on two invariant each e: not e.left  expect violated
claim fin-later "a FIN leaves ESTABLISHED" on two
  invariant each e: in flight from e [seg.fin] implies not e in ESTABLISHED
)");
    CHECK(proved(prove(spec, all_claims(spec), patient())) == std::vector<std::string>{"fin-later"});
    CHECK(violated(spec, "stays"));
}

TEST_CASE("a solver that is out of time leaves a claim open, and says so") {
    const Spec& spec = shipped_spec("properties/safety.spec");
    ProofOptions options;
    options.time = std::chrono::milliseconds(50);
    const std::vector<Proof> proofs = prove(spec, {&claim_named(spec, "S17")}, options);
    CHECK_FALSE(proofs[0].proved);
    CHECK_FALSE(proofs[0].tried.empty());
}

TEST_CASE("TIME-WAIT is for who closed first, whatever the peer and the limits") {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/properties/safety.spec", "rfc9293");
    const std::vector<Proof> proofs = prove(spec, {&claim_named(spec, "S01a"), &claim_named(spec, "S03")}, patient());
    CHECK(proved(proofs) == std::vector<std::string>{"S01a", "S03"});
    CHECK(proofs[0].environment == Environment::anyone);
    for (const std::string limit : {"retries >= 0", "data >= 0", "window >= 1"})
        CHECK(std::count(proofs[0].limits.begin(), proofs[0].limits.end(), limit) == 1);
}

TEST_CASE("forms that no proof is for are told") {
    const Spec& spec = shipped_spec("properties/safety.spec");
    CHECK(why_not_provable(claim_named(spec, "S13-b")) != "");
    CHECK(why_not_provable(claim_named(spec, "S01a")) == "");
}
