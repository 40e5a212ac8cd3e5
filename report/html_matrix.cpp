// The matrix of the HTML report: a row for each kind of segment at each place, a column for each control state, and in
// each cell a line for each side: a profile, a stack, another one.
//
// A row is news where some side was refuted there or two sides differ; a filter shows those alone, by CSS. What the
// page has no room for is left out from the rows that are no news. Cost: linear in the answers.
#include <fmt/format.h>

#include <algorithm>

#include "report/html_sections.h"
#include "report/xml.h"

namespace lastack {

namespace {

constexpr std::size_t most_matrix_bytes = 700'000;
constexpr std::size_t most_answers = 4;  // of one side in one cell

// What is shown: sides in their order, and the cells in which they differ.
struct Shown {
    std::vector<MatrixSide> sides;
    std::set<MatrixCell> differs;
    const std::set<std::size_t>* vectors = nullptr;  // those that a link can lead to
    bool once = false;                               // two sides that answer alike have one line, without a name
};

const char* mark_word(MatrixAnswer::Mark mark) {
    switch (mark) {
        case MatrixAnswer::Mark::refuted: return "refuted: ";
        case MatrixAnswer::Mark::other_course: return "another course: ";
        case MatrixAnswer::Mark::left_open: return "left open: ";
        case MatrixAnswer::Mark::planned: break;
    }
    return "";
}

std::string answer_text(const Shown& shown, const MatrixAnswer& answer) {
    const bool planned = answer.mark == MatrixAnswer::Mark::planned;
    std::string text = xml_escaped(mark_word(answer.mark) + answer.text);
    if (!planned && shown.vectors != nullptr && shown.vectors->contains(answer.vector))
        text = fmt::format("<a href=\"#vector-{}\">{}</a>", answer.vector, text);
    if (answer.count > 1) text += fmt::format(" <small>\u00d7{}</small>", answer.count);
    const std::string look = answer.mark == MatrixAnswer::Mark::refuted ? " class=\"refuted\""
                             : planned                                  ? ""
                                                                        : " class=\"left\"";
    const std::string hover = answer.why.empty() ? "" : " title=\"" + xml_escaped(answer.why) + "\"";
    return look.empty() && hover.empty() ? text : fmt::format("<span{}{}>{}</span>", look, hover, text);
}

std::string side_text(const Shown& shown, const MatrixSide& side, const MatrixCell& cell) {
    const auto found = side.cells.find(cell);
    std::string text;
    for (std::size_t i = 0; found != side.cells.end() && i < found->second.size() && i < most_answers; ++i)
        text += (text.empty() ? "" : "; ") + answer_text(shown, found->second[i]);
    if (found != side.cells.end() && found->second.size() > most_answers)
        text += fmt::format("; {} more", found->second.size() - most_answers);
    if (text.empty() || shown.sides.size() == 1) return text;
    const bool alike = shown.once && !shown.differs.contains(cell) && shown.sides[0].cells.contains(cell) &&
                       shown.sides[1].cells.contains(cell);
    if (alike) return &side == &shown.sides[0] ? text : "";
    if (side.name.empty()) return "<div>" + text + "</div>";
    return fmt::format("<div><b>{}</b> {}</div>", xml_escaped(side.name), text);
}

bool is_refuted(const Shown& shown, const MatrixCell& cell) {
    return std::any_of(shown.sides.begin(), shown.sides.end(), [&](const MatrixSide& side) {
        const auto found = side.cells.find(cell);
        return found != side.cells.end() &&
               std::any_of(found->second.begin(), found->second.end(),
                           [](const MatrixAnswer& one) { return one.mark == MatrixAnswer::Mark::refuted; });
    });
}

struct RowText {
    std::string text;
    bool news = false;
};

RowText row_text(const Shown& shown, const MatrixRow& row, const std::vector<std::string>& states) {
    RowText made;
    for (const std::string& state : states) {
        const MatrixCell cell{state, row};
        std::string text;
        for (const MatrixSide& side : shown.sides) text += side_text(shown, side, cell);
        const bool differs = shown.differs.contains(cell), refuted = is_refuted(shown, cell);
        made.news = made.news || differs || refuted;
        if (differs) text += "<div class=\"apart\">\u2260 differs</div>";
        const char* const look = differs || refuted ? " class=\"news\"" : text == "\u2013" ? " class=\"quiet\"" : "";
        made.text += fmt::format("<td{}>{}</td>", look, text);
    }
    made.text = fmt::format("<tr{}><th scope=\"row\">{} <small>{}</small></th>{}</tr>\n",
                            made.news ? " class=\"news\"" : "", row.kind(), row.place(), made.text);
    return made;
}

// Columns in the order in which a connection ends.
std::vector<std::string> states_of(const Shown& shown) {
    std::vector<std::string> states;
    for (const std::string& state : known_states) {
        const bool has = std::any_of(shown.sides.begin(), shown.sides.end(), [&](const MatrixSide& side) {
            return std::any_of(side.cells.begin(), side.cells.end(),
                               [&](const auto& one) { return one.first.state == state; });
        });
        if (has) states.push_back(state);
    }
    return states;
}

std::string body_text(const Shown& shown, const std::vector<std::string>& states, std::size_t& news,
                      std::size_t& left_out) {
    std::set<MatrixRow> rows;
    for (const MatrixSide& side : shown.sides)
        for (const auto& [cell, answers] : side.cells) rows.insert(cell.row);
    std::vector<RowText> made;
    std::vector<HtmlPart> parts;
    for (const MatrixRow& row : rows) {
        made.push_back(row_text(shown, row, states));
        parts.push_back({made.back().text.size(), made.back().news});
        news += made.back().news ? 1 : 0;
    }
    HtmlBudget budget{most_matrix_bytes};
    const std::vector<bool> kept = html_fitting(parts, budget);
    std::string body;
    for (std::size_t i = 0; i < made.size(); ++i)
        if (kept[i]) body += made[i].text;
    left_out = static_cast<std::size_t>(std::count(kept.begin(), kept.end(), false));
    return body;
}

std::string ways_text(const Shown& shown) {
    std::string text;
    for (const MatrixSide& side : shown.sides) {
        if (side.ways.empty()) continue;
        text += fmt::format("<details><summary>How each state{} was reached</summary><ul>\n",
                            side.name.empty() ? "" : " of <code>" + xml_escaped(side.name) + "</code>");
        for (const std::string& state : known_states)
            if (const auto way = side.ways.find(state); way != side.ways.end())
                text +=
                    fmt::format("<li>{}: {}</li>\n", state_label(state),
                                way->second.empty() ? "as the profile begins" : "after " + xml_escaped(way->second));
        text += "</ul></details>\n";
    }
    return text;
}

std::string section(const Shown& shown, const std::string& told) {
    const std::vector<std::string> states = states_of(shown);
    if (states.empty()) return "";
    std::size_t news = 0, left_out = 0;
    const std::string body = body_text(shown, states, news, left_out);
    std::string head, text;
    for (const std::string& state : states) head += "<th scope=\"col\">" + state_label(state) + "</th>";
    text =
        "<section id=\"matrix\" aria-labelledby=\"matrix-h\">\n<h2 id=\"matrix-h\">Answers to single segments</h2>\n"
        "<p>" +
        told +
        " \u201c\u2013\u201d is nothing at all, \u2192 leads to the state behind it. An ACK acknowledges nothing new "
        "where nothing else is said.</p>\n";
    if (news > 0)
        text += fmt::format("<fieldset class=\"filter\"><legend>Show</legend><label><input type=\"checkbox\" "
                            "class=\"f-news\"/> only rows where something differs or was refuted ({})</label>"
                            "</fieldset>\n",
                            news);
    else if (shown.sides.size() > 1)
        text += "<p>Nothing was refuted, and no two sides that can be compared differ.</p>\n";
    text += "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"matrix of answers\"><table "
            "class=\"matrix\">\n<thead><tr><th scope=\"col\">segment, place of its SEQ</th>" +
            head + "</tr></thead>\n<tbody>\n" + body + "</tbody></table></div>\n";
    if (left_out > 0)
        text +=
            fmt::format("<p>{} more rows are left out here, since the file would become too large.</p>\n", left_out);
    return text + ways_text(shown) + "</section>\n";
}

constexpr const char* of_profile =
    "A line without a name is the profile's: what it sends and the state it goes to where one segment comes; "
    "\u201ctaken\u201d changes "
    "something inside and is not answered. It is that of the first local state that calls, timers and an honest peer "
    "lead to; others of the same state may answer otherwise. Its rules are shown under the pointer.";

constexpr const char* of_two =
    "A line is what that profile sends and the state it goes to where one segment comes; without a name both do the "
    "same. \u201ctaken\u201d changes something inside and is not answered. It is the answer of the first local state "
    "that calls, timers and an honest peer "
    "lead to; others of the same state may answer otherwise. Rules are shown under the pointer.";

constexpr const char* of_stacks =
    "A line with a stack's name is what that did where a vector sent such a segment: as planned where nothing else is "
    "said, how "
    "often (\u00d7), and where it was refuted or took another course a link to the vector that showed it.";

}  // namespace

std::string html_matrix(const Profile* profile, const ReportedParts& parts, const std::set<std::size_t>& vectors) {
    Shown shown;
    shown.vectors = &vectors;
    std::set<MatrixRow> rows = usual_rows();
    if (parts.runs != nullptr) {
        std::vector<TargetRuns> stacks{{parts.target, *parts.runs}};
        if (parts.beside != nullptr) stacks.insert(stacks.end(), parts.beside->begin(), parts.beside->end());
        for (const TargetRuns& stack : stacks) {
            shown.sides.push_back(stack_side(*parts.vectors, stack));
            for (const auto& [cell, answers] : shown.sides.back().cells) rows.insert(cell.row);
            if (&stack != &stacks.front()) shown.differs.merge(told_apart(*parts.vectors, stacks.front(), stack));
        }
        std::erase_if(shown.sides, [](const MatrixSide& side) { return side.cells.empty(); });
    }
    const bool driven = !shown.sides.empty();
    if (profile != nullptr) shown.sides.insert(shown.sides.begin(), profile_side(*profile, rows));
    if (profile != nullptr) shown.sides.front().name.clear();
    return section(shown, (profile != nullptr ? of_profile : std::string()) +
                              (profile != nullptr && driven ? " " : "") + (driven ? of_stacks : ""));
}

std::string html_matrix(const Profile& one, const Profile& other) {
    Shown shown{{profile_side(one, usual_rows()), profile_side(other, usual_rows())}, {}, nullptr, true};
    if (one.name == other.name) {
        shown.sides[0].name = "A";
        shown.sides[1].name = "B";
    }
    for (const auto& [cell, answers] : shown.sides[0].cells) {
        const auto there = shown.sides[1].cells.find(cell);
        if (there != shown.sides[1].cells.end() && answers.front().text != there->second.front().text)
            shown.differs.insert(cell);
    }
    return section(shown, of_two);
}

}  // namespace lastack
