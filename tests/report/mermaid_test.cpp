// Mermaid diagrams of traces of small systems: each event has its line, and nothing breaks out of a line.
#include "report/mermaid.h"

#include <doctest/doctest.h>

#include <string>

#include "tests/report/hand_walk.h"

using namespace lastack;
using lastack::testing::HandWalk;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("a segment that is delivered at once is an arrow, with notes for what the ends did") {
    HandWalk walk("calm");
    walk.take("A calls close").take("B gets FIN");
    CHECK(mermaid(walk.system(), walk.trace()) == "sequenceDiagram\n"
                                                  "    participant A as A (p)\n"
                                                  "    participant B as B (p)\n"
                                                  "    Note over A: ESTABLISHED\n"
                                                  "    Note over B: ESTABLISHED\n"
                                                  "    Note over A: close(), FIN-WAIT-1\n"
                                                  "    A->>B: FIN,ACK seq=0 ack=0\n"
                                                  "    Note over B: told: eof, CLOSE-WAIT\n"
                                                  "    Note over B: sends ACK seq=0 ack=1 [1]\n"
                                                  "    Note over A,B: still in flight from B: ACK seq=0 ack=1 [1]\n");
}

TEST_CASE("a segment that is delivered later has a note where it left and the same number at its arrow") {
    HandWalk walk("calm");
    walk.take("A calls close").take("B calls close").take("B gets FIN");
    const std::string text = mermaid(walk.system(), walk.trace());
    CHECK(has(text, "    Note over A: sends FIN,ACK seq=0 ack=0 [1]\n"));
    CHECK(has(text, "    Note over B: sends FIN,ACK seq=0 ack=0 [2]\n    A->>B: FIN,ACK seq=0 ack=0 [1]\n"));
}

TEST_CASE("losses end in a cross, doubled segments get a number for the copy") {
    HandWalk walk("lossy");
    walk.take("A calls close").take("doubles FIN").take("loses FIN").take("B gets FIN");
    const std::string text = mermaid(walk.system(), walk.trace());
    CHECK(has(text, "    Note over A,B: the network doubles, from A: FIN,ACK seq=0 ack=0 [1]\n"));
    CHECK(has(text, "    Note over A,B: the copy, from A: FIN,ACK seq=0 ack=0 [2]\n"));
    CHECK(has(text, "    A-xB: FIN,ACK seq=0 ack=0 [1] (lost)\n"));
    CHECK(has(text, "    A->>B: FIN,ACK seq=0 ack=0 [2]\n"));
}

TEST_CASE("a segment sent into a full direction never leaves") {
    HandWalk walk("lossy");
    walk.take("A calls close").take("doubles FIN").take("rto expires");
    CHECK(has(mermaid(walk.system(), walk.trace()),
              "    Note over A: rto expires\n    A-xB: FIN,ACK seq=0 ack=0 (lost, the network is full)\n"));
}

TEST_CASE("a title stays on its line, without what Mermaid reads as something else") {
    const HandWalk walk("calm");
    const std::string text = mermaid(walk.system(), walk.trace(), "one; two #3\nfour");
    CHECK(has(text, "\n    title one, two  3 four\n"));
}
