// The endpoint graph in Graphviz's language, written by boost::write_graphviz over a view without copies.
#include <fmt/format.h>

#include <algorithm>
#include <boost/graph/graphviz.hpp>
#include <map>
#include <ostream>
#include <sstream>
#include <utility>

#include "checker/claims/csr_view.h"
#include "checker/coverage/endpoint_graph.h"
#include "model/plain.h"

namespace lastack {

namespace {

// What is drawn: nodes and arrows with their texts, whichever level they came from.
struct Drawing {
    struct Node {
        std::string id, label;
        bool final = false;
    };
    struct Arrow {
        std::uint32_t from = 0, to = 0;
        std::string label;
        bool choice = false;
    };
    std::vector<Node> nodes;
    std::vector<Arrow> arrows;  // sorted by `from`
    std::string title, initial;
};

// A string of the language; lines become left-justified ones.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') result += '\\';
        result += c == '\n' ? std::string("\\l") : std::string(1, c);
    }
    return result + "\"";
}

std::string trigger_text(const EndpointEdge& edge) {
    switch (edge.trigger) {
        case Trigger::call: return "call " + edge.name;
        case Trigger::timer: return "timer " + edge.name;
        default: return "segment";
    }
}

bool has_choice(const Profile& profile, const EndpointEdge& edge) {
    for (const std::string& name : edge.rules) {
        const Rule* rule = profile.rule(name);
        if (rule && rule->may) return true;
    }
    return false;
}

// "segment\n  ack_new (RFC 9293 3.10.7.4 fifth)\n": what came, then the rules that fired.
std::string rules_text(const Profile& profile, const std::vector<std::string>& rules, const std::string& head) {
    std::string text = head + "\n";
    for (const std::string& name : rules) {
        const Rule* rule = profile.rule(name);
        const std::string may = rule && rule->may ? "may " : "";
        text += "  " + may + (rule && !rule->cites.empty() ? fmt::format("{} ({})\n", name, rule->cites) : name + "\n");
    }
    return text;
}

bool ignored(const EndpointEdge& edge) { return edge.rules.empty() && edge.from == edge.to; }

Drawing of_control_states(const EndpointGraph& graph, const Profile& profile) {
    Drawing drawing;
    std::vector<bool> reached(profile.states.size());
    for (const EndState& vertex : graph.vertices) reached[vertex.state] = true;
    std::vector<std::uint32_t> node_of(profile.states.size());
    for (std::size_t state = 0; state < profile.states.size(); ++state) {
        if (!reached[state]) continue;
        node_of[state] = static_cast<std::uint32_t>(drawing.nodes.size());
        drawing.nodes.push_back(
            {profile.states[state].name, state_label(profile.states[state].name), profile.states[state].final});
    }
    drawing.initial = profile.states[graph.vertices.at(0).state].name;
    // One arrow for each pair of control states; on it the rules that fire on the way, by what sets them off.
    struct Bundle {
        std::map<std::string, std::vector<std::string>> rules;  // by trigger
        bool choice = true;                                     // every way uses a `may` rule
    };
    std::map<std::pair<std::uint32_t, std::uint32_t>, Bundle> bundles;
    for (const EndpointEdge& edge : graph.edges) {
        if (ignored(edge)) continue;
        Bundle& bundle = bundles[{node_of[graph.vertices[edge.from].state], node_of[graph.vertices[edge.to].state]}];
        std::vector<std::string>& rules = bundle.rules[trigger_text(edge)];
        for (const std::string& name : edge.rules) {
            if (std::find(rules.begin(), rules.end(), name) == rules.end()) rules.push_back(name);
        }
        bundle.choice = bundle.choice && has_choice(profile, edge);
    }
    for (const auto& [ends, bundle] : bundles) {
        std::string text;
        for (const auto& [trigger, rules] : bundle.rules) text += rules_text(profile, rules, trigger);
        drawing.arrows.push_back({ends.first, ends.second, text, bundle.choice});
    }
    return drawing;
}

Drawing of_local_states(const EndpointGraph& graph, const Profile& profile, const Limits& limits) {
    Drawing drawing;
    for (const EndState& vertex : graph.vertices) {
        const std::string id = std::to_string(drawing.nodes.size());
        drawing.nodes.push_back({id, describe(profile, limits, vertex), profile.states[vertex.state].final});
    }
    drawing.initial = "0";
    for (const EndpointEdge& edge : graph.edges) {
        if (ignored(edge)) continue;
        std::string head = edge.segment ? "gets " + to_string(*edge.segment, profile.vocabulary) : trigger_text(edge);
        for (const Segment& sent : edge.sent) head += "\nsends " + to_string(sent, profile.vocabulary);
        drawing.arrows.push_back(
            {edge.from, edge.to, rules_text(profile, edge.rules, head), has_choice(profile, edge)});
    }
    return drawing;
}

std::string written(const Drawing& drawing) {
    std::vector<std::uint32_t> first(drawing.nodes.size() + 1, 0), source, target;
    for (const Drawing::Arrow& arrow : drawing.arrows) {
        ++first[arrow.from + 1];
        source.push_back(arrow.from);
        target.push_back(arrow.to);
    }
    for (std::size_t v = 0; v < drawing.nodes.size(); ++v) first[v + 1] += first[v];
    std::vector<std::string> ids;
    for (const Drawing::Node& node : drawing.nodes) ids.push_back(node.id);

    const auto node = [&](std::ostream& out, std::uint32_t v) {
        out << "[label=" << quoted(drawing.nodes[v].label) << (drawing.nodes[v].final ? ", shape=doublecircle" : "")
            << "]";
    };
    const auto arrow = [&](std::ostream& out, std::uint32_t e) {
        out << "[label=" << quoted(drawing.arrows[e].label) << (drawing.arrows[e].choice ? ", style=dashed" : "")
            << "]";
    };
    const auto whole = [&](std::ostream& out) {
        out << "rankdir=LR;\nlabel=" << quoted(drawing.title)
            << ";\nnode [shape=ellipse, fontname=\"Helvetica\"];\nedge [fontname=\"Helvetica\", fontsize=9];\n"
            << "start [shape=point];\nstart -> " << drawing.initial << ";\n";
    };
    std::ostringstream out;
    boost::write_graphviz(out, CsrView{first, source, target}, node, arrow, whole,
                          boost::make_iterator_property_map(ids.begin(), numbers()));
    return out.str();
}

}  // namespace

std::string to_dot(const EndpointGraph& graph, const Profile& profile, const Limits& limits, GraphLevel level) {
    Drawing drawing = level == GraphLevel::control_states ? of_control_states(graph, profile)
                                                          : of_local_states(graph, profile, limits);
    drawing.title = profile.name + ": " + profile.title;
    return written(drawing);
}

std::string endpoint_dot(const Spec& spec, const std::string& profile_name, GraphLevel level) {
    const EndpointExploration exploration = explore_endpoint(spec, profile_name, graph_bounds());
    return to_dot(exploration.graph, *spec.profile(profile_name), exploration.limits, level);
}

}  // namespace lastack
