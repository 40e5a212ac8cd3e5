// A flow of least cost through a network, by Boost.Graph: what joins the steps of tours (checker/suites/tours.h).
#pragma once

#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/successive_shortest_path_nonnegative_weights.hpp>

#include <cstddef>
#include <vector>

namespace lastack {

class LeastFlow {
public:
    explicit LeastFlow(std::size_t nodes) : graph_(nodes) {}

    // Its number. The cost is of one unit, and not below 0.
    std::size_t add_arc(std::size_t from, std::size_t to, long capacity, long cost) {
        const Arc there = add_edge(from, to, graph_).first, back = add_edge(to, from, graph_).first;
        put(boost::edge_capacity, graph_, there, capacity);
        put(boost::edge_capacity, graph_, back, 0);
        put(boost::edge_weight, graph_, there, cost);
        put(boost::edge_weight, graph_, back, -cost);
        put(boost::edge_reverse, graph_, there, back);
        put(boost::edge_reverse, graph_, back, there);
        arcs_.push_back(there);
        return arcs_.size() - 1;
    }
    // As much as can flow.
    void run(std::size_t source, std::size_t sink) {
        boost::successive_shortest_path_nonnegative_weights(graph_, source, sink);
    }
    long used(std::size_t arc) const {
        return get(boost::edge_capacity, graph_, arcs_[arc]) - get(boost::edge_residual_capacity, graph_, arcs_[arc]);
    }

private:
    using Traits = boost::adjacency_list_traits<boost::vecS, boost::vecS, boost::directedS>;
    using Arc = Traits::edge_descriptor;
    using Graph = boost::adjacency_list<
        boost::vecS, boost::vecS, boost::directedS, boost::no_property,
        boost::property<
            boost::edge_capacity_t, long,
            boost::property<boost::edge_residual_capacity_t, long,
                            boost::property<boost::edge_reverse_t, Arc, boost::property<boost::edge_weight_t, long>>>>>;
    Graph graph_;
    std::vector<Arc> arcs_;
};

}  // namespace lastack
