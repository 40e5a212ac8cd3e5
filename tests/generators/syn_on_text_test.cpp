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
  on segment
    step all
      rule text "text" cites "RFC 9293 3.10.7.4 seventh"
        ESTABLISHED [seg.len == 1 and not seg.syn and seg.seq == rcv_nxt and rcv_nxt < 3] { rcv_nxt += 1; send ACK }
      rule old_syn "an old SYN with the FIN that is next" cites "RFC 9293 3.10.7.4 eighth"
        ESTABLISHED [seg.syn and seg.fin and seg.len == 0 and seg.seq + 1 == rcv_nxt and rcv_nxt > 1] -> CLOSE_WAIT
      rule over "a SYN with text that ends behind the window" cites "RFC 9293 3.10.7.4 first"
        ESTABLISHED [seg.syn and seg.len == 1 and seg.seq + 1 == rcv_nxt + window] -> CLOSED
}
)";

// The segments of all vectors that exercise the rule.
std::vector<WireSegment> sent_for(const std::string& rule) {
    const Spec spec = parse_spec(taker, "taker");
    std::vector<WireSegment> sent;
    for (const TestVector& vector : make_walk_suite(spec.profiles.at(0), "transitions", {}).suite.vectors) {
        for (const VectorStep& step : vector.steps)
            if (step.rules == std::vector<std::string>{rule}) sent.push_back(step.segment);
    }
    REQUIRE_FALSE(sent.empty());
    return sent;
}

}  // namespace

// The text before it was 100 bytes, 0 to 99. A FIN behind a SYN at 0 would stand at 1, which was received long ago.
TEST_CASE("a FIN behind an old SYN stands where the plan has it, at the next number") {
    for (const WireSegment& segment : sent_for("old_syn")) {
        CHECK(segment.fin);
        CHECK((segment.seq + 1) % 100 == 0);
    }
}

TEST_CASE("a SYN whose text ends behind the window counts from the window's edge") {
    for (const WireSegment& segment : sent_for("over")) {
        CHECK(segment.from_right);
        CHECK(segment.seq == -1);
    }
}
