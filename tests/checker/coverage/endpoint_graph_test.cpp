// The endpoint graph against the plain interpreter, as Boost.Graph sees it, and as Graphviz reads it.
#include <doctest/doctest.h>

#include <algorithm>
#include <boost/graph/graph_concepts.hpp>
#include <set>
#include <string>
#include <tuple>

#include "checker/claims/csr_view.h"
#include "checker/coverage/endpoint_graph.h"
#include "model/language/read_spec.h"
#include "model/plain.h"
#include "tests/support.h"

using namespace lastack;

namespace {

// One side closes, the other answers; a lost FIN goes out once more; the peer's acknowledgment may be lazy.
const std::string tiny = R"(
profile tiny "a small endpoint" cites "RFC 9293 3.6" {
states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSE_WAIT, LAST_ACK, CLOSED final forgets
limit data = 0 in 0..1 "text"
timer rto = 1 s
timer patience = 60 s while state == FIN_WAIT_2
var snd_nxt, rcv_nxt : 0..1
var tries : 0..1
segment ACK { seq snd_nxt; ack rcv_nxt }
segment FIN { seq 0; ack rcv_nxt; fin }
on call close
  rule first_fin "the first FIN" cites "RFC 9293 3.10.4"
    ESTABLISHED -> FIN_WAIT_1 { send FIN; snd_nxt := 1; start rto }
  rule second_fin "the \"second\" FIN" cites "RFC 9293 3.6" CLOSE_WAIT -> LAST_ACK { send FIN; snd_nxt := 1; start rto }
on call abort
  rule abort "never called here" cites "RFC 9293 3.10.5"   ESTABLISHED -> CLOSED
on timer rto
  rule again "the FIN again" cites "RFC 9293 3.8.1"
    FIN_WAIT_1, LAST_ACK [tries == 0] { tries := 1; send FIN; start rto }
  rule give_up "enough" cites "RFC 9293 3.8.3"       FIN_WAIT_1, LAST_ACK [tries == 1] -> CLOSED
on timer patience
  rule enough "nothing came" cites "RFC 9293 3.6"    FIN_WAIT_2 -> CLOSED
on segment
  step fifth "check the ACK field"
    rule acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4 fifth"
      FIN_WAIT_1 [seg.ack == 1] -> FIN_WAIT_2 { stop rto }
      LAST_ACK [seg.ack == 1] -> CLOSED { drop }
  step eighth "check the FIN bit"
    rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4 eighth"
      ESTABLISHED [seg.fin] -> CLOSE_WAIT { rcv_nxt := 1; send ACK }
      FIN_WAIT_1, FIN_WAIT_2 [seg.fin] -> CLOSED { rcv_nxt := 1; send ACK }
    may rule fin_quiet "its acknowledgment may wait" cites "RFC 9293 3.8.6.3"
      ESTABLISHED [seg.fin] -> CLOSE_WAIT { rcv_nxt := 1 }
}
system pair "both may close" ends subject A, subject B network 1 loses duplicates calls A { close } B { close }
)";

EndpointExploration tiny_exploration(const Spec& spec) { return explore_endpoint(spec, "tiny", graph_bounds()); }

// What a step shows: where it leads, what fired, what was sent.
using Shown = std::tuple<EndState, std::vector<std::string>, std::vector<Segment>>;

std::set<Shown> plain_reactions(const Profile& profile, const Limits& limits, const EndState& end, const Input& input) {
    std::set<Shown> all;
    for (const Reaction& reaction : plain_react(profile, limits, end, input))
        all.insert({reaction.after, reaction.rules, reaction.sent});
    return all;
}

// The edges out of a vertex for one input.
std::set<Shown> edges_for(const EndpointGraph& graph, std::uint32_t vertex, const Input& input) {
    std::set<Shown> all;
    for (std::uint32_t e = graph.first[vertex]; e < graph.first[vertex + 1]; ++e) {
        const EndpointEdge& edge = graph.edges[e];
        const bool same = edge.trigger == input.trigger && edge.name == input.name &&
                          (!edge.segment || *edge.segment == input.segment);
        if (same) all.insert({graph.vertices[edge.to], edge.rules, edge.sent});
    }
    return all;
}

std::size_t count_of(const std::string& text, const std::string& part) {
    std::size_t count = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
    return count;
}

}  // namespace

TEST_CASE("the view models Boost.Graph's concepts") {
    BOOST_CONCEPT_ASSERT((boost::VertexListGraphConcept<CsrView>));
    BOOST_CONCEPT_ASSERT((boost::IncidenceGraphConcept<CsrView>));
    BOOST_CONCEPT_ASSERT((boost::EdgeListGraphConcept<CsrView>));
    // 0 -> 1, 0 -> 1, 1 -> 1; nothing leaves 2.
    const std::vector<std::uint32_t> first{0, 2, 3, 3}, from{0, 0, 1}, to{1, 1, 1};
    const CsrView view{first, from, to};
    CHECK(num_vertices(view) == 3);
    CHECK(num_edges(view) == 3);
    CHECK(out_degree(0, view) == 2);
    CHECK(out_degree(2, view) == 0);
    CHECK(source(2, view) == 1);
    CHECK(std::distance(edges(view).first, edges(view).second) == 3);
    CHECK(target(*out_edges(1, view).first, view) == 1);
}

TEST_CASE("every edge is a reaction of the plain interpreter, and every reaction an edge") {
    const Spec spec = parse_spec(tiny, "tiny.spec");
    const Profile& profile = spec.profiles.at(0);
    const EndpointExploration exploration = tiny_exploration(spec);
    const EndpointGraph& graph = exploration.graph;
    REQUIRE(exploration.coverage.complete);
    REQUIRE(graph.vertices.size() > 5);
    CHECK(graph.vertices[0] == plain_initial(profile));
    std::size_t checked = 0;
    for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
        // All that the endpoint may do by itself, and every segment that arrived in this state.
        std::vector<Input> inputs{
            {Trigger::call, "close", {}}, {Trigger::timer, "rto", {}}, {Trigger::timer, "patience", {}}};
        std::set<Segment> arrived;
        for (std::uint32_t e = graph.first[v]; e < graph.first[v + 1]; ++e) {
            CHECK(graph.edges[e].from == v);
            if (graph.edges[e].segment) arrived.insert(*graph.edges[e].segment);
        }
        for (const Segment& segment : arrived) inputs.push_back({Trigger::segment, "", segment});
        for (const Input& input : inputs) {
            const std::set<Shown> edges = edges_for(graph, v, input);
            CHECK(edges == plain_reactions(profile, exploration.limits, graph.vertices[v], input));
            checked += edges.size();
        }
    }
    CHECK(checked == graph.edges.size());
    CHECK(checked > 20);
}

TEST_CASE("a call that no application makes has no edge") {
    const Spec spec = parse_spec(tiny, "tiny.spec");
    const EndpointGraph graph = tiny_exploration(spec).graph;
    CHECK(std::none_of(graph.edges.begin(), graph.edges.end(),
                       [](const EndpointEdge& edge) { return edge.name == "abort"; }));
}

TEST_CASE("a run that is stopped early gives a graph of what it entered") {
    const Spec spec = parse_spec(tiny, "tiny.spec");
    Bounds bounds;
    bounds.max_states = 10;
    const EndpointExploration exploration = explore_endpoint(spec, "tiny", bounds);
    const EndpointGraph& graph = exploration.graph;
    REQUIRE(graph.first.size() == graph.vertices.size() + 1);
    CHECK(graph.first.back() == graph.edges.size());
    for (const EndpointEdge& edge : graph.edges) {
        CHECK(edge.from < graph.vertices.size());
        CHECK(edge.to < graph.vertices.size());
    }
}

TEST_CASE("the drawing of control states names every rule that fired, with its citation") {
    const Spec spec = parse_spec(tiny, "tiny.spec");
    const EndpointExploration exploration = tiny_exploration(spec);
    const std::string dot = to_dot(exploration.graph, spec.profiles[0], exploration.limits, GraphLevel::control_states);
    std::set<std::string> fired;
    for (const EndpointEdge& edge : exploration.graph.edges) fired.insert(edge.rules.begin(), edge.rules.end());
    CHECK(fired ==
          std::set<std::string>{"first_fin", "second_fin", "again", "give_up", "enough", "acked", "fin", "fin_quiet"});
    for (const std::string& rule : fired) {
        CHECK(dot.find(rule + " (" + spec.profiles[0].rule(rule)->cites + ")\\l") != std::string::npos);
    }
    CHECK(dot.find("abort") == std::string::npos);
    CHECK(dot.find("ESTABLISHED->FIN_WAIT_1") != std::string::npos);
    CHECK(dot.find("start -> ESTABLISHED;") != std::string::npos);
    CHECK(count_of(dot, "label=\"FIN-WAIT-1\"") == 1);
    // CLOSED alone is final; fin_quiet alone is a choice, and the rule fin leads the same way without it.
    CHECK(count_of(dot, "doublecircle") == 1);
    CHECK(count_of(dot, "may fin_quiet (") == 1);
    CHECK(count_of(dot, "style=dashed") == 0);
    CHECK(dot ==
          to_dot(tiny_exploration(spec).graph, spec.profiles[0], exploration.limits, GraphLevel::control_states));
    CHECK(dot == endpoint_dot(spec, "tiny", GraphLevel::control_states));
}

TEST_CASE("the drawing of local states has a node for each and shows the segments") {
    const Spec spec = parse_spec(tiny, "tiny.spec");
    const EndpointExploration exploration = tiny_exploration(spec);
    const std::string dot = to_dot(exploration.graph, spec.profiles[0], exploration.limits, GraphLevel::local_states);
    for (const EndState& vertex : exploration.graph.vertices) {
        CHECK(dot.find("label=\"" + describe(spec.profiles[0], exploration.limits, vertex) + "\"") !=
              std::string::npos);
    }
    CHECK(dot.find("gets FIN,ACK seq=0 ack=0\\lsends ACK seq=0 ack=1\\l  fin (") != std::string::npos);
    CHECK(dot.find("FIN-WAIT-2 snd_nxt=1 [patience]") != std::string::npos);
}

TEST_CASE("Graphviz reads the drawings, odd citations included") {
    if (testing::run("command -v dot").empty()) {
        MESSAGE("SKIPPED: Graphviz reads the drawings, odd citations included: no dot on this machine");
        return;
    }
    Spec spec = parse_spec(tiny, "tiny.spec");
    for (Rule& rule : spec.profiles[0].handlers[0].steps[0].rules) rule.cites = "a \"quoted\" \\ clause <b> -> {x}";
    const testing::TemporaryDirectory directory;
    for (const GraphLevel level : {GraphLevel::control_states, GraphLevel::local_states}) {
        const std::string file = directory.write("graph.dot", endpoint_dot(spec, "tiny", level));
        int exit_code = -1;
        const std::string svg = testing::run("dot -Tsvg " + testing::quoted(file), &exit_code);
        CHECK(exit_code == 0);
        CHECK(svg.find("first_fin (a &quot;quoted&quot; \\ clause &lt;b&gt; &#45;&gt; {x})") != std::string::npos);
    }
}

TEST_CASE("the summary counts states, components and distances") {
    const Spec spec = parse_spec(tiny, "tiny.spec");
    const EndpointExploration exploration = tiny_exploration(spec);
    const GraphSummary summary = summarise(exploration.graph, spec.profiles[0]);
    CHECK(summary.vertices == exploration.graph.vertices.size());
    CHECK(summary.edges == exploration.graph.edges.size());
    // Nothing ever leads back: each local state is a component of its own.
    CHECK(summary.components == summary.vertices);
    CHECK(summary.largest_component == 1);
    const auto state = [&](const std::string& name) {
        return *std::find_if(summary.states.begin(), summary.states.end(),
                             [&](const auto& each) { return each.name == name; });
    };
    CHECK(state("ESTABLISHED") == GraphSummary::ControlState{"ESTABLISHED", 1, 0, 0});
    CHECK(state("FIN_WAIT_1").distance == 1);
    CHECK(state("FIN_WAIT_2").distance == 2);
    CHECK(state("CLOSE_WAIT").distance == 1);
    CHECK(state("LAST_ACK").distance == 2);
    // CLOSED forgets everything, so it is one local state, and the only one that nothing leaves.
    CHECK(state("CLOSED") == GraphSummary::ControlState{"CLOSED", 1, 2, 1});
    CHECK(state("FIN_WAIT_1").locals == 2);  // before and after the second FIN
    CHECK(to_string(summary).find("FIN-WAIT-2    2 steps from the start") != std::string::npos);
}

TEST_CASE("a circle of states is one component, and a state that is not entered is said so") {
    const Profile profile = parse_spec(tiny, "tiny.spec").profiles[0];
    EndpointGraph graph;
    graph.vertices.assign(3, plain_initial(profile));
    graph.vertices[1].state = profile.state("FIN_WAIT_1");
    graph.vertices[2].state = profile.state("CLOSED");
    graph.edges = {{0, 1, Trigger::call, "close", {}, {"first_fin"}, {}},
                   {1, 0, Trigger::timer, "rto", {}, {"again"}, {}},
                   {1, 2, Trigger::timer, "rto", {}, {"give_up"}, {}}};
    graph.first = {0, 1, 3, 3};
    const GraphSummary summary = summarise(graph, profile);
    CHECK(summary.components == 2);
    CHECK(summary.largest_component == 2);
    CHECK(to_string(summary).find("LAST-ACK     not reached") != std::string::npos);
    CHECK(to_string(summary).find("without a way out") != std::string::npos);
}

TEST_CASE("no system or no profile of that name is the user's mistake") {
    const Spec spec = parse_spec(tiny.substr(0, tiny.find("system pair")), "tiny.spec");
    CHECK_THROWS_AS(explore_endpoint(spec, "tiny", graph_bounds()), SpecError);
    CHECK_THROWS_AS(explore_endpoint(spec, "tinny", graph_bounds()), SpecError);
}
