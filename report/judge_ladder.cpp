// The close of a captured connection as a ladder. Each row is a segment that passed the capture point, at its time. On
// both sides stands what the plainest explanation says of the ends: the call or timer that sent it, the state that it
// led to where it was sent, and where it came.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "report/check_text.h"
#include "report/judge_text.h"

namespace lastack {

namespace {

constexpr int side = 18;    // columns for the text of one end
constexpr int middle = 32;  // between the lifelines
constexpr int clock = 8;    // for the time

struct Row {
    std::string time, text[2], arrow = std::string(middle, ' ');
};

std::string padded(std::string text, std::size_t width, char fill) {
    if (text.size() > width) text.resize(width);
    return text + std::string(width - text.size(), fill);
}

std::string arrow_of(const Passing& passing) {
    const std::string name = to_string(passing) + " ";
    const bool fits = static_cast<int>(name.size()) + 4 <= middle;
    return passing.from == 0 ? padded((fits ? "-- " : "") + name, middle - 1, '-') + ">"
                             : "<" + padded((fits ? "-- " : "") + name, middle - 1, '-');
}

// What was outstanding when the close began passed before; what was only acknowledged did not pass at all.
std::string time_of(const Passing& passing, const Connection& connection) {
    if (passing.before) return "before";
    if (passing.inferred) return "unseen";
    return fmt::format("{:.4f}", static_cast<double>(passing.at_ns - connection.first_ns) / 1e9);
}

// What one end did, sorted to the segments: beside a segment, or above it in rows of its own.
struct Told {
    std::map<int, std::string> beside;
    std::map<int, std::vector<std::string>> above;
};

std::string cause_of(const EndJudgement::Step& step) {
    if (step.trigger == Trigger::call) return step.name + "()";
    return step.trigger == Trigger::timer ? step.name + " ends" : "";
}

Told told_by(const WatchedEnd& end, int passings) {
    Told told;
    std::string state = end.judgement.begins;
    int row = 0;
    std::vector<std::string> waiting;  // for the next segment of which something is told
    for (const EndJudgement::Step& step : end.judgement.steps) {
        std::string text = cause_of(step);
        if (step.state != state) text += (text.empty() ? "" : " ") + step.state;
        state = step.state;
        int at = -1;
        if (step.arrived >= 0) at = end.passing_of[step.arrived];
        if (step.arrived >= 0 && at < 0) text = "gets one unseen" + (text.empty() ? "" : " " + text);
        if (step.trigger != Trigger::segment && !step.sent.empty()) at = end.passing_of[step.sent.front()];
        if (at < 0) {
            if (!text.empty()) waiting.push_back(text);
            continue;
        }
        row = std::max(row, at);
        if (!waiting.empty()) {
            std::vector<std::string>& rows = told.above[row];
            rows.insert(rows.end(), waiting.begin(), waiting.end());
            waiting.clear();
        }
        if (text.empty()) continue;
        std::string& beside = told.beside[row];
        beside += (beside.empty() ? "" : " ") + text;
    }
    std::vector<std::string>& rest = told.above[passings];
    rest.insert(rest.end(), waiting.begin(), waiting.end());
    if (end.judgement.verdict == EndJudgement::Verdict::unexplained && end.watched)
        told.beside[end.passing_of[end.judgement.at]] = "no behaviour";
    return told;
}

std::string line_of(const Row& row) {
    std::string line = fmt::format("{:>{}} {:>{}}|{}| {}", row.time, clock, row.text[0], side, row.arrow, row.text[1]);
    line.erase(line.find_last_not_of(' ') + 1);
    return line + "\n";
}

// What does not fit beside the lifeline goes on in rows below.
std::string lines_of(Row row) {
    std::string all;
    for (;;) {
        Row rest;
        bool more = false;
        for (int end = 0; end < 2; ++end) {
            std::string& text = row.text[end];
            if (static_cast<int>(text.size()) <= side - 1) continue;
            const std::size_t cut = text.rfind(' ', side - 1);
            if (cut == std::string::npos) continue;
            rest.text[end] = text.substr(cut + 1);
            text.resize(cut);
            more = true;
        }
        all += line_of(row);
        if (!more) return all;
        row = rest;
    }
}

std::string above(const Told (&told)[2], int passing) {
    std::string text;
    for (int end = 0; end < 2; ++end) {
        const auto rows = told[end].above.find(passing);
        if (rows == told[end].above.end()) continue;
        for (const std::string& what : rows->second) {
            Row row;
            row.text[end] = what;
            text += lines_of(row);
        }
    }
    return text;
}

std::string other_states(const ProfileJudgement& judgement) {
    std::string text;
    for (int end = 0; end < 2; ++end) {
        const EndJudgement& one = judgement.end[end].judgement;
        if (one.other_states.empty() || one.verdict != EndJudgement::Verdict::explained) continue;
        std::string list;
        for (const std::string& state : one.other_states) list += (list.empty() ? "" : ", ") + state;
        text +=
            "  " +
            wrapped(fmt::format("{} may also be in {}, with more losses or silent steps.", end == 0 ? "A" : "B", list),
                    2, 4) +
            "\n";
    }
    return text;
}

}  // namespace

std::string judged_ladder(const CloseJudge& judge, const Connection& connection,
                          const std::vector<ProfileJudgement>& judgements) {
    if (connection.passings.empty()) return "";
    const std::size_t shown = shown_of(judgements);
    const ProfileJudgement& judgement = judgements[shown];
    const int count = static_cast<int>(connection.passings.size());
    const Told told[2] = {told_by(judgement.end[0], count), told_by(judgement.end[1], count)};
    std::string text = fmt::format("{:>{}} {:>{}} {:{}} {}\n", "seconds", clock, "A", side, "", middle, "B");
    Row begin;
    for (int end = 0; end < 2; ++end) begin.text[end] = judgement.end[end].judgement.begins;
    text += line_of(begin);
    for (int i = 0; i < count; ++i) {
        const Passing& passing = connection.passings[i];
        text += above(told, i);
        Row row;
        row.time = time_of(passing, connection);
        row.arrow = arrow_of(passing);
        for (int end = 0; end < 2; ++end) {
            const auto beside = told[end].beside.find(i);
            if (beside != told[end].beside.end()) row.text[end] = beside->second;
        }
        text += lines_of(row);
    }
    text += above(told, count);
    for (const ResetReason& reason : reset_reasons(judge.profile(shown), connection, judgement)) {
        if (reason.rule.empty()) continue;
        text += "  " +
                wrapped(fmt::format("Packet {}, reset by {}: {} ({}).", connection.passings[reason.passing].packet,
                                    reason.from == 0 ? "A" : "B", reason.sentence, reason.rule),
                        2, 4) +
                "\n";
    }
    return text + other_states(judgement) + "\n";
}

}  // namespace lastack
