// What a profile answers: each kind of segment at each position, in each control state.
//
// Idea: for each control state the first local state that a breadth-first walk reaches, by calls, timers and what an
// honest peer sends; each segment is put to that state alone, by the plain interpreter. Other local states of the same
// control state may answer otherwise, and the page says by which way the one was reached. Cost: some thousand steps of
// the interpreter.
#include <fmt/format.h>

#include <map>

#include "model/plain.h"
#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr std::size_t most_local_states = 2'000;

struct Scene {
    EndState state;
    std::string way;  // how it was reached; empty: the profile begins there
};

struct Row {
    std::string kind, position;
    Segment segment;
};

class Matrix {
public:
    explicit Matrix(const Profile& profile)
        : profile_(profile), limits_(limits_of(profile)), snd_una_(profile.variable("snd_una")),
          snd_nxt_(profile.variable("snd_nxt")), rcv_nxt_(profile.variable("rcv_nxt")) {}

    bool speaks_tcp() const { return !profile_.vocabulary.own() && snd_una_ >= 0 && snd_nxt_ >= 0 && rcv_nxt_ >= 0; }
    std::string text();

private:
    void find_scenes();
    std::vector<std::pair<Input, std::string>> moves(const EndState& end) const;
    std::vector<Row> rows(const EndState& end) const;
    std::string cell(const EndState& end, const Segment& segment) const;
    int value(const EndState& end, int variable) const { return end.values[static_cast<std::size_t>(variable)]; }
    const std::string& name_of(const EndState& end) const {
        return profile_.states[static_cast<std::size_t>(end.state)].name;
    }
    std::vector<Reaction> react(const EndState& end, const Input& input) const {
        try {
            return plain_react(profile_, limits_, end, input);
        } catch (const ModelError&) {
            return {};  // beyond the bounds of its variables, of which the profile says nothing
        }
    }

    const Profile& profile_;
    const Limits limits_;
    int snd_una_, snd_nxt_, rcv_nxt_;
    std::map<int, Scene> scenes_;  // by control state
};

std::uint8_t unit(int number) { return static_cast<std::uint8_t>(std::max(number, 0)); }

Input arrival(const Segment& segment) { return {Trigger::segment, "segment", segment}; }

// What may happen to an end in the company of an honest peer, with a word for each.
std::vector<std::pair<Input, std::string>> Matrix::moves(const EndState& end) const {
    std::vector<std::pair<Input, std::string>> all;
    for (const Handler& handler : profile_.handlers) {
        if (handler.trigger == Trigger::call) all.push_back({{Trigger::call, handler.name, {}}, handler.name + "()"});
        if (handler.trigger == Trigger::timer)
            all.push_back({{Trigger::timer, handler.name, {}}, handler.name + " expires"});
    }
    Segment ack;
    ack.seq = unit(value(end, rcv_nxt_));
    ack.has_ack = true;
    for (const int number : {value(end, snd_nxt_), value(end, snd_una_)}) {
        ack.ack = unit(number);
        Segment fin = ack, syn = ack;
        fin.fin = true;
        syn.syn = true;
        syn.seq = 0;
        const bool all_of_it = number == value(end, snd_nxt_);
        all.push_back({arrival(ack), "ACK"});
        all.push_back({arrival(fin), all_of_it ? "FIN that acknowledges all" : "FIN"});
        all.push_back({arrival(syn), "SYN,ACK"});
    }
    Segment syn;
    syn.syn = true;
    all.push_back({arrival(syn), "SYN"});
    return all;
}

void Matrix::find_scenes() {
    std::vector<Scene> found{{plain_initial(profile_), ""}};
    std::set<EndState> seen{found[0].state};
    for (std::size_t i = 0; i < found.size() && i < most_local_states; ++i) {
        const Scene here = found[i];
        scenes_.emplace(here.state.state, here);
        if (scenes_.size() == profile_.states.size()) return;
        for (const auto& [input, word] : moves(here.state))
            for (const Reaction& reaction : react(here.state, input))
                if (seen.insert(reaction.after).second)
                    found.push_back({reaction.after, here.way + (here.way.empty() ? "" : ", ") + word});
    }
}

std::vector<Row> Matrix::rows(const EndState& end) const {
    const int next = value(end, rcv_nxt_), una = value(end, snd_una_), nxt = value(end, snd_nxt_);
    const auto window = limits_.find("window");
    std::vector<std::pair<std::string, int>> places{
        {"left of the window", next - 1}, {"next", next}, {"one further", next + 1}};
    if (window != limits_.end()) places.emplace_back("right of the window", next + window->second);
    std::vector<Row> all;
    const auto add = [&](const std::string& kind, int seq, const std::string& position, auto&& change) {
        Segment segment;
        segment.seq = unit(seq);
        segment.has_ack = true;
        segment.ack = unit(una);
        change(segment);
        if (!segment.has_ack) segment.ack = 0;
        all.push_back({kind, position, segment});
    };
    for (const auto& [position, seq] : places) add("ACK", seq, position, [](Segment&) {});
    add("ACK", next, "next, acknowledges less", [&](Segment& s) { s.ack = unit(una - 1); });
    add("ACK", next, "next, acknowledges all", [&](Segment& s) { s.ack = unit(nxt); });
    add("ACK", next, "next, of what was not sent", [&](Segment& s) { s.ack = unit(nxt + 1); });
    for (const auto& [position, seq] : places) add("DATA,ACK", seq, position, [](Segment& s) { s.len = 1; });
    for (const auto& [position, seq] : places) add("FIN,ACK", seq, position, [](Segment& s) { s.fin = true; });
    for (const auto& [position, seq] : places)
        add("RST", seq, position, [](Segment& s) {
            s.rst = true;
            s.has_ack = false;
        });
    for (const auto& [position, seq] : places)
        add("SYN", seq, position, [](Segment& s) {
            s.syn = true;
            s.has_ack = false;
        });
    return all;
}

// "ACK; to CLOSED": what is sent, and the state after it where that is another one. Ways that `may` leaves are parted
// by "or".
std::string Matrix::cell(const EndState& end, const Segment& segment) const {
    std::set<std::string> ways;
    std::string hover;
    for (const Reaction& reaction : react(end, arrival(segment))) {
        std::string way;
        for (const Segment& sent : reaction.sent)
            way += (way.empty() ? "" : " + ") + flags_of(sent, profile_.vocabulary);
        if (reaction.after.state != end.state)
            way += (way.empty() ? "" : " ") + std::string("\u2192 ") + state_label(name_of(reaction.after));
        else if (way.empty())
            way = reaction.after == end ? "\u2013" : "taken";
        ways.insert(way);
        for (const std::string& name : reaction.rules)
            if (const Rule* rule = profile_.rule(name))
                hover += fmt::format("{}{}: {} ({})", hover.empty() ? "" : "\n", name, rule->sentence, rule->cites);
        for (const Segment& sent : reaction.sent) hover += "\nsends " + to_string(sent, profile_.vocabulary);
    }
    std::string text;
    for (const std::string& way : ways) text += (text.empty() ? "" : " or ") + way;
    return fmt::format("<td{} title=\"{}\">{}</td>", text == "\u2013" ? " class=\"quiet\"" : "",
                       xml_escaped(hover.empty() ? "no rule takes it" : hover),
                       xml_escaped(text.empty() ? "outside" : text));
}

std::string Matrix::text() {
    find_scenes();
    std::string head, ways;
    std::vector<std::vector<Row>> columns;
    for (const auto& [state, scene] : scenes_) {
        const std::string label = state_label(name_of(scene.state));
        head += "<th scope=\"col\">" + label + "</th>";
        ways += fmt::format("<li>{}: {}</li>\n", label,
                            scene.way.empty() ? "as the profile begins" : "after " + xml_escaped(scene.way));
        columns.push_back(rows(scene.state));
    }
    std::string body;
    for (std::size_t row = 0; row < columns.front().size(); ++row) {
        body += fmt::format("<tr><th scope=\"row\">{} <small>{}</small></th>", columns[0][row].kind,
                            columns[0][row].position);
        std::size_t column = 0;
        for (const auto& [state, scene] : scenes_) body += cell(scene.state, columns[column++][row].segment);
        body += "</tr>\n";
    }
    return "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"matrix of answers\"><table "
           "class=\"matrix\">\n"
           "<thead><tr><th scope=\"col\">segment, place of its SEQ</th>" +
           head + "</tr></thead>\n<tbody>\n" + body +
           "</tbody></table></div>\n<details><summary>How each state was reached</summary><ul>\n" + ways +
           "</ul></details>\n";
}

}  // namespace

std::string html_matrix(const Profile& profile) {
    Matrix matrix(profile);
    if (!matrix.speaks_tcp()) return "";
    return "<section id=\"matrix\" aria-labelledby=\"matrix-h\">\n<h2 id=\"matrix-h\">Answers to single segments</h2>\n"
           "<p>What the profile sends, and the state it goes to (\u2192), where one segment comes: \u201c\u2013\u201d "
           "is "
           "nothing at all, \u201ctaken\u201d changes something inside and is not answered. Each column is the first "
           "local state of its control state that calls, timers and an honest peer lead to; others may answer "
           "otherwise. The rules are shown under the pointer. An ACK acknowledges nothing new where nothing else is "
           "said; a SYN and a RST have none.</p>\n" +
           matrix.text() + "</section>\n";
}

}  // namespace lastack
