// Borders of the projection: streams that count the SYN, windows of 0, SYNs at an open connection, and the traces of
// which no vector can be made.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "generators/project.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// Both profiles send a unit of text and a FIN; the second one counts the SYN as unit 0.
const std::string talkers = R"(
profile FROM_0 "text, then FIN" {
  states ESTABLISHED initial, FIN_WAIT_1, CLOSE_WAIT, LAST_ACK, CLOSED final
  var snd : 0..2
  var rcv : 0..2
  segment DATA { seq snd; ack rcv; len 1 }
  segment FIN { seq snd; ack rcv; fin }
  segment ACK { seq snd; ack rcv }
  on call send
    rule send "text" cites "RFC 9293 3.10.2" ESTABLISHED [snd == 0] { send DATA; snd += 1 }
  on call close
    rule close "FIN" cites "RFC 9293 3.10.4" ESTABLISHED [snd == 1] -> FIN_WAIT_1 { send FIN; snd += 1 }
  on segment
    step all
      rule text "text" cites "RFC 9293 3.10.7.4 seventh"
        ESTABLISHED [seg.len == 1 and seg.seq == rcv] { rcv += 1; send ACK }
      rule fin "FIN" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.fin and seg.seq == rcv] -> CLOSE_WAIT { rcv += 1; send ACK }
}
profile FROM_1 extends FROM_0 {
  stream from 1
  replace var snd : 1..3
  replace var rcv : 1..3
  replace rule send "text" cites "RFC 9293 3.10.2" ESTABLISHED [snd == 1] { send DATA; snd += 1 }
  replace rule close "FIN" cites "RFC 9293 3.10.4" ESTABLISHED [snd == 2] -> FIN_WAIT_1 { send FIN; snd += 1 }
}
system old "units from 0" ends FROM_0 A, FROM_0 B network 2 calls A { send close } B { }
system new "units from 1" ends FROM_1 A, FROM_1 B network 2 calls A { send close } B { }
system mixed "one of each" ends FROM_0 A, FROM_1 B network 2 calls A { send close } B { }
claim old "all of it" cites "RFC 9293 3.6" on old reachable B in CLOSE_WAIT then A gets [seg.ack == 2]
claim new "all of it" cites "RFC 9293 3.6" on new reachable B in CLOSE_WAIT then A gets [seg.ack == 3]
claim mixed "text" cites "RFC 9293 3.6" on mixed reachable A calls send
)";

Projection attempt(const Spec& spec, const std::string& id, int end) {
    CheckOptions options;
    options.only_claims = {id};
    const Claim& claim = claim_named(spec, id);
    const PlainSystem plain(spec, system_named(spec, claim.system));
    return project(plain, claim, check(spec, options).claims.at(0).trace.value(), end, {});
}

TestVector made(const Spec& spec, const std::string& id, int end) {
    const Projection projection = attempt(spec, id, end);
    REQUIRE_MESSAGE(projection.vector.has_value(), projection.reason);
    return *projection.vector;
}

// A profile that ends as it gets a SYN, or answers with one; a bystander for starts.
const std::string openers = R"(
profile p "opens and closes" {
  states ESTABLISHED initial, SYN_RCVD, CLOSE_WAIT, CLOSED final
  stream from 1
  kept life : 0..1
  segment SYN { seq 0; syn; era life }
  segment PROBE { seq 1; syn; zero_window }
  segment ACK { seq 1; ack 1; zero_window; era life }
  on call probe
    rule probe "a SYN out of place" cites "RFC 9293 3.10.7.4 fourth" ESTABLISHED { send PROBE }
  on call open
    rule open "another one" cites "RFC 9293 3.10.1" ESTABLISHED -> CLOSED { life := 1; send SYN }
  on call wait
    rule wait "waits" cites "RFC 9293 3.10.7.2" ESTABLISHED -> SYN_RCVD
  on segment
    step fourth
      rule challenge "challenge ACK" cites "RFC 5961 4.2" ESTABLISHED [seg.syn and not seg.has_ack] { send ACK }
      rule challenged "it goes on" cites "RFC 5961 4.2" ESTABLISHED [seg.has_ack] -> CLOSE_WAIT
}
system pair "two of them" ends p A, p B network 1 calls A { probe open wait } B { }
system late "B is on its way" ends p A, p B network 1 calls A { probe } B { } starts B in CLOSE_WAIT
claim probe "a SYN is challenged" cites "RFC 5961 4.2" on pair reachable A in CLOSE_WAIT
claim again "another incarnation" cites "RFC 9293 3.10.1" on pair reachable B gets [seg.syn and seg.seq == 0]
claim waits "A waits for a handshake" cites "RFC 9293 3.10.1" on pair reachable A in SYN_RCVD
claim late "it starts elsewhere" cites "RFC 9293 3.10.1" on late reachable A calls probe
)";

// Probes a shut window as Linux does, once its text is acknowledged.
const std::string probers = R"(
profile p "probes with an old number" {
  states ESTABLISHED initial, CLOSED final
  stream from 1
  var snd_una, snd_nxt : 1..2
  segment DATA { seq snd_nxt; ack 1; len 1 }
  segment ACK { seq snd_nxt; ack 1 }
  on call send
    rule send "text" cites "RFC 9293 3.10.2" ESTABLISHED [snd_nxt == 1] { send DATA; snd_nxt += 1 }
  on call recv
    rule probe "a probe" cites "RFC 9293 3.8.6.1" ESTABLISHED { send ACK with seq snd_una - 1 }
  on segment
    step fifth
      rule acked "text is acknowledged" cites "RFC 9293 3.10.7.4 fifth" ESTABLISHED [seg.ack == 2] { snd_una := 2 }
      rule text "text" cites "RFC 9293 3.10.7.4 seventh" ESTABLISHED [seg.len == 1] { send ACK with ack 2 }
}
system pair "two of them" ends p A, p B network 1 calls A { send recv } B { }
claim probe "text, then a probe" cites "RFC 9293 3.8.6.1" on pair
  reachable A sends [seg.len == 0] then A.snd_una == 2 then A sends [seg.len == 0]
)";

}  // namespace

TEST_CASE("vectors count from the first unit of text, wherever the profile begins to count") {
    const Spec spec = spec_from(talkers);
    for (int end = 0; end < 2; ++end) {
        const TestVector old = made(spec, "old", end), counted = made(spec, "new", end);
        REQUIRE(old.steps.size() == counted.steps.size());
        for (std::size_t i = 0; i < old.steps.size(); ++i) {
            CAPTURE(i);
            CHECK(old.steps[i].segment == counted.steps[i].segment);
            CHECK(old.steps[i].expect == counted.steps[i].expect);
        }
    }
    const TestVector vector = made(spec, "new", 0);
    REQUIRE(vector.steps.size() >= 2);
    CHECK(to_string(vector.steps[0].expect.at(0).segment) == "DATA,ACK seq=1 ack=1 len=100");
    CHECK(to_string(vector.steps.back().segment) == "ACK seq=1 ack=102");
}

TEST_CASE("a probe has the number of the last byte before what is not acknowledged, text or SYN") {
    const Spec spec = spec_from(probers);
    const TestVector vector = made(spec, "probe", 0);
    std::vector<std::string> probes;
    for (const VectorStep& step : vector.steps)
        for (const Expected& expected : step.expect)
            if (expected.segment.len == 0) probes.push_back(to_string(expected.segment));
    CHECK(probes == std::vector<std::string>{"ACK seq=0 ack=1", "ACK seq=100 ack=1"});
}

TEST_CASE("ends that number their streams differently make no vector") {
    CHECK(attempt(spec_from(talkers), "mixed", 0).reason == "the two ends number the units of a stream differently");
}

TEST_CASE("a SYN at an open connection is a stimulus like any other, and a shut window is part of it") {
    const Spec spec = spec_from(openers);
    const TestVector vector = made(spec, "probe", 1);
    REQUIRE(vector.steps.size() == 1);
    CHECK(to_string(vector.steps[0].segment) == "SYN seq=1 wnd=0");
    CHECK(to_string(vector.steps[0].expect.at(0).segment) == "ACK seq=1 ack=1 wnd=0");
}

TEST_CASE("a trace that needs a handshake of its own makes no vector, and the reason says where") {
    const Spec spec = spec_from(openers);
    CHECK(attempt(spec, "late", 0).reason == "B starts in CLOSE-WAIT; a vector starts after the handshake");
    CHECK(attempt(spec, "waits", 0).reason ==
          "A comes to SYN-RECEIVED; a vector knows no handshake but the one before it");
    CHECK(attempt(spec, "again", 1).reason ==
          "a segment belongs to another incarnation of the connection; a vector has one");
}
