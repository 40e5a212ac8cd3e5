// A directed graph in three arrays, as Boost.Graph sees one: models VertexListGraph, IncidenceGraph and EdgeListGraph.
//
// Compressed sparse rows: edges are sorted by source, and `first[v]` to `first[v + 1]` are the edges out of v. The view
// owns nothing and copies nothing; whoever makes it keeps the arrays. Vertices and edges are 32-bit numbers from 0,
// so any vector is a property map (boost::make_iterator_property_map with `numbers()` as the index map).
// Cost: 4 bytes a vertex, 8 an edge, all operations constant.
#pragma once

#include <boost/graph/graph_traits.hpp>
#include <boost/iterator/counting_iterator.hpp>
#include <boost/property_map/property_map.hpp>
#include <cstdint>
#include <iterator>
#include <span>
#include <utility>

namespace lastack {

struct CsrView {
    std::span<const std::uint32_t> first;           // vertices + 1 entries
    std::span<const std::uint32_t> source, target;  // by edge

    // What boost::graph_traits asks for.
    struct Category : boost::vertex_list_graph_tag, boost::incidence_graph_tag, boost::edge_list_graph_tag {};
    using vertex_descriptor = std::uint32_t;
    using edge_descriptor = std::uint32_t;
    using directed_category = boost::directed_tag;
    using edge_parallel_category = boost::allow_parallel_edge_tag;
    using traversal_category = Category;
    using vertices_size_type = std::uint32_t;
    using edges_size_type = std::uint32_t;
    using degree_size_type = std::uint32_t;
    using vertex_iterator = boost::counting_iterator<std::uint32_t>;
    using edge_iterator = boost::counting_iterator<std::uint32_t>;
    using out_edge_iterator = boost::counting_iterator<std::uint32_t>;
    static vertex_descriptor null_vertex() { return ~std::uint32_t{0}; }
};

inline std::uint32_t num_vertices(const CsrView& graph) { return static_cast<std::uint32_t>(graph.first.size() - 1); }
inline std::uint32_t num_edges(const CsrView& graph) { return static_cast<std::uint32_t>(graph.target.size()); }
inline std::uint32_t source(std::uint32_t edge, const CsrView& graph) { return graph.source[edge]; }
inline std::uint32_t target(std::uint32_t edge, const CsrView& graph) { return graph.target[edge]; }
inline std::uint32_t out_degree(std::uint32_t vertex, const CsrView& graph) {
    return graph.first[vertex + 1] - graph.first[vertex];
}

inline std::pair<CsrView::vertex_iterator, CsrView::vertex_iterator> vertices(const CsrView& graph) {
    return {CsrView::vertex_iterator(0), CsrView::vertex_iterator(num_vertices(graph))};
}
inline std::pair<CsrView::edge_iterator, CsrView::edge_iterator> edges(const CsrView& graph) {
    return {CsrView::edge_iterator(0), CsrView::edge_iterator(num_edges(graph))};
}
inline std::pair<CsrView::out_edge_iterator, CsrView::out_edge_iterator> out_edges(std::uint32_t vertex,
                                                                                   const CsrView& graph) {
    return {CsrView::out_edge_iterator(graph.first[vertex]), CsrView::out_edge_iterator(graph.first[vertex + 1])};
}

// Index map of vertices and of edges: a number is its own index.
inline boost::typed_identity_property_map<std::uint32_t> numbers() { return {}; }

}  // namespace lastack
