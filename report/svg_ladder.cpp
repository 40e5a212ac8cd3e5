// Idea: a trace or a vector becomes rows, and arrows between them: every step and every departure gets a row, of a
// vector every action and every segment that is expected. Then rows get their heights by the text beside the lifelines,
// then each segment is a straight line from its departure to its end. All lines are drawn before all texts,
// and texts have a white rim, so that a crossing line does not strike them out.
// Cost: linear in the trace.
#include "report/svg_ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>

#include "generators/vector_reading.h"
#include "report/segment_fates.h"
#include "report/xml.h"

namespace lastack {

namespace {

// Pixels.
constexpr double width = 800, line_x[] = {210, 590}, gap = line_x[1] - line_x[0];
constexpr double row_height = 34, text_height = 16, margin = 14, dot_radius = 3.5;
constexpr double loop_below = 14;  // from the end of the lifelines to the lower edge of a loop's box
constexpr std::size_t side_letters = 26, title_letters = 100;

constexpr const char* dark = "#1a1a1a";
constexpr const char* blue = "#0b4f8a";
constexpr const char* red = "#a31515";                                          // losses
constexpr const char* bold_blue = "font-weight=\"bold\" fill=\"#0b4f8a\"";      // states
constexpr const char* red_slanting = "font-style=\"italic\" fill=\"#a31515\"";  // what was lost, and why

struct Row {
    std::vector<std::string> words[2];  // beside the lifelines, wrapped
    std::string state[2];               // entered here, below the words
    double y = 0;
};

struct Point {
    double x = 0, y = 0;
};

std::vector<std::string> wrapped_lines(const std::string& text, std::size_t letters) {
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();) {
        std::size_t end = std::min(text.find(' ', at), text.size());
        const std::string word = text.substr(at, end - at);
        if (!lines.empty() && lines.back().size() + 1 + word.size() <= letters)
            lines.back() += " " + word;
        else
            lines.push_back(word);
        at = end + 1;
    }
    return lines;
}

// What is to be drawn, whoever the two ends are.
struct Drawing {
    struct Arrow {
        int from = 0;
        std::string name;
        std::size_t left_in = 0, ended_in = 0;  // rows
        SegmentFate::Fate fate = SegmentFate::Fate::arrives;
        int copy_of = -1;  // another arrow
    };
    std::string about;     // for programs that read drawings aloud
    std::string heads[2];  // of the lifelines
    std::vector<Row> rows;
    std::vector<Arrow> arrows;
    std::optional<std::size_t> loop_row;  // of a lasso: where its box begins
};

// Of a trace: the rows of its steps.
class TraceRows {
public:
    TraceRows(const PlainSystem& system, const Trace& trace)
        : system_(system), trace_(trace), fates_(segment_fates(system, trace)) {
        drawing.about = "a trace of system " + trace.system;
        for (int end = 0; end < 2; ++end)
            drawing.heads[end] = fmt::format("{} ({})", end == 0 ? "A" : "B", system.profile(end).name);
        for (const SegmentFate& one : fates_.all)
            drawing.arrows.push_back(
                {one.from, to_string(one.segment, system.vocabulary()), 0, 0, one.fate, one.copy_of});
        rows().emplace_back();
        for (int end = 0; end < 2; ++end) rows().back().state[end] = state_of(trace.initial, end);
        for (std::size_t i = 0; i < trace.steps.size(); ++i) {
            if (static_cast<int>(i) == trace.loop_from) {
                drawing.loop_row = rows().size();
                rows().emplace_back();
            }
            add(i);
        }
    }
    Drawing drawing;

private:
    void add(std::size_t index);
    std::string state_of(const Snapshot& snapshot, int end) const {
        return state_label(system_.profile(end).states[snapshot.end[end].state].name);
    }
    std::vector<Row>& rows() { return drawing.rows; }

    const PlainSystem& system_;
    const Trace& trace_;
    const SegmentFates fates_;
};

// Rows of one step. A delivery shares the row of a departure right before it; otherwise each event has its own.
void TraceRows::add(std::size_t index) {
    const TraceStep& step = trace_.steps[index];
    const int id = fates_.concerned[index];
    const bool level = id >= 0 && step.kind == TraceStep::Kind::deliver && fates_.at_once(fates_.all[id]);
    if (!level) rows().emplace_back();
    const std::size_t own = rows().size() - 1;
    if (step.kind == TraceStep::Kind::duplicate) {
        // The copy is the only segment that leaves in this step.
        for (std::size_t copy = 0; copy < fates_.all.size(); ++copy) {
            if (fates_.all[copy].departs == index) drawing.arrows[copy].left_in = own;
        }
        return;
    }
    if (id >= 0) drawing.arrows[id].ended_in = own;
    if (step.kind == TraceStep::Kind::lose) return;
    std::string did;
    if (step.kind == TraceStep::Kind::call) did = step.name + "()" + (step.result == "ok" ? "" : " = " + step.result);
    if (step.kind == TraceStep::Kind::timer) did = step.name + " expires";
    for (const std::string& signal : step.signals) did += (did.empty() ? "" : " ") + ("told: " + signal);
    rows()[own].words[step.end] = wrapped_lines(did, side_letters);
    const Snapshot& before = index == 0 ? trace_.initial : trace_.steps[index - 1].after;
    if (state_of(step.after, step.end) != state_of(before, step.end))
        rows()[own].state[step.end] = state_of(step.after, step.end);
    bool taken = id >= 0;  // an arrow ends in this row
    for (const int sent : fates_.sent[index]) {
        if (taken) rows().emplace_back();
        taken = true;
        drawing.arrows[sent].left_in = rows().size() - 1;
    }
}

// Of a vector: the tester at the left, the IUT at the right. An expected segment has its window at the tester's side.
Drawing drawing_of(const TestVector& vector) {
    Drawing drawing;
    drawing.about = "test vector " + vector.id;
    drawing.heads[0] = "tester";
    drawing.heads[1] = fmt::format("IUT ({})", vector.profile);
    std::vector<Row>& rows = drawing.rows;
    rows.emplace_back();
    rows.back().state[1] = "ESTABLISHED";
    std::string before = "ESTABLISHED";
    const auto arrow = [&](int from, const WireSegment& segment, bool optional) {
        const std::size_t row = rows.size() - 1;
        drawing.arrows.push_back({from, to_string(segment) + (optional ? ", or nothing" : ""), row, row});
    };
    for (const VectorStep& step : vector.steps) {
        rows.emplace_back();
        if (step.kind == VectorStep::Kind::call) rows.back().words[1] = wrapped_lines(action_text(step), side_letters);
        if (step.kind == VectorStep::Kind::send) arrow(0, step.segment, false);
        if (step.kind == VectorStep::Kind::wait)
            rows.back().words[0] =
                wrapped_lines(fmt::format("{}, {}", action_text(step), window_text(step.window)), side_letters);
        for (const Expected& expected : step.expect) {
            if (step.kind != VectorStep::Kind::call || &expected != &step.expect.front()) rows.emplace_back();
            arrow(1, expected.segment, expected.optional);
            rows.back().words[0] = wrapped_lines(window_text(expected.window), side_letters);
        }
        std::vector<std::string> words;
        for (const Alternative& way : step.alternatives)
            for (std::string& line : wrapped_lines("may come: " + to_string(way.segment), side_letters))
                words.push_back(std::move(line));
        for (const std::string& signal : step.signals) words.push_back("told: " + signal);
        std::vector<std::string>& beside = rows.back().words[1];
        beside.insert(beside.end(), words.begin(), words.end());
        std::string after;
        for (const std::string& state : step.states) after += (after.empty() ? "" : " or ") + state_label(state);
        if (!after.empty() && after != before) rows.back().state[1] = before = after;
    }
    rows.emplace_back();
    rows.back().words[0] = wrapped_lines("silence for " + seconds(vector.settle_us) + " s", side_letters);
    return drawing;
}

class Picture {
public:
    Picture(Drawing drawing, const std::string& title);
    std::string text() const;

private:
    void set_heights();
    void draw_arrow(std::size_t id);
    void draw_side(const Row& row, int end);
    void draw_name(std::size_t id);
    void draw_loop();
    bool crossed(std::size_t own, double left, double right, double y) const;
    void write(double x, double y, const char* anchor, const char* look, const std::string& what);
    void stroke(Point from, Point to, const char* colour, const char* more);
    void head(Point from, Point to);
    Point end_of(const Drawing::Arrow& one, Point start) const;

    double y_of(std::size_t row) const { return drawing_.rows[row].y; }

    Drawing drawing_;
    std::vector<std::string> title_;
    std::vector<std::pair<Point, Point>> ways_;  // per arrow: where it is drawn
    double bottom_ = 0;
    std::string lines_, texts_;
};

Picture::Picture(Drawing drawing, const std::string& title)
    : drawing_(std::move(drawing)), title_(wrapped_lines(title, title_letters)) {
    set_heights();
    if (drawing_.loop_row) draw_loop();
    for (std::size_t id = 0; id < drawing_.arrows.size(); ++id) draw_arrow(id);
    for (std::size_t id = 0; id < drawing_.arrows.size(); ++id) draw_name(id);
    for (const Row& row : drawing_.rows) {
        for (int end = 0; end < 2; ++end) draw_side(row, end);
    }
}

void Picture::set_heights() {
    double y = margin + text_height * static_cast<double>(title_.size()) + 44;
    for (Row& row : drawing_.rows) {
        row.y = y;
        std::size_t lines = 0;
        for (int end = 0; end < 2; ++end)
            lines = std::max(lines, row.words[end].size() + (row.state[end].empty() ? 0 : 1));
        y += std::max(row_height, text_height * static_cast<double>(lines) + 10);
    }
    bottom_ = y;
}

void Picture::write(double x, double y, const char* anchor, const char* look, const std::string& what) {
    texts_ += fmt::format("  <text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"{}\" {}>{}</text>\n", x, y, anchor, look,
                          xml_escaped(what));
}

void Picture::stroke(Point from, Point to, const char* colour, const char* more) {
    lines_ += fmt::format("  <line x1=\"{:.1f}\" y1=\"{:.1f}\" x2=\"{:.1f}\" y2=\"{:.1f}\" stroke=\"{}\"{}/>\n", from.x,
                          from.y, to.x, to.y, colour, more);
}

// A filled triangle that points along the line.
void Picture::head(Point from, Point to) {
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    const double dx = (to.x - from.x) / length, dy = (to.y - from.y) / length;
    const Point back{to.x - 10 * dx, to.y - 10 * dy};
    lines_ += fmt::format("  <polygon points=\"{:.1f},{:.1f} {:.1f},{:.1f} {:.1f},{:.1f}\" fill=\"{}\"/>\n", to.x, to.y,
                          back.x - 4 * dy, back.y + 4 * dx, back.x + 4 * dy, back.y - 4 * dx, dark);
}

// What does not arrive ends between the lifelines.
Point Picture::end_of(const Drawing::Arrow& one, Point start) const {
    const double rest = line_x[1 - one.from] - start.x;
    switch (one.fate) {
        case SegmentFate::Fate::arrives: {
            const bool dot = !drawing_.rows[one.ended_in].state[1 - one.from].empty();
            return {line_x[1 - one.from] + (dot ? one.from == 0 ? -dot_radius : dot_radius : 0), y_of(one.ended_in)};
        }
        case SegmentFate::Fate::lost: return {start.x + rest * 0.6, y_of(one.ended_in)};
        case SegmentFate::Fate::refused: return {start.x + rest * 0.6, start.y};
        default: return {start.x + rest * 0.6, bottom_ - 6};
    }
}

void Picture::draw_arrow(std::size_t id) {
    const Drawing::Arrow& one = drawing_.arrows[id];
    Point start{line_x[one.from], y_of(one.left_in)};
    const bool copy = one.copy_of >= 0;
    if (copy) {  // it begins where its original is at that time
        const auto& [from, to] = ways_[one.copy_of];
        const double part = to.y > from.y ? std::clamp((start.y - from.y) / (to.y - from.y), 0.0, 1.0) : 0.5;
        start.x = from.x + part * (to.x - from.x);
        write(start.x, start.y + 5, "middle", "font-size=\"18\" font-weight=\"bold\"", "+");
        write(start.x + 10, start.y - 2, "start", "font-style=\"italic\"", "doubled");
    }
    const Point end = end_of(one, start);
    ways_.push_back({start, end});
    stroke(start, end, dark, copy || one.fate == SegmentFate::Fate::in_flight ? " stroke-dasharray=\"5 4\"" : "");
    if (one.fate == SegmentFate::Fate::arrives) head(start, end);
    if (one.fate == SegmentFate::Fate::in_flight)
        write(end.x, end.y + 12, "middle", "font-style=\"italic\"", "in flight");
    if (one.fate == SegmentFate::Fate::lost || one.fate == SegmentFate::Fate::refused) {
        stroke({end.x - 6, end.y - 6}, {end.x + 6, end.y + 6}, red, " stroke-width=\"2.5\"");
        stroke({end.x - 6, end.y + 6}, {end.x + 6, end.y - 6}, red, " stroke-width=\"2.5\"");
        const bool full = one.fate == SegmentFate::Fate::refused;
        write(end.x + (one.from == 0 ? 12 : -12), end.y + 4, one.from == 0 ? "start" : "end", red_slanting,
              full ? "lost, network full" : "lost");
    }
}

// Does another segment's line run through this stretch of the text above `y`?
bool Picture::crossed(std::size_t own, double left, double right, double y) const {
    for (std::size_t id = 0; id < ways_.size(); ++id) {
        const auto& [from, to] = ways_[id];
        const double top = std::max(from.y, y - text_height - 2), low = std::min(to.y, y - 2);
        if (id == own || top > low || to.y == from.y) continue;
        const auto x_at = [&](double at) { return from.x + (at - from.y) / (to.y - from.y) * (to.x - from.x); };
        if (std::max(x_at(top), x_at(low)) > left && std::min(x_at(top), x_at(low)) < right) return true;
    }
    return false;
}

// A level arrow has its name in the middle, where that is free; any other where it leaves: its line falls away there.
void Picture::draw_name(std::size_t id) {
    const Drawing::Arrow& one = drawing_.arrows[id];
    if (one.copy_of >= 0) return;
    const std::string& name = one.name;
    const auto [start, end] = ways_[id];
    const double middle = (line_x[0] + line_x[1]) / 2, half = 3.6 * static_cast<double>(name.size());
    if (start.y == end.y && !crossed(id, middle - half, middle + half, start.y))
        write(middle, start.y - 6, "middle", "", name);
    else
        write(start.x + (one.from == 0 ? 8 : -8), start.y - 6, one.from == 0 ? "start" : "end", "", name);
}

void Picture::draw_side(const Row& row, int end) {
    const double x = line_x[end] + (end == 0 ? -12 : 12);
    const char* anchor = end == 0 ? "end" : "start";
    double y = row.y + 4;
    for (const std::string& line : row.words[end]) {
        write(x, y, anchor, "", line);
        y += text_height;
    }
    if (row.state[end].empty()) return;
    write(x, y, anchor, bold_blue, row.state[end]);
    lines_ += fmt::format("  <circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"{:.1f}\" fill=\"{}\"/>\n", line_x[end], row.y,
                          dot_radius, blue);
}

// A dashed box around the steps of the loop, with a row of its own for the words at its top. What is in flight as it
// begins comes in through its upper edge.
void Picture::draw_loop() {
    const double top = y_of(*drawing_.loop_row) - text_height, side = margin / 2;
    lines_ += fmt::format("  <rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"6\" fill=\"none\" "
                          "stroke=\"{}\" stroke-dasharray=\"2 3\"/>\n",
                          side, top, width - 2 * side, bottom_ + loop_below - top, blue);
    write(2 * side, y_of(*drawing_.loop_row), "start", "font-style=\"italic\"", "repeats for ever");
    write(width - 2 * side, bottom_ + loop_below - 4, "end", "font-style=\"italic\"",
          "and again from the top of the box");
}

std::string Picture::text() const {
    const double height = bottom_ + 22;
    std::string out =
        fmt::format("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{0:.0f}\" height=\"{1:.0f}\" viewBox=\"0 0 "
                    "{0:.0f} {1:.0f}\" "
                    "role=\"img\" font-family=\"DejaVu Sans, Verdana, Arial, sans-serif\" font-size=\"12\">\n",
                    width, height);
    out += fmt::format("  <title>{}</title>\n", xml_escaped(drawing_.about));
    out += fmt::format("  <rect width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#ffffff\"/>\n", width, height);
    double y = margin + 8;
    for (const std::string& line : title_) {
        out += fmt::format("  <text x=\"{:.0f}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n", margin, y, dark,
                           xml_escaped(line));
        y += text_height;
    }
    const double top = drawing_.rows.front().y - 14;
    for (int end = 0; end < 2; ++end) {
        out += fmt::format("  <text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" font-weight=\"bold\" "
                           "fill=\"{}\">{}</text>\n",
                           line_x[end], top - 6, dark, xml_escaped(drawing_.heads[end]));
        out += fmt::format("  <line x1=\"{0:.1f}\" y1=\"{1:.1f}\" x2=\"{0:.1f}\" y2=\"{2:.1f}\" stroke=\"{3}\"/>\n",
                           line_x[end], top, bottom_, dark);
    }
    out += lines_;
    out += fmt::format(
        " <g fill=\"{}\" stroke=\"#ffffff\" stroke-width=\"3\" stroke-linejoin=\"round\" paint-order=\"stroke\">\n",
        dark);
    return out + texts_ + " </g>\n</svg>\n";
}

}  // namespace

std::string svg_ladder(const PlainSystem& system, const Trace& trace, const std::string& title) {
    return Picture(TraceRows(system, trace).drawing, title).text();
}

std::string svg_ladder(const TestVector& vector) {
    return Picture(drawing_of(vector), vector.id + ": " + vector.goal).text();
}

}  // namespace lastack
