// Each row is one event. An arrow that spans both lifelines is a segment that was delivered before anything else
// happened; otherwise its departure and its arrival are rows of their own, since the network may delay and reorder.
#include "report/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace lastack {

namespace {

constexpr int side = 21;    // columns for the text of one end
constexpr int middle = 34;  // columns between the lifelines

struct Row {
    enum class Arrow { none, leaves, arrives, across, lost, doubled };
    std::string across;  // not an event, but a word about the rows below
    std::string text[2];
    Arrow arrow = Arrow::none;
    int from = 0;  // the end that sent the segment
    Segment segment;
};

std::string short_name(const Segment& segment, const Vocabulary& vocabulary) {
    if (segment.kind > 0) return to_string(segment, vocabulary);
    std::string text = fmt::format("{} seq={}", flags_of(segment, vocabulary), segment.seq);
    if (segment.has_ack) text += fmt::format(" ack={}", segment.ack);
    if (segment.zero_window) text += " wnd=0";
    return text;
}

std::string pad(std::string text, int width, char fill) {
    if (static_cast<int>(text.size()) > width) text.resize(width);
    text.append(width - text.size(), fill);
    return text;
}

// The name takes what room it needs; the tail's dot is what gives way.
std::string arrow_text(const Row& row, const Vocabulary& vocabulary) {
    if (row.arrow == Row::Arrow::none) return std::string(middle, ' ');
    const std::string name = short_name(row.segment, vocabulary);
    const bool right = row.from == 0;
    const auto fitting = [](const std::string& wide, const std::string& narrow) {
        return static_cast<int>(wide.size()) <= middle ? wide : narrow;
    };
    const std::string tail = fitting("-- " + name + " --  .", "-- " + name + " --");
    switch (row.arrow) {
        case Row::Arrow::lost: return fmt::format("{:^{}}", fitting("X " + name + " lost", "X " + name), middle);
        case Row::Arrow::doubled: return fmt::format("{:^{}}", fitting("+ " + name + " doubled", "+ " + name), middle);
        case Row::Arrow::across:
            return right ? pad("-- " + name + " ", middle - 1, '-') + ">"
                         : "<" + pad("-- " + name + " ", middle - 1, '-');
        case Row::Arrow::leaves:
            return right ? pad(tail, middle, ' ')
                         : fmt::format("{:>{}}", fitting(".  -- " + name + " --", "-- " + name + " --"), middle);
        default:
            return right ? fmt::format("{:>{}}", fitting(".  -- " + name + " ->", "-- " + name + " ->"), middle)
                         : pad(fitting("<- " + name + " --  .", "<- " + name + " --"), middle, ' ');
    }
}

std::string state_of(const PlainSystem& system, const Snapshot& snapshot, int end) {
    return state_label(system.profile(end).states[snapshot.end[end].state].name);
}

// What the acting end did, in a few words.
std::string words(const TraceStep& step) {
    switch (step.kind) {
        case TraceStep::Kind::call: return step.name + "()" + (step.result == "ok" ? "" : " = " + step.result);
        case TraceStep::Kind::timer: return step.name + " expires";
        default: return "";
    }
}

class Drawing {
public:
    Drawing(const PlainSystem& system, const Trace& trace) : system_(system) {
        const Snapshot* before = &trace.initial;
        for (std::size_t i = 0; i < trace.steps.size(); ++i) {
            if (static_cast<int>(i) == trace.loop_from) add_word("from here the run repeats for ever");
            add(trace.steps[i], *before);
            before = &trace.steps[i].after;
        }
        if (trace.loop_from >= 0) add_word("and again from the line above");
    }

    std::string text(const Trace& trace) const {
        std::string out = fmt::format("{:>{}} {:{}} {}\n", "A", side, "", middle + 2, "B");
        out += fmt::format("{:>{}} |{:{}}| {}\n", state_of(system_, trace.initial, 0), side, "", middle,
                           state_of(system_, trace.initial, 1));
        for (const Row& row : rows_) {
            if (!row.across.empty()) {
                out += fmt::format("{:>{}}\n", row.across, word_end(row.across));
                continue;
            }
            std::string line =
                fmt::format("{:>{}} |{}| {}", row.text[0], side, arrow_text(row, system_.vocabulary()), row.text[1]);
            line.erase(line.find_last_not_of(' ') + 1);
            out += line + "\n";
        }
        return out;
    }

private:
    void add(const TraceStep& step, const Snapshot& before);
    void add_word(const std::string& what) {
        rows_.emplace_back();
        rows_.back().across = fmt::format("--- {} ---", what);
    }
    // In the middle between the lifelines.
    static std::size_t word_end(const std::string& word) { return side + 2 + (middle + word.size()) / 2; }
    void say(Row& row, int end, const std::string& what) const {
        if (!what.empty()) row.text[end] += (row.text[end].empty() ? "" : " ") + what;
    }

    const PlainSystem& system_;
    std::vector<Row> rows_;
};

void Drawing::add(const TraceStep& step, const Snapshot& before) {
    if (step.kind == TraceStep::Kind::lose || step.kind == TraceStep::Kind::duplicate) {
        Row row;
        row.arrow = step.kind == TraceStep::Kind::lose ? Row::Arrow::lost : Row::Arrow::doubled;
        row.from = step.end;
        row.segment = step.segment;
        rows_.push_back(row);
        return;
    }
    const bool arrives = step.kind == TraceStep::Kind::deliver;
    if (arrives) {
        const bool follows = !rows_.empty() && rows_.back().arrow == Row::Arrow::leaves &&
                             rows_.back().from == 1 - step.end && rows_.back().segment == step.segment;
        if (!follows) {
            rows_.emplace_back();
            rows_.back().from = 1 - step.end;
            rows_.back().segment = step.segment;
        }
        rows_.back().arrow = follows ? Row::Arrow::across : Row::Arrow::arrives;
    } else {
        rows_.emplace_back();
    }
    const std::size_t own = rows_.size() - 1;
    say(rows_[own], step.end, words(step));
    for (const std::string& signal : step.signals) say(rows_[own], step.end, "<" + signal + ">");
    const std::string state = state_of(system_, step.after, step.end);
    if (state != state_of(system_, before, step.end)) say(rows_[own], step.end, state);
    // More to say than a row holds: what is last, the state, moves on to rows of
    // its own.
    for (std::size_t at = own; static_cast<int>(rows_[at].text[step.end].size()) > side; ++at) {
        std::string& text = rows_[at].text[step.end];
        std::size_t cut = text.rfind(' ');
        while (cut != std::string::npos && static_cast<int>(cut) > side) cut = text.rfind(' ', cut - 1);
        if (cut == std::string::npos) break;  // one long word
        Row rest;
        rest.text[step.end] = text.substr(cut + 1);
        text.resize(cut);
        rows_.push_back(rest);
    }
    // What finds the direction full is lost as it is sent.
    const auto capacity = static_cast<std::size_t>(system_.decl().network.capacity);
    const std::size_t room = capacity - std::min(capacity, before.flight[step.end].size());
    for (std::size_t i = 0; i < step.sent.size(); ++i) {
        if (arrives || i > 0 || rows_.back().arrow != Row::Arrow::none) rows_.emplace_back();
        rows_.back().arrow = i < room ? Row::Arrow::leaves : Row::Arrow::lost;
        rows_.back().from = step.end;
        rows_.back().segment = step.sent[i];
    }
}

}  // namespace

std::string ladder(const PlainSystem& system, const Trace& trace) { return Drawing(system, trace).text(trace); }

}  // namespace lastack
