// Fair cycles on graphs that can be drawn, and on many small random ones against a search that tries every set of
// vertices.
#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <bit>
#include <random>
#include <utility>

#include "checker/claims/fair_cycles.h"

namespace lastack {

namespace {

struct Edge {
    std::uint32_t from, to;
    std::vector<int> meets;
};

// Vertices are listed with the requirements that are enabled in them; requirements with the strong ones named.
struct Drawing {
    std::vector<std::vector<int>> enabled;
    std::vector<Edge> edges;
    int requirements = 0;
    std::vector<int> strong;
};

RequirementSet set_of(int size, const std::vector<int>& members) {
    RequirementSet set(static_cast<std::size_t>(size));
    for (const int member : members) set.add(static_cast<std::size_t>(member));
    return set;
}

FairGraph graph_of(const Drawing& drawing) {
    FairGraph graph;
    graph.first = {0};
    for (std::uint32_t v = 0; v < drawing.enabled.size(); ++v) {
        for (const Edge& edge : drawing.edges) {
            if (edge.from != v) continue;
            graph.target.push_back(edge.to);
            graph.edge_class.push_back(static_cast<std::uint16_t>(graph.met.size()));
            graph.met.push_back(set_of(drawing.requirements, edge.meets));
        }
        graph.first.push_back(static_cast<std::uint32_t>(graph.target.size()));
        graph.vertex_class.push_back(v);
        graph.enabled.push_back(set_of(drawing.requirements, drawing.enabled[v]));
    }
    graph.strong = set_of(drawing.requirements, drawing.strong);
    graph.weak = set_of(drawing.requirements, {});
    for (int i = 0; i < drawing.requirements; ++i) {
        if (std::count(drawing.strong.begin(), drawing.strong.end(), i) == 0)
            graph.weak.add(static_cast<std::size_t>(i));
    }
    return graph;
}

std::vector<std::uint32_t> component_of(const Drawing& drawing) {
    return nearest_fair_component(graph_of(drawing)).vertices.value_or(std::vector<std::uint32_t>{});
}

// The vertices of the loop that is found, from its start back to it.
std::vector<std::uint32_t> loop_of(const Drawing& drawing) {
    const FairGraph graph = graph_of(drawing);
    const FairComponent found = nearest_fair_component(graph);
    REQUIRE(found.vertices);
    std::vector<std::uint32_t> distance(graph.vertices());
    for (std::uint32_t v = 0; v < graph.vertices(); ++v) distance[v] = v;
    const FairLoop loop = short_fair_loop(graph, *found.vertices, distance);
    std::vector<std::uint32_t> path{loop.start};
    for (const std::uint32_t edge : loop.edges) path.push_back(graph.target[edge]);
    return path;
}

using Path = std::vector<std::uint32_t>;

// ---------------------------------------------------------------- the naive search

// Can each of the chosen vertices reach each of them, by at least one edge among them?
bool connected(const Drawing& drawing, unsigned chosen) {
    std::array<unsigned, 8> reach{};
    for (const Edge& edge : drawing.edges) {
        if (chosen >> edge.from & 1 && chosen >> edge.to & 1) reach[edge.from] |= 1u << edge.to;
    }
    for (std::size_t round = 0; round < reach.size(); ++round) {
        for (std::size_t v = 0; v < reach.size(); ++v) {
            for (std::size_t w = 0; w < reach.size(); ++w) {
                if (reach[v] >> w & 1) reach[v] |= reach[w];
            }
        }
    }
    for (std::size_t v = 0; v < reach.size(); ++v) {
        if (chosen >> v & 1 && (reach[v] & chosen) != chosen) return false;
    }
    return chosen != 0;
}

// A run that goes through these vertices, and no others, again and again, taking each edge among them.
bool fair(const Drawing& drawing, unsigned chosen) {
    for (int i = 0; i < drawing.requirements; ++i) {
        bool somewhere = false, everywhere = true, met = false;
        for (std::size_t v = 0; v < drawing.enabled.size(); ++v) {
            if (!(chosen >> v & 1)) continue;
            const bool here = std::count(drawing.enabled[v].begin(), drawing.enabled[v].end(), i) > 0;
            somewhere = somewhere || here;
            everywhere = everywhere && here;
        }
        for (const Edge& edge : drawing.edges) {
            met = met || (chosen >> edge.from & 1 && chosen >> edge.to & 1 &&
                          std::count(edge.meets.begin(), edge.meets.end(), i) > 0);
        }
        const bool strong = std::count(drawing.strong.begin(), drawing.strong.end(), i) > 0;
        if (!met && (strong ? somewhere : everywhere)) return false;
    }
    return true;
}

// The least vertex on any fair loop; -1 without one.
int nearest_by_trying(const Drawing& drawing) {
    int nearest = -1;
    for (unsigned chosen = 1; chosen < 1u << drawing.enabled.size(); ++chosen) {
        if (!connected(drawing, chosen) || !fair(drawing, chosen)) continue;
        const int least = std::countr_zero(chosen);
        if (nearest < 0 || least < nearest) nearest = least;
    }
    return nearest;
}

Drawing random_drawing(std::mt19937& random) {
    const auto below = [&](std::uint32_t n) { return static_cast<std::uint32_t>(random() % n); };
    Drawing drawing;
    drawing.enabled.resize(1 + below(6));
    drawing.requirements = static_cast<int>(below(4));
    const auto some = [&](std::uint32_t one_in) {
        std::vector<int> members;
        for (int i = 0; i < drawing.requirements; ++i) {
            if (below(one_in) == 0) members.push_back(i);
        }
        return members;
    };
    drawing.strong = some(2);
    for (auto& enabled : drawing.enabled) enabled = some(2);
    const auto size = static_cast<std::uint32_t>(drawing.enabled.size());
    for (std::uint32_t i = below(3 * size + 1); i > 0; --i) {
        const std::uint32_t from = below(size);
        drawing.edges.push_back({from, below(size), some(6)});
    }
    return drawing;
}

}  // namespace

TEST_CASE("Without requirements every cycle is fair, and the nearest component is found") {
    CHECK(component_of({{{}, {}, {}}, {{0, 1, {}}, {1, 2, {}}}, 0, {}}) == Path{});
    CHECK(component_of({{{}, {}, {}}, {{0, 1, {}}, {1, 2, {}}, {2, 1, {}}}, 0, {}}) == Path{1, 2});
    CHECK(component_of({{{}, {}, {}}, {{0, 1, {}}, {2, 2, {}}, {1, 1, {}}}, 0, {}}) == Path{1});
}

TEST_CASE("A weak requirement rules out a loop where it is enabled everywhere and never met") {
    const std::vector<Edge> pair{{0, 1, {}}, {1, 0, {}}};
    CHECK(component_of({{{0}, {0}}, pair, 1, {}}) == Path{});
    CHECK(component_of({{{0}, {}}, pair, 1, {}}) == Path{0, 1});
    CHECK(component_of({{{0}, {0}}, {{0, 1, {0}}, {1, 0, {}}}, 1, {}}) == Path{0, 1});
}

TEST_CASE("A strong requirement rules out the vertices where it is enabled, and leaves the loops that avoid them") {
    const std::vector<Edge> eight{{0, 1, {}}, {1, 0, {}}, {1, 2, {}}, {2, 1, {}}};
    CHECK(component_of({{{0}, {}, {}}, eight, 1, {0}}) == Path{1, 2});
    CHECK(component_of({{{}, {0}, {}}, eight, 1, {0}}) == Path{});
    CHECK(component_of({{{}, {0}, {}}, {{0, 1, {}}, {1, 0, {}}, {1, 2, {0}}, {2, 1, {}}}, 1, {0}}) == Path{0, 1, 2});
}

TEST_CASE("What a strong requirement takes away may leave another one without the edges that met it") {
    // 1 is met only by the edge from 0, where 0 is enabled and never met.
    const std::vector<Edge> edges{{0, 1, {1}}, {1, 0, {}}, {1, 2, {}}, {2, 1, {}}, {2, 3, {}}, {3, 2, {}}};
    CHECK(component_of({{{0}, {1}, {}, {}}, edges, 2, {0, 1}}) == Path{2, 3});
}

TEST_CASE("A weak requirement that held of the whole may fail in a part") {
    // 1 (weak) is not enabled in 0, which 0 (strong) takes away.
    const std::vector<Edge> edges{{0, 1, {}}, {1, 0, {}}, {1, 2, {}}, {2, 1, {}}};
    CHECK(component_of({{{0}, {1}, {1}}, edges, 2, {0}}) == Path{});
}

TEST_CASE("A loop visits what fairness asks and no more") {
    const std::vector<Edge> square{{0, 1, {}}, {1, 0, {}}, {1, 2, {}}, {2, 3, {0}}, {3, 0, {}}};
    CHECK(loop_of({{{}, {}, {}, {}}, square, 1, {}}) == Path{0, 1, 0});
    CHECK(loop_of({{{0}, {0}, {0}, {0}}, square, 1, {}}) == Path{0, 1, 2, 3, 0});
    CHECK(loop_of({{{0}, {}, {}, {}}, square, 1, {0}}) == Path{0, 1, 2, 3, 0});
    CHECK(loop_of({{{0}, {0}, {0}, {}}, square, 1, {}}) == Path{0, 1, 2, 3, 0});
}

TEST_CASE("Being stopped is not an answer") {
    const FairGraph graph = graph_of({{{}}, {{0, 0, {}}}, 0, {}});
    CHECK_FALSE(nearest_fair_component(graph, [] { return true; }).complete);
}

TEST_CASE("Small random graphs: the nearest fair loop is the one that trying all sets of vertices finds") {
    std::mt19937 random(20260729);
    int found_some = 0;
    for (int round = 0; round < 4000; ++round) {
        const Drawing drawing = random_drawing(random);
        const FairGraph graph = graph_of(drawing);
        const FairComponent component = nearest_fair_component(graph);
        const int nearest = nearest_by_trying(drawing);
        CAPTURE(round);
        REQUIRE(component.vertices.has_value() == (nearest >= 0));
        if (nearest < 0) continue;
        ++found_some;
        CHECK(component.vertices->front() == static_cast<std::uint32_t>(nearest));
        const FairLoop loop = short_fair_loop(graph, *component.vertices, Path(graph.vertices(), 0));
        REQUIRE_FALSE(loop.edges.empty());
        Drawing walked = drawing;  // the loop alone
        walked.edges.clear();
        unsigned chosen = 0;
        std::uint32_t at = loop.start;
        for (const std::uint32_t edge : loop.edges) {
            CHECK((graph.first[at] <= edge && edge < graph.first[at + 1]));
            std::vector<int> meets;
            for (int i = 0; i < drawing.requirements; ++i) {
                if (graph.met[graph.edge_class[edge]].has(static_cast<std::size_t>(i))) meets.push_back(i);
            }
            walked.edges.push_back({at, graph.target[edge], meets});
            at = graph.target[edge];
            chosen |= 1u << at;
        }
        CHECK(at == loop.start);
        CHECK(fair(walked, chosen));
    }
    CHECK(found_some > 1000);
}

}  // namespace lastack
