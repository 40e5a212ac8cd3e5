#include "report/mermaid.h"

#include <fmt/format.h>

#include "generators/vector_reading.h"
#include "report/segment_fates.h"

namespace lastack {

namespace {

constexpr const char* ends[] = {"A", "B"};

// Mermaid reads `;` as the end of a line, `#` as the beginning of an entity, and the word `end` as its own.
std::string escaped(const std::string& text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        const char c = text[i];
        if (c == ';' || c == '#' || c == '<' || c == '>' || c == '&' || c == '"') {
            out += fmt::format("#{};", static_cast<int>(c));
        } else if (text.compare(i, 3, "end") == 0) {
            out += "#101;";
        } else {
            out += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
        }
    }
    return out;
}

// In a title there are no entities, so what would end it gives way.
std::string title_text(std::string text) {
    for (char& c : text) {
        if (c == ';') c = ',';
        if (c == '#' || static_cast<unsigned char>(c) < 0x20) c = ' ';
    }
    return text;
}

class Diagram {
public:
    Diagram(const PlainSystem& system, const Trace& trace)
        : system_(system), trace_(trace), fates_(segment_fates(system, trace)) {
        int last = 0;
        for (const SegmentFate& one : fates_.all) {
            const bool told_once = one.fate == SegmentFate::Fate::refused || fates_.at_once(one);
            numbers_.push_back(told_once ? 0 : ++last);
        }
        for (int end = 0; end < 2; ++end) note(end, state_of(trace.initial, end));
        for (std::size_t i = 0; i < trace.steps.size(); ++i) {
            if (static_cast<int>(i) == trace.loop_from) text += "    loop for ever\n";
            add(i);
        }
        for (const SegmentFate& one : fates_.all) {
            if (one.fate == SegmentFate::Fate::in_flight) line("Note over A,B: still in flight from {}: {}", one);
        }
        if (trace.loop_from >= 0) text += "    end\n";
    }
    std::string text;

private:
    std::string state_of(const Snapshot& snapshot, int end) const {
        return state_label(system_.profile(end).states[snapshot.end[end].state].name);
    }
    void note(int end, const std::string& what) {
        text += fmt::format("    Note over {}: {}\n", ends[end], escaped(what));
    }
    void line(const char* form, const SegmentFate& one) {
        text += "    " + fmt::format(fmt::runtime(form), ends[one.from], name_of(one)) + "\n";
    }
    void arrow(const SegmentFate& one, const char* head, const char* after) {
        text += fmt::format("    {}{}{}: {}{}\n", ends[one.from], head, ends[1 - one.from], name_of(one), after);
    }
    // "FIN,ACK seq=0 ack=0", and its number where more than one line speaks of it.
    std::string name_of(const SegmentFate& one) const {
        const int number = numbers_[static_cast<std::size_t>(&one - fates_.all.data())];
        return escaped(to_string(one.segment, system_.vocabulary())) +
               (number == 0 ? "" : fmt::format(" [{}]", number));
    }
    void add(std::size_t index);

    const PlainSystem& system_;
    const Trace& trace_;
    SegmentFates fates_;
    std::vector<int> numbers_;  // per segment; 0: none is needed
};

void Diagram::add(std::size_t index) {
    const TraceStep& step = trace_.steps[index];
    const Snapshot& before = index == 0 ? trace_.initial : trace_.steps[index - 1].after;
    const SegmentFate* concerned = fates_.concerned[index] < 0 ? nullptr : &fates_.all[fates_.concerned[index]];
    std::string did;
    switch (step.kind) {
        case TraceStep::Kind::call: did = step.name + "()" + (step.result == "ok" ? "" : " = " + step.result); break;
        case TraceStep::Kind::timer: did = step.name + " expires"; break;
        case TraceStep::Kind::deliver: arrow(*concerned, "->>", ""); break;
        case TraceStep::Kind::lose: arrow(*concerned, "-x", " (lost)"); return;
        case TraceStep::Kind::duplicate:
            line("Note over A,B: the network doubles, from {}: {}", *concerned);
            for (const SegmentFate& one : fates_.all) {
                if (one.copy_of >= 0 && one.departs == index) line("Note over A,B: the copy, from {}: {}", one);
            }
            return;
    }
    for (const std::string& signal : step.signals) did += (did.empty() ? "" : ", ") + ("told: " + signal);
    const std::string state = state_of(step.after, step.end);
    if (state != state_of(before, step.end)) did += (did.empty() ? "" : ", ") + state;
    if (!did.empty()) note(step.end, did);
    for (const int id : fates_.sent[index]) {
        const SegmentFate& one = fates_.all[id];
        if (one.fate == SegmentFate::Fate::refused)
            arrow(one, "-x", " (lost, the network is full)");
        else if (!fates_.at_once(one))
            line("Note over {}: sends {}", one);
    }
}

}  // namespace

std::string mermaid(const PlainSystem& system, const Trace& trace, const std::string& title) {
    std::string out = "sequenceDiagram\n";
    if (!title.empty()) out += "    title " + title_text(title) + "\n";
    for (int end = 0; end < 2; ++end)
        out += fmt::format("    participant {} as {} ({})\n", ends[end], ends[end], system.profile(end).name);
    return out + Diagram(system, trace).text;
}

std::string mermaid(const TestVector& vector) {
    std::string out = "sequenceDiagram\n    title " + title_text(vector.id + ": " + vector.goal) + "\n";
    out += "    participant T as tester\n    participant I as IUT (" + escaped(vector.profile) + ")\n";
    out += "    Note over T,I: the opening\n    Note over I: ESTABLISHED\n";
    const auto note = [&](const std::string& where, const std::string& what) {
        out += "    Note over " + where + ": " + escaped(what) + "\n";
    };
    for (const VectorStep& step : vector.steps) {
        if (step.kind == VectorStep::Kind::send)
            out += "    T->>I: " + escaped(to_string(step.segment)) + "\n";
        else if (step.kind == VectorStep::Kind::wait)
            note("T,I", action_text(step) + ", " + window_text(step.window));
        else
            note("I", action_text(step));
        for (const Expected& expected : step.expect) {
            out += "    I->>T: " + escaped(to_string(expected.segment) + (expected.optional ? " (or nothing)" : "")) +
                   "\n";
            note("T", window_text(expected.window));
        }
        for (const Alternative& alternative : step.alternatives)
            note("T,I", "may come: " + alternative_text(alternative));
        std::string after;
        for (const std::string& signal : step.signals) after += (after.empty() ? "" : ", ") + ("told: " + signal);
        for (const std::string& state : step.states)
            after += (after.empty() ? "" : &state == &step.states.front() ? ", " : " or ") + state_label(state);
        if (!after.empty()) note("I", after);
    }
    note("T,I", "silence for " + seconds(vector.settle_us) + " s");
    return out;
}

}  // namespace lastack
