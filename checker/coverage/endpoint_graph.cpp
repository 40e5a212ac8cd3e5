// Collecting the graph, and its figures. Components and distances are Boost.Graph's (Tarjan's algorithm as in
// strong_components, breadth-first search), on a view without copies; linear in vertices and edges.
#include "checker/coverage/endpoint_graph.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/breadth_first_search.hpp>
#include <boost/graph/strong_components.hpp>

#include "checker/claims/csr_view.h"

namespace lastack {

EndpointGraph EndpointHooks::graph() const {
    const Machine& machine = system_.machine(end_);
    EndpointGraph graph;
    std::vector<std::uint32_t> vertex_of(machine.size(), 0);
    for (LocalId local = 0; local < machine.size() && local < reached_.size(); ++local) {
        if (!reached_[local]) continue;
        vertex_of[local] = static_cast<std::uint32_t>(graph.vertices.size());
        graph.vertices.push_back(machine.decode(local));
    }
    for (std::size_t i = 0; i < uses_.size() && i < machine.outcome_count(); ++i) {
        const Use& use = uses_[i];
        const Outcome& outcome = machine.outcome(i);
        // A run that was stopped has seen steps to states that it did not enter.
        if (!use.used || outcome.after >= reached_.size() || !reached_[outcome.after]) continue;
        const Label& label = machine.label(outcome.label);
        EndpointEdge edge{
            vertex_of[use.from], vertex_of[outcome.after], label.trigger, label.name, {}, label.rules, {}};
        if (use.arrives) edge.segment = system_.sent_by(1 - end_)[use.segment];
        for (int sent = 0; sent < outcome.sent_count; ++sent)
            edge.sent.push_back(system_.sent_by(end_)[outcome.sent[sent]]);
        graph.edges.push_back(std::move(edge));
    }
    std::stable_sort(graph.edges.begin(), graph.edges.end(),
                     [](const auto& a, const auto& b) { return a.from < b.from; });
    graph.first.assign(graph.vertices.size() + 1, 0);
    for (const EndpointEdge& edge : graph.edges) ++graph.first[edge.from + 1];
    for (std::size_t v = 0; v < graph.vertices.size(); ++v) graph.first[v + 1] += graph.first[v];
    return graph;
}

Bounds graph_bounds() {
    Bounds bounds;
    bounds.max_states = 20'000'000;
    return bounds;
}

EndpointExploration explore_endpoint(const Spec& spec, const std::string& profile_name, const Bounds& bounds) {
    const Profile* profile = spec.profile(profile_name);
    if (!profile) throw SpecError(Where{}, fmt::format("no profile '{}'", profile_name));
    const auto plays = [&](const SystemDecl& decl, int end) {
        return decl.profile[end] == "subject" || decl.profile[end] == profile_name;
    };
    const SystemDecl* chosen = nullptr;
    for (const bool both : {true, false}) {
        for (const SystemDecl& decl : spec.systems) {
            if (!chosen && plays(decl, 0) && (!both || plays(decl, 1))) chosen = &decl;
        }
    }
    if (!chosen) {
        throw SpecError(profile->where, fmt::format("no system has profile '{}' at its end A", profile_name),
                        "declare one: a graph shows what its runs use");
    }
    Spec own = spec;
    own.subject = profile_name;
    SystemDecl decl = *chosen;
    for (const Limit& limit : profile->limits) {
        if (limit.name == "data") decl.limits["data"] = std::clamp(1, limit.low, limit.high);
    }
    System system(own, decl);
    Explorer explorer(system);
    EndpointHooks hooks(system, 0);
    EndpointExploration exploration{profile_name, decl.name, limits_at(own, decl, 0), {}, {}};
    exploration.coverage = explorer.run(bounds, hooks);
    exploration.graph = hooks.graph();
    return exploration;
}

GraphSummary summarise(const EndpointGraph& graph, const Profile& profile) {
    std::vector<std::uint32_t> source, target;
    for (const EndpointEdge& edge : graph.edges) {
        source.push_back(edge.from);
        target.push_back(edge.to);
    }
    const CsrView view{graph.first, source, target};
    GraphSummary summary;
    summary.vertices = graph.vertices.size();
    summary.edges = graph.edges.size();

    std::vector<std::uint32_t> component(graph.vertices.size());
    summary.components = boost::strong_components(view, boost::make_iterator_property_map(component.begin(), numbers()),
                                                  boost::vertex_index_map(numbers()));
    std::vector<std::size_t> sizes(summary.components);
    for (const std::uint32_t each : component) ++sizes[each];
    if (!sizes.empty()) summary.largest_component = *std::max_element(sizes.begin(), sizes.end());

    std::vector<int> distance(graph.vertices.size(), -1);
    if (!distance.empty()) {
        distance[0] = 0;
        const auto to_distance = boost::make_iterator_property_map(distance.begin(), numbers());
        boost::breadth_first_search(view, std::uint32_t{0},
                                    boost::vertex_index_map(numbers()).visitor(boost::make_bfs_visitor(
                                        boost::record_distances(to_distance, boost::on_tree_edge()))));
    }
    for (const StateDecl& state : profile.states) summary.states.push_back({state.name, 0, -1, 0});
    for (std::uint32_t v = 0; v < graph.vertices.size(); ++v) {
        GraphSummary::ControlState& state = summary.states[graph.vertices[v].state];
        ++state.locals;
        if (distance[v] >= 0 && (state.distance < 0 || distance[v] < state.distance)) state.distance = distance[v];
        bool leaves = false;
        for (std::uint32_t e = graph.first[v]; e < graph.first[v + 1]; ++e) leaves |= graph.edges[e].to != v;
        if (!leaves) ++state.terminal;
    }
    return summary;
}

std::string to_string(const GraphSummary& summary) {
    std::string text =
        fmt::format("{} local states, {} reactions, {} strongly connected components, the largest of {}\n",
                    summary.vertices, summary.edges, summary.components, summary.largest_component);
    for (const GraphSummary::ControlState& state : summary.states) {
        const std::string name = state_label(state.name);
        if (state.locals == 0) {
            text += fmt::format("  {:<12} not reached\n", name);
            continue;
        }
        text += fmt::format("  {:<12} {:>2} steps from the start, {} local state{}", name, state.distance, state.locals,
                            state.locals == 1 ? "" : "s");
        text += state.terminal > 0 ? fmt::format(", {} without a way out\n", state.terminal) : "\n";
    }
    return text;
}

}  // namespace lastack
