// Drawings of runs that go on for ever: where the loop begins, and that it goes back there.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "report/ladder.h"
#include "report/mermaid.h"
#include "report/segment_fates.h"
#include "report/svg_ladder.h"
#include "tests/report/hand_walk.h"

using namespace lastack;
using lastack::testing::HandWalk;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// A closes; its FIN is lost and sent again, for ever. The state before the timer expires is the one after the loss.
Trace lasso(const HandWalk& walk, int from) {
    Trace trace = walk.trace();
    trace.loop_from = from;
    return trace;
}

HandWalk retransmissions() {
    HandWalk walk("lossy");
    walk.take("A calls close").take("loses FIN").take("rto expires").take("loses FIN");
    return walk;
}

}  // namespace

TEST_CASE("a ladder says where the loop begins, and at its end that it goes back there") {
    const HandWalk walk = retransmissions();
    const Trace trace = lasso(walk, 2);
    REQUIRE(trace.steps[1].after == trace.steps[3].after);
    const std::string text = ladder(walk.system(), trace);
    const auto begins = text.find("--- from here the run repeats for ever ---\n");
    REQUIRE(begins != std::string::npos);
    CHECK(begins > text.find("close()"));
    CHECK(begins < text.find("rto expires"));
    const std::string last = "--- and again from the line above ---\n";
    REQUIRE(text.size() > last.size());
    CHECK(text.substr(text.size() - last.size()) == last);
    CHECK_FALSE(has(ladder(walk.system(), walk.trace()), "---"));
}

TEST_CASE("Mermaid has the loop as a block around its steps") {
    const HandWalk walk = retransmissions();
    const std::string text = mermaid(walk.system(), lasso(walk, 2));
    CHECK(has(text, "    loop for ever\n    Note over A: rto expires\n"));
    CHECK(text.rfind("    end\n") == text.size() - 8);
    CHECK_FALSE(has(mermaid(walk.system(), walk.trace()), "loop"));
}

TEST_CASE("SVG has the loop in a box that ends below the lifelines") {
    const HandWalk walk = retransmissions();
    const std::string svg = svg_ladder(walk.system(), lasso(walk, 2));
    CHECK(has(svg, ">repeats for ever</text>"));
    std::smatch box;
    REQUIRE(
        std::regex_search(svg, box, std::regex(R"-(<rect x="[^"]*" y="([^"]*)" width="[^"]*" height="([^"]*)" rx)-")));
    std::smatch size;
    REQUIRE(std::regex_search(svg, size, std::regex(R"-(<svg [^>]*height="(\d+)")-")));
    CHECK(std::stod(box[1]) > 0);
    CHECK(std::stod(box[1]) + std::stod(box[2]) < std::stod(size[1]));
    CHECK_FALSE(has(svg_ladder(walk.system(), walk.trace()), "repeats for ever"));
}

// B sends its ACK in the last step of the loop, or before the loop in its first round: no arrow may hide that.
TEST_CASE("what is in flight where the loop begins is not drawn as sent and delivered in one") {
    HandWalk walk("calm");
    walk.take("A calls close").take("B gets FIN");
    const SegmentFates straight = segment_fates(walk.system(), walk.trace());
    CHECK(straight.at_once(straight.all[0]));
    const SegmentFates looped = segment_fates(walk.system(), lasso(walk, 1));
    CHECK_FALSE(looped.at_once(looped.all[0]));
    CHECK(
        has(mermaid(walk.system(), lasso(walk, 1)), "Note over A: sends FIN,ACK seq=0 ack=0 [1]\n    loop for ever\n"));
}

TEST_CASE("a zero window shows in ladders, whatever the form") {
    HandWalk walk("calm");
    walk.take("A calls close").take("B gets FIN");
    Trace trace = walk.trace();
    trace.steps[0].sent[0].zero_window = true;
    trace.steps[0].after.flight[0][0].zero_window = true;
    trace.steps[1].segment.zero_window = true;
    CHECK(has(ladder(walk.system(), trace), "-- FIN,ACK seq=0 ack=0 wnd=0 -"));
    CHECK(has(mermaid(walk.system(), trace), "A->>B: FIN,ACK seq=0 ack=0 wnd=0\n"));
    CHECK(has(svg_ladder(walk.system(), trace), "FIN,ACK seq=0 ack=0 wnd=0</text>"));
}
