// The graph of states as .aut and DOT: read back line by line, against what the explorer counts.
#include "generators/aldebaran.h"

#include <doctest/doctest.h>

#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <vector>

#include "checker/trace/plain_system.h"
#include "tests/checker/exploring.h"
#include "tests/report/hand_walk.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

struct Edge {
    std::uint64_t from, to;
    std::string label;
};

struct Read {
    std::uint64_t transitions = 0, states = 0;
    std::vector<Edge> edges;
};

std::string aut_of(const std::string& system) {
    SystemGraph graph(drawn_spec(), system_named(drawn_spec(), system), aldebaran_limits);
    std::string text;
    graph.write_aldebaran([&](const std::string& piece) { text += piece; });
    return text;
}

std::string dot_of(const std::string& system) {
    SystemGraph graph(drawn_spec(), system_named(drawn_spec(), system), dot_limits);
    std::string text;
    graph.write_dot([&](const std::string& piece) { text += piece; });
    return text;
}

// A reader of its own; a line that it does not understand ends the test.
Read read(const std::string& text) {
    static const std::regex head(R"(des \(0, (\d+), (\d+)\))"), line(R"-(\((\d+), "([^"]*)", (\d+)\))-");
    std::istringstream in(text);
    std::string now;
    std::smatch match;
    Read all;
    REQUIRE(std::getline(in, now));
    REQUIRE(std::regex_match(now, match, head));
    all.transitions = std::stoull(match[1]);
    all.states = std::stoull(match[2]);
    while (std::getline(in, now)) {
        REQUIRE_MESSAGE(std::regex_match(now, match, line), now);
        all.edges.push_back({std::stoull(match[1]), std::stoull(match[3]), match[2]});
    }
    return all;
}

}  // namespace

TEST_CASE("an .aut file has a line for each transition and names as many states as the explorer finds") {
    for (const std::string system : {"calm", "lossy"}) {
        CAPTURE(system);
        const Coverage counted = explore(drawn_spec(), system_named(drawn_spec(), system));
        const Read graph = read(aut_of(system));
        CHECK(graph.states == counted.states);
        CHECK(graph.transitions == counted.transitions);
        CHECK(graph.edges.size() == counted.transitions);
        std::set<std::uint64_t> reached{0};
        for (const Edge& edge : graph.edges) reached.insert(edge.to);
        CHECK(reached.size() == counted.states);
        CHECK(*reached.rbegin() == counted.states - 1);
    }
}

// The plain system takes its steps without the machine and without keys, so it can tell whether the numbers lead right.
TEST_CASE("the edges of an .aut file are the steps of the system, found again by walking it") {
    const PlainSystem plain(drawn_spec(), system_named(drawn_spec(), "calm"));
    const Read graph = read(aut_of("calm"));
    std::vector<Snapshot> states(graph.states);
    std::vector<bool> known(graph.states, false);
    states[0] = plain.initial();
    known[0] = true;
    for (std::size_t at = 0; at < graph.edges.size();) {
        const std::uint64_t from = graph.edges[at].from;
        REQUIRE(known[from]);  // in order of discovery: an edge led here before
        std::multiset<std::string> here, there;
        const std::vector<TraceStep> steps = plain.steps(states[from]);
        for (const TraceStep& step : steps) there.insert(to_string(step, {}));
        for (; at < graph.edges.size() && graph.edges[at].from == from; ++at) {
            const Edge& edge = graph.edges[at];
            here.insert(edge.label);
            for (const TraceStep& step : steps) {
                if (to_string(step, {}) != edge.label) continue;
                if (!known[edge.to]) states[edge.to] = step.after;
                known[edge.to] = true;
                CHECK(states[edge.to] == step.after);
            }
        }
        CHECK(here == there);
    }
}

TEST_CASE("the first lines of a small graph") {
    const std::string text = aut_of("calm");
    CHECK(text.find("(0, \"A calls close: sends FIN,ACK seq=0 ack=0\", 1)\n") != std::string::npos);
    CHECK(text.find("(0, \"B calls close: sends FIN,ACK seq=0 ack=0\", 2)\n") != std::string::npos);
}

TEST_CASE("the same system gives the same bytes") {
    CHECK(aut_of("lossy") == aut_of("lossy"));
    CHECK(dot_of("calm") == dot_of("calm"));
}

TEST_CASE("a DOT file has a node for each state and an edge for each transition") {
    const Coverage counted = explore(drawn_spec(), system_named(drawn_spec(), "calm"));
    std::istringstream in(dot_of("calm"));
    std::uint64_t nodes = 0, edges = 0;
    for (std::string line; std::getline(in, line);) {
        nodes += line.rfind("  s", 0) == 0 && line.find(" -> ") == std::string::npos;
        edges += line.rfind("  s", 0) == 0 && line.find(" -> ") != std::string::npos;
    }
    CHECK(nodes == counted.states);
    CHECK(edges == counted.transitions);
    CHECK(dot_of("calm").find("s0 [label=\"0: A ESTABLISHED, B ESTABLISHED\", style=bold];") != std::string::npos);
    CHECK(dot_of("calm").find("s1 [label=\"1: A FIN-WAIT-1, B ESTABLISHED\\nfrom A: FIN,ACK seq=0 ack=0\"];") !=
          std::string::npos);
}

TEST_CASE("a system that is too large is refused with what was explored") {
    const SystemDecl& lossy = system_named(drawn_spec(), "lossy");
    const auto refusal = [&](StateGraphLimits limits) -> std::string {
        try {
            SystemGraph graph(drawn_spec(), lossy, limits);
        } catch (const std::length_error& error) {
            return error.what();
        }
        return "";
    };
    CHECK(refusal({1000, 10}).find("system 'lossy' has more than 10 transitions") == 0);
    CHECK(refusal({5, 1000}).find("system 'lossy' has more than 5 states") == 0);
    CHECK(refusal({5, 1000}).find(" were explored") != std::string::npos);
    const Coverage counted = explore(drawn_spec(), lossy);
    CHECK(refusal({counted.states, counted.transitions}) == "");
    CHECK(refusal({counted.states - 1, counted.transitions}) != "");
    CHECK(refusal({counted.states, counted.transitions - 1}) != "");
}

TEST_CASE("an exploration that was stopped is not written as a graph") {
    Bounds bounds;
    bounds.stop = [] { return true; };
    SystemGraph graph(drawn_spec(), system_named(drawn_spec(), "lossy"), aldebaran_limits, bounds);
    CHECK_FALSE(graph.coverage().complete);
    CHECK_THROWS_AS(graph.write_aldebaran([](const std::string&) {}), std::logic_error);
}
