// SVG ladders of small systems: what is drawn where, that it is well-formed, and that it stays in its frame.
#include "report/svg_ladder.h"

#include <doctest/doctest.h>

#include <regex>
#include <string>
#include <vector>

#include "tests/report/hand_walk.h"
#include "tests/support.h"

using namespace lastack;
using lastack::testing::HandWalk;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

struct Line {
    double x1, y1, x2, y2;
    bool dashed, red;
};

// Lines between the lifelines and of crosses; the lifelines themselves, which are upright, left out.
std::vector<Line> lines_of(const std::string& svg) {
    static const std::regex form("<line x1=\"([^\"]*)\" y1=\"([^\"]*)\" x2=\"([^\"]*)\" y2=\"([^\"]*)\" ([^>]*)/>");
    std::vector<Line> lines;
    for (std::sregex_iterator at(svg.begin(), svg.end(), form), end; at != end; ++at) {
        const std::string more = (*at)[5];
        const Line line{std::stod((*at)[1]), std::stod((*at)[2]),    std::stod((*at)[3]),
                        std::stod((*at)[4]), has(more, "dasharray"), has(more, "#a31515")};
        if (line.x1 != line.x2) lines.push_back(line);
    }
    return lines;
}

std::vector<Line> arrows_of(const std::string& svg) {
    std::vector<Line> arrows;
    for (const Line& line : lines_of(svg)) {
        if (!line.red) arrows.push_back(line);
    }
    return arrows;
}

// Empty where Python's XML parser accepts the text.
std::string xml_complaint(const std::string& svg) {
    const lastack::testing::TemporaryDirectory here;
    return lastack::testing::run("python3 -c 'import sys, xml.dom.minidom as m; m.parse(sys.argv[1])' " +
                                 lastack::testing::quoted(here.write("drawing.svg", svg)));
}

HandWalk crossing() {
    HandWalk walk("calm");
    walk.take("A calls close").take("B calls close").take("B gets FIN").take("A gets FIN");
    return walk;
}

}  // namespace

TEST_CASE("a segment that is delivered at once is a level arrow, from A at the left to B at the right") {
    HandWalk walk("calm");
    walk.take("A calls close").take("B gets FIN").take("A gets ACK");
    const auto arrows = arrows_of(svg_ladder(walk.system(), walk.trace()));
    REQUIRE(arrows.size() == 2);
    CHECK(arrows[0].y1 == arrows[0].y2);
    CHECK(arrows[0].x1 < arrows[0].x2);
    CHECK(arrows[1].y1 == arrows[1].y2);
    CHECK(arrows[1].x1 > arrows[1].x2);
    CHECK(arrows[1].y1 > arrows[0].y1);
}

TEST_CASE("segments that cross each other are slanted arrows that run downward and cross") {
    const HandWalk walk = crossing();
    const auto arrows = arrows_of(svg_ladder(walk.system(), walk.trace()));
    REQUIRE(arrows.size() >= 2);
    CHECK(arrows[0].y1 < arrows[0].y2);
    CHECK(arrows[1].y1 < arrows[1].y2);
    CHECK(arrows[0].y1 < arrows[1].y2);
    CHECK(arrows[1].y1 < arrows[0].y2);
}

TEST_CASE("a loss is a red cross short of the other lifeline, and says so") {
    HandWalk walk("lossy");
    walk.take("A calls close").take("loses FIN");
    const std::string svg = svg_ladder(walk.system(), walk.trace());
    CHECK(arrows_of(svg).size() == 1);
    CHECK(lines_of(svg).size() == 3);  // the way and the two strokes of the cross
    CHECK(arrows_of(svg)[0].x2 < 590);
    CHECK(has(svg, ">lost<"));
    CHECK_FALSE(has(svg, "<polygon"));  // no arrow head
}

TEST_CASE("the copy of a doubled segment is dashed and begins on the way of its original") {
    HandWalk walk("lossy");
    walk.take("A calls close").take("doubles FIN").take("B gets FIN").take("B gets FIN");
    const auto arrows = arrows_of(svg_ladder(walk.system(), walk.trace()));
    REQUIRE(arrows.size() == 3);  // the FIN, its copy, the ACK
    const Line &fin = arrows[0], &copy = arrows[1];
    CHECK(copy.dashed);
    CHECK_FALSE(fin.dashed);
    CHECK(copy.x1 > fin.x1);
    CHECK(copy.x1 < fin.x2);
    const double part = (copy.x1 - fin.x1) / (fin.x2 - fin.x1);
    CHECK(copy.y1 == doctest::Approx(fin.y1 + part * (fin.y2 - fin.y1)).epsilon(0.01));
    CHECK(copy.y2 > fin.y2);
}

TEST_CASE("what is sent into a full direction is lost at once, and what is left over is marked") {
    HandWalk walk("lossy");
    walk.take("A calls close").take("doubles FIN").take("rto expires");
    const std::string svg = svg_ladder(walk.system(), walk.trace());
    CHECK(has(svg, ">lost, network full<"));
    CHECK(has(svg, ">in flight<"));
}

TEST_CASE("states, calls, timers and signals stand beside the lifelines") {
    HandWalk walk("calm");
    walk.take("A calls close").take("B gets FIN");
    const std::string svg = svg_ladder(walk.system(), walk.trace());
    for (const std::string part : {">ESTABLISHED<", ">FIN-WAIT-1<", ">CLOSE-WAIT<", ">close()<", ">told: eof<",
                                   ">FIN,ACK seq=0 ack=0<", ">A (p)<", ">B (p)<"})
        CHECK_MESSAGE(has(svg, part), part);
}

TEST_CASE("the drawing is well-formed XML, also with a title full of markup, and stays in its frame") {
    const HandWalk walk = crossing();
    const std::string svg = svg_ladder(walk.system(), walk.trace(), "a < b && c > \"d\" ]]> </svg> \x01 'e'");
    CHECK(has(svg, "a &lt; b &amp;&amp; c &gt;"));
    if (lastack::testing::run("command -v python3").empty()) {
        MESSAGE("SKIPPED: the drawing is well-formed: no python3 on this machine");
    } else {
        CHECK(xml_complaint(svg) == "");
    }
    std::smatch frame;
    REQUIRE(std::regex_search(svg, frame, std::regex("width=\"800\" height=\"([0-9]+)\"")));
    const double height = std::stod(frame[1]);
    static const std::regex place("<text x=\"([^\"]*)\" y=\"([^\"]*)\"");
    for (std::sregex_iterator at(svg.begin(), svg.end(), place), end; at != end; ++at) {
        CHECK(std::stod((*at)[1]) >= 0);
        CHECK(std::stod((*at)[1]) <= 800);
        CHECK(std::stod((*at)[2]) <= height);
    }
}

TEST_CASE("the same trace gives the same bytes") {
    const HandWalk walk = crossing();
    CHECK(svg_ladder(walk.system(), walk.trace(), "t") == svg_ladder(crossing().system(), crossing().trace(), "t"));
}
