// The endpoint as a graph of control states, laid out in layers.
//
// Idea: K. Sugiyama, S. Tagawa, M. Toda, "Methods for visual understanding of hierarchical system structures", IEEE
// Transactions on Systems, Man, and Cybernetics 11(2), 1981: a layer is the distance from the first state; within a
// layer nodes go in the order of the mean place of their neighbours in the layer before. Deviation: one sweep, and an
// edge that passes a layer gets no node of its own there but bends, the more the further it goes: there are eleven
// states. Cost: linear in the edges.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr double node_width = 124, node_height = 44, across = 205, down = 140, margin = 40;

struct Arrow {
    std::vector<const Rule*> rules;
    std::vector<std::string> inputs;  // what sets them off, each once
};

struct Node {
    int layer = -1;
    double x = 0, y = 0;
    bool used = false;
};

class Graph {
public:
    Graph(const Profile& profile, const EndpointLooks& looks)
        : profile_(profile), looks_(looks), nodes_(profile.states.size()) {
        collect();
        lay_out();
    }
    std::string picture() const;
    std::string table() const;

private:
    using Ends = std::pair<int, int>;

    void collect();
    std::vector<int> spread(std::vector<int> states, bool beyond);
    void lay_out();
    bool is_final(int state) const { return profile_.states[static_cast<std::size_t>(state)].final; }
    std::size_t look_of(const Arrow& arrow) const;  // place in EndpointLooks::order
    std::string told(const Ends& ends, const Arrow& arrow) const;
    std::string arrow_text(const Ends& ends, const Arrow& arrow) const;
    std::string node_text(int state) const;
    std::string label(int state) const { return state_label(profile_.states[static_cast<std::size_t>(state)].name); }

    const Profile& profile_;
    const EndpointLooks& looks_;
    std::vector<Node> nodes_;
    std::map<Ends, Arrow> arrows_;  // a state to itself: what stays in it
    double width_ = 0, height_ = 0;
};

void Graph::collect() {
    for (const Handler& handler : profile_.handlers) {
        const std::string input = handler.trigger == Trigger::call    ? handler.name + "()"
                                  : handler.trigger == Trigger::timer ? handler.name + " expires"
                                                                      : "segment";
        for (const Step& step : handler.steps)
            for (const Rule& rule : step.rules)
                for (const Case& one : rule.cases)
                    for (const int from : one.from) {
                        Arrow& arrow = arrows_[{from, one.to < 0 ? from : one.to}];
                        if (std::find(arrow.rules.begin(), arrow.rules.end(), &rule) == arrow.rules.end())
                            arrow.rules.push_back(&rule);
                        if (std::find(arrow.inputs.begin(), arrow.inputs.end(), input) == arrow.inputs.end())
                            arrow.inputs.push_back(input);
                    }
    }
}

// Breadth first from the states given, which have their layers; with or without going on behind final ones.
std::vector<int> Graph::spread(std::vector<int> states, bool beyond) {
    for (std::size_t i = 0; i < states.size(); ++i) {
        if (i > 0 && !beyond && is_final(states[i])) continue;
        for (const auto& [ends, arrow] : arrows_) {
            if (ends.first != states[i] || nodes_[static_cast<std::size_t>(ends.second)].layer >= 0) continue;
            nodes_[static_cast<std::size_t>(ends.second)].layer = nodes_[static_cast<std::size_t>(states[i])].layer + 1;
            states.push_back(ends.second);
        }
    }
    return states;
}

void Graph::lay_out() {
    // What every state leads to would pull the others together, so ends come behind all that lies before them.
    const int first = std::max(profile_.initial_state(), 0);
    nodes_[static_cast<std::size_t>(first)].layer = 0;
    std::vector<int> reached = spread({first}, false);
    int last = 0;
    for (const int state : reached) last = std::max(last, nodes_[static_cast<std::size_t>(state)].layer);
    for (const int state : reached)
        if (state != first && is_final(state)) nodes_[static_cast<std::size_t>(state)].layer = last + 1;
    reached = spread(reached, true);
    std::map<int, std::vector<int>> layers;
    for (const int state : reached) layers[nodes_[static_cast<std::size_t>(state)].layer].push_back(state);
    std::size_t widest = 1;
    for (const auto& [layer, states] : layers) widest = std::max(widest, states.size());
    height_ = 2 * margin + down * static_cast<double>(widest);
    width_ = 2 * margin + across * static_cast<double>(layers.size()) - across + node_width;
    for (auto& [layer, states] : layers) {
        const auto mean = [&, before = layer - 1](int state) {
            double sum = 0;
            int count = 0;
            for (const auto& [ends, arrow] : arrows_) {
                const Node& from = nodes_[static_cast<std::size_t>(ends.first)];
                if (ends.second != state || from.layer != before) continue;
                sum += from.y;
                ++count;
            }
            return count == 0 ? 0 : sum / count;
        };
        std::stable_sort(states.begin(), states.end(), [&](int a, int b) { return mean(a) < mean(b); });
        const double room = (height_ - 2 * margin) / static_cast<double>(states.size());
        for (std::size_t i = 0; i < states.size(); ++i) {
            Node& node = nodes_[static_cast<std::size_t>(states[i])];
            node.used = true;
            node.x = margin + across * layer + node_width / 2;
            node.y = margin + room * (static_cast<double>(i) + 0.5) +
                     (layer % 2 == 1 ? -1 : 1) * (states.size() == 1 ? 56 : 14);
        }
    }
}

std::size_t Graph::look_of(const Arrow& arrow) const {
    std::size_t first = looks_.order.size() - 1;
    for (const Rule* rule : arrow.rules) {
        const auto own = looks_.of_rule.find(rule->name);
        const std::string look = own == looks_.of_rule.end() ? "fires" : own->second;
        for (std::size_t i = 0; i < first; ++i)
            if (looks_.order[i].first == look) first = i;
    }
    return first;
}

std::string Graph::told(const Ends& ends, const Arrow& arrow) const {
    std::string text =
        ends.first == ends.second ? "stays in " + label(ends.first) : label(ends.first) + " to " + label(ends.second);
    if (const std::string& word = looks_.order[look_of(arrow)].second; !word.empty()) text += ": " + word;
    for (const Rule* rule : arrow.rules)
        text += fmt::format("\n{}{}: {} ({})", rule->may ? "may " : "", rule->name, rule->sentence, rule->cites);
    return xml_escaped(text);
}

std::string Graph::arrow_text(const Ends& ends, const Arrow& arrow) const {
    const Node &from = nodes_[static_cast<std::size_t>(ends.first)],
               &to = nodes_[static_cast<std::size_t>(ends.second)];
    const int layers = to.layer - from.layer;
    // To the next layer straight from side to side; else in a bow, above where it goes back.
    const bool ahead = layers == 1;
    const double side = layers > 0 ? 1 : layers < 0 ? -1 : 0;
    const double x1 = from.x + (layers == 0 ? 0 : side * node_width / 2);
    const double x2 = to.x - (layers == 0 ? 0 : side * node_width / 2);
    const double y1 = from.y + (layers == 0 ? (to.y > from.y ? 1 : -1) * node_height / 2 : side * 5);
    const double y2 = to.y - (layers == 0 ? (to.y > from.y ? 1 : -1) * node_height / 2 : -side * 5);
    const double bow = ahead ? 0 : layers == 0 ? 46 : side * (26 + 20 * std::abs(layers));
    const double cx = (x1 + x2) / 2 + (layers == 0 ? bow : 0), cy = (y1 + y2) / 2 + (layers == 0 ? 0 : bow);
    const std::string words =
        arrow.inputs.size() == 1 ? arrow.inputs[0] : fmt::format("{} +{}", arrow.inputs[0], arrow.inputs.size() - 1);
    return fmt::format("<g class=\"arrow {}\" tabindex=\"0\" role=\"img\" aria-label=\"{}\"><title>{}</title>"
                       "<path d=\"M{:.0f},{:.0f} Q{:.0f},{:.0f} {:.0f},{:.0f}\" marker-end=\"url(#{}-tip)\"/>"
                       "<text x=\"{:.0f}\" y=\"{:.0f}\">{}</text></g>\n",
                       looks_.order[look_of(arrow)].first, told(ends, arrow), told(ends, arrow), x1, y1, cx, cy, x2, y2,
                       looks_.id, 0.42 * x1 + 0.12 * x2 + 0.46 * cx, 0.42 * y1 + 0.12 * y2 + 0.46 * cy - 4,
                       xml_escaped(words));
}

std::string Graph::node_text(int state) const {
    const Node& node = nodes_[static_cast<std::size_t>(state)];
    const auto own = arrows_.find({state, state});
    const std::size_t stays = own == arrows_.end() ? 0 : own->second.rules.size();
    const bool final = is_final(state);
    std::string title = label(state) + (final ? ", final" : "");
    if (stays > 0) title += "\n" + told({state, state}, own->second);
    const std::string look = stays == 0 ? "" : " " + looks_.order[look_of(own->second)].first;
    return fmt::format("<g class=\"node{}{}\" tabindex=\"0\"><title>{}</title><rect x=\"{:.0f}\" y=\"{:.0f}\" "
                       "width=\"{:.0f}\" height=\"{:.0f}\" rx=\"8\"/><text class=\"name\" x=\"{:.0f}\" y=\"{:.0f}\">{}"
                       "</text><text x=\"{:.0f}\" y=\"{:.0f}\">{} rules stay here</text></g>\n",
                       final ? " final" : "", look, title, node.x - node_width / 2, node.y - node_height / 2,
                       node_width, node_height, node.x, node.y - 3, label(state), node.x, node.y + 13, stays);
}

std::string Graph::picture() const {
    std::string out = fmt::format(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"graph\" viewBox=\"0 -60 {0:.0f} {1:.0f}\" width=\"{0:.0f}\" "
        "height=\"{1:.0f}\" role=\"group\" aria-label=\"control states of the endpoint\">\n"
        "<defs><marker id=\"{2}-tip\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerUnits=\"userSpaceOnUse\" "
        "markerWidth=\"10\" markerHeight=\"10\" orient=\"auto-start-reverse\"><path d=\"M0,0 L8,4 L0,8 "
        "z\"/></marker></defs>\n",
        width_, height_ + 120, looks_.id);
    for (const auto& [ends, arrow] : arrows_) {
        const bool shown = nodes_[static_cast<std::size_t>(ends.first)].used &&
                           nodes_[static_cast<std::size_t>(ends.second)].used && ends.first != ends.second;
        if (shown) out += arrow_text(ends, arrow);
    }
    for (std::size_t state = 0; state < nodes_.size(); ++state)
        if (nodes_[state].used) out += node_text(static_cast<int>(state));
    return out + "</svg>\n";
}

std::string Graph::table() const {
    std::string out = "<details><summary>The same as a table</summary>\n<table>\n<thead><tr><th scope=\"col\">from</th>"
                      "<th scope=\"col\">to</th><th scope=\"col\">on</th><th scope=\"col\">rules</th><th "
                      "scope=\"col\">mark</th></tr></thead>\n<tbody>\n";
    for (const auto& [ends, arrow] : arrows_) {
        if (ends.first == ends.second) continue;
        std::string rules, inputs;
        for (const Rule* rule : arrow.rules)
            rules += fmt::format("{}<code>{}</code> {} ({})", rules.empty() ? "" : "<br/>", xml_escaped(rule->name),
                                 xml_escaped(rule->sentence), xml_escaped(rule->cites));
        for (const std::string& input : arrow.inputs) inputs += (inputs.empty() ? "" : ", ") + input;
        out += fmt::format("<tr class=\"{}\"><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
                           looks_.order[look_of(arrow)].first, label(ends.first), label(ends.second),
                           xml_escaped(inputs), rules, looks_.order[look_of(arrow)].second);
    }
    return out + "</tbody></table>\n</details>\n";
}

}  // namespace

std::string html_endpoint(const Profile& profile, const EndpointLooks& looks) {
    const Graph graph(profile, looks);
    return fmt::format("<section id=\"{0}\" aria-labelledby=\"{0}-h\">\n<h2 id=\"{0}-h\">{1}</h2>\n"
                       "<p>Profile <code>{2}</code>: {3}. An arrow is there for each pair of control states that some "
                       "rule joins; its rules, with their citations, are shown under the pointer, and in the table "
                       "below. {4}</p>\n"
                       "<div class=\"wide zoom\" tabindex=\"0\" role=\"region\" aria-label=\"graph of {2}\">\n",
                       looks.id, xml_escaped(looks.heading), xml_escaped(profile.name), xml_escaped(profile.title),
                       looks.key) +
           graph.picture() + "</div>\n" + graph.table() + "</section>\n";
}

}  // namespace lastack
