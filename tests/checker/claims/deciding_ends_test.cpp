// At which end a run shows what its claim says: by the parts that decide it, on traces of a small system.
#include "checker/claims/deciding_ends.h"

#include <doctest/doctest.h>

#include <array>

#include "checker/claims/check.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// Two ends that close; a FIN without an answer goes out again. B has a variable that A's profile has not, before its
// own.
const std::string closers = R"(
profile left "closes" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, CLOSED final
  timer rto = 1 s
  var tries : 0..1
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq 0; ack 1 }
  on call close
    rule close "a FIN" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
  on timer rto
    rule again "the FIN again" cites "RFC 9293 3.8.1" FIN_WAIT_1 [tries < 1] { tries += 1; send FIN; start rto }
    rule give_up "enough" cites "RFC 9293 3.8.3" FIN_WAIT_1 [tries == 1] -> CLOSED
  on segment
    step all
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4" ESTABLISHED, CLOSE_WAIT [seg.fin] -> CLOSE_WAIT { send ACK }
      rule acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4"
        FIN_WAIT_1 [seg.has_ack and seg.ack == 1] -> FIN_WAIT_2 { stop rto }
}
profile right extends left { var spare : 0..1 }
system pair "A and B" ends left A, right B network 2 loses duplicates calls A { close } B { close }
system single "nothing is doubled" ends left A, right B network 2 loses calls A { close } B { close }

claim fires "a rule at an end" cites "none" on pair reachable A calls close then B fires fin
claim both "two ends at once" cites "none" on pair reachable A in FIN_WAIT_2 and B in CLOSE_WAIT
claim either "one of two" cites "none" on pair reachable A in CLOSED or B in FIN_WAIT_1
claim lost "the FIN is lost and comes again" cites "none" on pair
  reachable lost from A [seg.fin] then A fires again then A in FIN_WAIT_2 and B in CLOSE_WAIT
claim answered "the ACK is lost, the FIN comes again" cites "none" on single
  reachable B in CLOSE_WAIT then lost from B [not seg.fin] then A in FIN_WAIT_2 and B in CLOSE_WAIT
claim doubled "a FIN may be doubled" cites "none" on pair reachable doubled from A [seg.fin]
claim never "no end retransmits" cites "none" on pair step each e: not e fires again
claim waits "who waits has a peer that waits" cites "none" on pair
  invariant each e, p: e in CLOSE_WAIT implies p in {FIN_WAIT_1, FIN_WAIT_2} and not p in CLOSED
claim one "not both" cites "none" on pair invariant not (A in FIN_WAIT_1 and B in FIN_WAIT_1)
claim tried "B never tries again" cites "none" on pair invariant each e: e.tries == 0 or e in FIN_WAIT_1
claim quiet "something is always on its way" cites "none" on pair invariant not quiet
claim stays "all is over in the end" cites "none" on pair ends A in CLOSED and B in CLOSED
)";

// Whether the trace of a claim shows it at A and at B.
std::array<bool, 2> shown(const std::string& id) {
    static const Spec spec = spec_from(closers);
    CheckOptions options;
    options.only_claims = {id};
    const CheckReport report = check(spec, options);
    const CheckResult& result = report.claims.at(0);
    const Trace& trace = result.fewest_steps ? result.fewest_steps.value() : result.trace.value();
    const PlainSystem system(spec, system_named(spec, result.claim->system));
    return {why_not_shown_at(system, *result.claim, trace, 0).empty(),
            why_not_shown_at(system, *result.claim, trace, 1).empty()};
}

using At = std::array<bool, 2>;
constexpr At only_a{true, false}, only_b{false, true}, both{true, true};

}  // namespace

TEST_CASE("a witness shows its claim at the ends of which its last stage speaks") {
    CHECK(shown("fires") == only_b);
    CHECK(shown("both") == both);
}

TEST_CASE("of a disjunction only what is true decides, of a violated conjunction only what is false") {
    CHECK(shown("either") == only_b);  // one call, where A would have to give up
    CHECK(shown("one") == both);
}

TEST_CASE("a violated `each` is decided at the end that violates it, and at its peer where the claim speaks of it") {
    const At never = shown("never");
    CHECK(never[0] != never[1]);
    CHECK(shown("waits") == both);  // the peer gave up
}

TEST_CASE("a loss is shown at an end that sends or gets something again, or of which a later stage speaks") {
    CHECK(shown("lost") == only_a);    // B gets one FIN
    CHECK(shown("answered") == both);  // A sends two FINs, B gets two
}

TEST_CASE("what is about no end is shown at both; what the network does and nobody notices, at none") {
    CHECK(shown("quiet") == both);
    CHECK(shown("doubled") == At{false, false});
}

TEST_CASE("an end of which the claim says nothing does not show it, and the reason names the other one") {
    const Spec spec = spec_from(closers);
    CheckOptions options;
    options.only_claims = {"fires"};
    const CheckReport report = check(spec, options);
    const PlainSystem system(spec, spec.systems[0]);
    CHECK(why_not_shown_at(system, *report.claims.at(0).claim, report.claims.at(0).trace.value(), 0) ==
          "it is decided at the other end, B");
}
