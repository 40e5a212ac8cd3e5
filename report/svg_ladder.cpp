// Idea: first every step and every departure gets a row, then rows get their heights by the text beside the lifelines,
// then each segment is a straight line from its departure to its end. All lines are drawn before all texts,
// and texts have a white rim, so that a crossing line does not strike them out.
// Cost: linear in the trace.
#include "report/svg_ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "report/segment_fates.h"

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

std::string escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        switch (c) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            default: out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

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

class Picture {
public:
    Picture(const PlainSystem& system, const Trace& trace, const std::string& title);
    std::string text() const;

private:
    void add(std::size_t index);
    void set_heights();
    void draw_segment(int id);
    void draw_side(const Row& row, int end);
    void draw_name(std::size_t id);
    void draw_loop();
    bool crossed(std::size_t own, double left, double right, double y) const;
    void write(double x, double y, const char* anchor, const char* look, const std::string& what);
    void stroke(Point from, Point to, const char* colour, const char* more);
    void head(Point from, Point to);
    Point end_of(const SegmentFate& one, Point start) const;

    std::string state_of(const Snapshot& snapshot, int end) const {
        return state_label(system_.profile(end).states[snapshot.end[end].state].name);
    }
    double y_of(std::size_t row) const { return rows_[row].y; }

    const PlainSystem& system_;
    const Trace& trace_;
    const SegmentFates fates_;
    std::vector<std::string> title_;
    std::vector<Row> rows_;
    std::vector<std::size_t> left_in_, ended_in_;  // per segment: rows
    std::vector<std::pair<Point, Point>> ways_;    // per segment: where it is drawn
    std::size_t loop_row_ = 0;                     // of a lasso: where its box begins
    double bottom_ = 0;
    std::string lines_, texts_;
};

Picture::Picture(const PlainSystem& system, const Trace& trace, const std::string& title)
    : system_(system), trace_(trace), fates_(segment_fates(system, trace)),
      title_(wrapped_lines(title, title_letters)) {
    left_in_.resize(fates_.all.size());
    ended_in_.resize(fates_.all.size());
    rows_.emplace_back();
    for (int end = 0; end < 2; ++end) rows_.back().state[end] = state_of(trace.initial, end);
    for (std::size_t i = 0; i < trace.steps.size(); ++i) {
        if (static_cast<int>(i) == trace.loop_from) {
            loop_row_ = rows_.size();
            rows_.emplace_back();
        }
        add(i);
    }
    set_heights();
    if (trace.loop_from >= 0) draw_loop();
    for (std::size_t id = 0; id < fates_.all.size(); ++id) draw_segment(static_cast<int>(id));
    for (std::size_t id = 0; id < fates_.all.size(); ++id) draw_name(id);
    for (const Row& row : rows_) {
        for (int end = 0; end < 2; ++end) draw_side(row, end);
    }
}

// Rows of one step. A delivery shares the row of a departure right before it; otherwise each event has its own.
void Picture::add(std::size_t index) {
    const TraceStep& step = trace_.steps[index];
    const int id = fates_.concerned[index];
    const bool level = id >= 0 && step.kind == TraceStep::Kind::deliver && fates_.at_once(fates_.all[id]);
    if (!level) rows_.emplace_back();
    const std::size_t own = rows_.size() - 1;
    if (step.kind == TraceStep::Kind::duplicate) {
        // The copy is the only segment that leaves in this step.
        for (std::size_t copy = 0; copy < fates_.all.size(); ++copy) {
            if (fates_.all[copy].departs == index) left_in_[copy] = own;
        }
        return;
    }
    if (id >= 0) ended_in_[id] = own;
    if (step.kind == TraceStep::Kind::lose) return;
    std::string did;
    if (step.kind == TraceStep::Kind::call) did = step.name + "()" + (step.result == "ok" ? "" : " = " + step.result);
    if (step.kind == TraceStep::Kind::timer) did = step.name + " expires";
    for (const std::string& signal : step.signals) did += (did.empty() ? "" : " ") + ("told: " + signal);
    rows_[own].words[step.end] = wrapped_lines(did, side_letters);
    const Snapshot& before = index == 0 ? trace_.initial : trace_.steps[index - 1].after;
    if (state_of(step.after, step.end) != state_of(before, step.end))
        rows_[own].state[step.end] = state_of(step.after, step.end);
    bool taken = id >= 0;  // an arrow ends in this row
    for (const int sent : fates_.sent[index]) {
        if (taken) rows_.emplace_back();
        taken = true;
        left_in_[sent] = rows_.size() - 1;
    }
}

void Picture::set_heights() {
    double y = margin + text_height * static_cast<double>(title_.size()) + 44;
    for (Row& row : rows_) {
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
                          escaped(what));
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
Point Picture::end_of(const SegmentFate& one, Point start) const {
    const double rest = line_x[1 - one.from] - start.x;
    const std::size_t id = static_cast<std::size_t>(&one - fates_.all.data());
    switch (one.fate) {
        case SegmentFate::Fate::arrives: {
            const bool dot = !rows_[ended_in_[id]].state[1 - one.from].empty();
            return {line_x[1 - one.from] + (dot ? one.from == 0 ? -dot_radius : dot_radius : 0), y_of(ended_in_[id])};
        }
        case SegmentFate::Fate::lost: return {start.x + rest * 0.6, y_of(ended_in_[id])};
        case SegmentFate::Fate::refused: return {start.x + rest * 0.6, start.y};
        default: return {start.x + rest * 0.6, bottom_ - 6};
    }
}

void Picture::draw_segment(int id) {
    const SegmentFate& one = fates_.all[id];
    Point start{line_x[one.from], y_of(left_in_[id])};
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
    const SegmentFate& one = fates_.all[id];
    if (one.copy_of >= 0) return;
    const std::string name = to_string(one.segment, system_.vocabulary());
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
    const double top = y_of(loop_row_) - text_height, side = margin / 2;
    lines_ += fmt::format("  <rect x=\"{:.1f}\" y=\"{:.1f}\" width=\"{:.1f}\" height=\"{:.1f}\" rx=\"6\" fill=\"none\" "
                          "stroke=\"{}\" stroke-dasharray=\"2 3\"/>\n",
                          side, top, width - 2 * side, bottom_ + loop_below - top, blue);
    write(2 * side, y_of(loop_row_), "start", "font-style=\"italic\"", "repeats for ever");
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
    out += fmt::format("  <title>{}</title>\n", "a trace of system " + escaped(trace_.system));
    out += fmt::format("  <rect width=\"{:.0f}\" height=\"{:.0f}\" fill=\"#ffffff\"/>\n", width, height);
    double y = margin + 8;
    for (const std::string& line : title_) {
        out += fmt::format("  <text x=\"{:.0f}\" y=\"{:.1f}\" fill=\"{}\">{}</text>\n", margin, y, dark, escaped(line));
        y += text_height;
    }
    const double top = rows_.front().y - 14;
    for (int end = 0; end < 2; ++end) {
        out += fmt::format("  <text x=\"{:.1f}\" y=\"{:.1f}\" text-anchor=\"middle\" font-weight=\"bold\" "
                           "fill=\"{}\">{} ({})</text>\n",
                           line_x[end], top - 6, dark, end == 0 ? "A" : "B", escaped(system_.profile(end).name));
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
    return Picture(system, trace, title).text();
}

}  // namespace lastack
