// A SYN takes one number, a unit of text many: where the two meet.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "generators/walk_suite.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

const std::string taker = R"(
profile p "takes text, and a FIN behind a SYN that is old" {
  states ESTABLISHED initial, CLOSE_WAIT, CLOSED final
  stream from 1
  limit window = 2 in 1..4 "units"
  var rcv_nxt : 1..3
  segment ACK { seq 1; ack rcv_nxt }
  segment DENY { seq 1; ack rcv_nxt; rst }
  on segment
    step all
      rule text "text" cites "RFC 9293 3.10.7.4 seventh"
        ESTABLISHED [seg.len == 1 and not seg.syn and seg.seq == rcv_nxt and rcv_nxt < 3] { rcv_nxt += 1; send ACK }
      rule old_syn "an old SYN with the FIN that is next" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.syn and seg.fin and seg.len == 0 and seg.seq + 1 == rcv_nxt and rcv_nxt > 1] -> CLOSE_WAIT
      rule over "a SYN with text that ends behind the window" cites "RFC 9293 3.10.7.4 first"
        ESTABLISHED [seg.syn and seg.len == 1 and seg.seq + 1 == rcv_nxt + window] -> CLOSED
      rule denied "a SYN right behind the window" cites "RFC 9293 3.10.7.1"
        ESTABLISHED [seg.syn and not seg.fin and seg.len == 0 and seg.seq == rcv_nxt + window] -> CLOSED
          { send DENY with ack seg.seq + 1 }
}
)";

// The steps of all vectors that exercise the rule.
std::vector<VectorStep> steps_for(const std::string& rule) {
    const Spec spec = parse_spec(taker, "taker");
    std::vector<VectorStep> steps;
    for (const TestVector& vector : make_walk_suite(spec.profiles.at(0), "transitions", {}).suite.vectors) {
        for (const VectorStep& step : vector.steps)
            if (step.rules == std::vector<std::string>{rule}) steps.push_back(step);
    }
    REQUIRE_FALSE(steps.empty());
    return steps;
}

}  // namespace

// The text before it was 100 bytes, 0 to 99. A FIN behind a SYN at 0 would stand at 1, which was received long ago.
TEST_CASE("a FIN behind an old SYN stands where the plan has it, at the next number") {
    for (const VectorStep& step : steps_for("old_syn")) {
        CHECK(step.segment.fin);
        CHECK((step.segment.seq + 1) % 100 == 0);
    }
}

TEST_CASE("a SYN whose text ends behind the window counts from the window's edge") {
    for (const VectorStep& step : steps_for("over")) {
        CHECK(step.segment.from_right);
        CHECK(step.segment.seq == -1);
    }
}

// RFC 9293 3.10.7.1: the reset acknowledges SEG.SEQ + SEG.LEN, of which the SYN is one.
TEST_CASE("what acknowledges a SYN beyond the window counts from the window's edge, too") {
    for (const VectorStep& step : steps_for("denied")) {
        CHECK(step.segment.from_right);
        REQUIRE(step.expect.size() == 1);
        CHECK(step.expect[0].segment.ack_from_right);
        CHECK(step.expect[0].segment.ack == step.segment.seq + 1);
    }
}
