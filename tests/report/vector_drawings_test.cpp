// Drawings of vectors: the tester at the left, the IUT at the right, every step in its place.
#include <doctest/doctest.h>

#include <regex>
#include <string>

#include "report/mermaid.h"
#include "report/svg_ladder.h"
#include "tests/generators/sample_vectors.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("the normal close as a Mermaid diagram, whole") {
    CHECK(mermaid(normal_close()) == "sequenceDiagram\n"
                                     "    title W01/A: the normal close, seen by the side that closes first\n"
                                     "    participant T as tester\n"
                                     "    participant I as IUT (rfc9293)\n"
                                     "    Note over T,I: the opening\n"
                                     "    Note over I: ESTABLISHED\n"
                                     "    Note over I: close() = ok\n"
                                     "    I->>T: FIN,ACK seq=1 ack=1\n"
                                     "    Note over T: 0 to 0.04 s\n"
                                     "    Note over I: FIN-WAIT-1\n"
                                     "    T->>I: ACK seq=1 ack=2\n"
                                     "    Note over I: FIN-WAIT-2\n"
                                     "    T->>I: FIN,ACK seq=1 ack=2\n"
                                     "    I->>T: ACK seq=2 ack=2\n"
                                     "    Note over T: 0 to 0.04 s\n"
                                     "    Note over I: TIME-WAIT\n"
                                     "    Note over T,I: silence for 0.02 s\n");
}

TEST_CASE("a Mermaid diagram of a vector tells what may come besides, and what may be left out") {
    const std::string text = mermaid(long_story());
    CHECK(has(text, "may come: ACK seq=1 ack=101, 0 to 0.25 s, rule ack_data, the path goes on"));
    CHECK(has(text, "FIN,ACK seq=201 ack=101 (or nothing)"));
    CHECK(has(text, "Note over I: told: eof, TIME-WAIT\n"));
    CHECK(has(text, "wait for time_wait, 60 to 61 s after step 6 was complete"));
}

TEST_CASE("a ladder of a vector has an arrow for each segment, from the one who sends it, and its window beside") {
    const std::string svg = svg_ladder(normal_close());
    static const std::regex arrow("<line x1=\"([0-9.]+)\" y1=\"([0-9.]+)\" x2=\"([0-9.]+)\" y2=\"([0-9.]+)\"");
    std::string ways;
    for (std::sregex_iterator at(svg.begin(), svg.end(), arrow), end; at != end; ++at) {
        const double from = std::stod((*at)[1]), to = std::stod((*at)[3]);
        if (from == to) continue;  // a lifeline
        CHECK((*at)[2] == (*at)[4]);
        ways += from < to ? '>' : '<';
    }
    CHECK(ways == "<>><");  // FIN, its ACK and FIN of the tester, ACK
    for (const std::string part : {">tester<", ">IUT (rfc9293)<", ">close() = ok<", ">0 to 0.04 s<", ">FIN-WAIT-2<",
                                   ">FIN,ACK seq=1 ack=2<", ">silence for 0.02 s<"})
        CHECK_MESSAGE(has(svg, part), part);
}

TEST_CASE("texts beside a ladder of a vector stay in the drawing, however many alternatives there are") {
    const std::string svg = svg_ladder(long_story());
    std::smatch frame;
    REQUIRE(std::regex_search(svg, frame, std::regex("height=\"([0-9]+)\"")));
    const double height = std::stod(frame[1]);
    static const std::regex place("<text x=\"([^\"]*)\" y=\"([^\"]*)\"");
    for (std::sregex_iterator at(svg.begin(), svg.end(), place), end; at != end; ++at) {
        CHECK(std::stod((*at)[1]) <= 800);
        CHECK(std::stod((*at)[2]) <= height);
    }
    CHECK(has(svg, "may come: ACK seq=201"));
}
