// Which cell of the matrix each segment of a vector is in, and what came in a run.
//
// Idea: along the plan of a vector go the numbers that its end must have: what the end said last of what it expects
// next, what it has sent, and what was acknowledged of that. Where the plan does not say one of these (text that is
// acknowledged late, several states), a segment is in no cell. So it takes nothing but the vector, and whoever wrote
// it. Cost: linear in steps and observations.
#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <tuple>

#include "model/spec.h"
#include "report/matrix.h"

namespace lastack {

namespace {

std::string flags_in_words(const WireSegment& wire) {
    Segment segment;
    std::tie(segment.syn, segment.rst, segment.fin, segment.has_ack) =
        std::tuple(wire.syn, wire.rst, wire.fin, wire.has_ack);
    segment.len = wire.len > 0 ? 1 : 0;
    return flags_of(segment, Vocabulary());
}

std::int64_t end_of(const WireSegment& segment) {
    return segment.seq + segment.len + (segment.syn ? 1 : 0) + (segment.fin ? 1 : 0);
}

// What the end that a vector is for knows by its plan, in bytes as vectors count.
class Plan {
public:
    explicit Plan(const TestVector& vector)
        : vector_(vector), closed_(vector.begin == TestVector::Begin::closed),
          state_(closed_ ? "CLOSED" : "ESTABLISHED") {
        next_ = acknowledged_ = sent_ = closed_ ? -1 : 0;
    }

    // Of the next step that sends; then take() it.
    std::optional<MatrixCell> cell(const WireSegment& segment) const;
    void take(const VectorStep& step);
    const std::string& state() const { return state_; }

private:
    std::optional<MatrixRow::Seq> seq(const WireSegment& segment) const;
    std::optional<MatrixRow::Ack> ack(const WireSegment& segment) const;

    const TestVector& vector_;
    bool closed_;
    std::string state_;  // empty: not known, as a number that is missing
    std::optional<std::int64_t> next_, acknowledged_;
    std::int64_t sent_ = 0;
};

std::optional<MatrixRow::Seq> Plan::seq(const WireSegment& segment) const {
    if (segment.from_right) return segment.seq < 0 ? MatrixRow::Seq::inside : MatrixRow::Seq::beyond;
    if (!next_) return std::nullopt;
    if (segment.seq <= *next_) return segment.seq < *next_ ? MatrixRow::Seq::left : MatrixRow::Seq::next;
    // The model's window is narrower than any stack's: what the plan has beyond it, without saying from where, is
    // neither.
    const auto window = vector_.limits.find("window");
    const bool narrow =
        window != vector_.limits.end() && segment.seq >= *next_ + std::int64_t{window->second} * vector_.unit_bytes;
    return narrow ? std::nullopt : std::optional(MatrixRow::Seq::inside);
}

std::optional<MatrixRow::Ack> Plan::ack(const WireSegment& segment) const {
    if (!segment.has_ack) return MatrixRow::Ack::none;
    if (segment.ack > sent_) return MatrixRow::Ack::unsent;
    if (!acknowledged_) return std::nullopt;
    if (segment.ack < *acknowledged_) return MatrixRow::Ack::less;
    if (segment.ack == *acknowledged_) return MatrixRow::Ack::nothing_new;
    return segment.ack == sent_ ? MatrixRow::Ack::all : MatrixRow::Ack::part;
}

std::optional<MatrixCell> Plan::cell(const WireSegment& segment) const {
    const auto at = seq(segment);
    const auto of = ack(segment);
    if (!at || !of || state_.empty()) return std::nullopt;
    return MatrixCell{state_, {segment.syn, segment.rst, segment.len > 0, segment.fin, *of, *at}};
}

void Plan::take(const VectorStep& step) {
    if (step.kind == VectorStep::Kind::send) {
        const WireSegment& segment = step.segment;
        const bool new_ack = segment.has_ack && !segment.rst && acknowledged_.value_or(segment.ack - 1) < segment.ack &&
                             segment.ack <= sent_;
        const auto at = seq(segment);
        // Whether an end looks at the ACK of what is outside of its window is its own affair.
        if (new_ack && (at == MatrixRow::Seq::next || at == MatrixRow::Seq::inside))
            acknowledged_ = segment.ack;
        else if (new_ack)
            acknowledged_.reset();
        if (at != MatrixRow::Seq::beyond && !segment.rst && next_ && segment.seq <= *next_ && end_of(segment) > *next_)
            next_.reset();  // until it says what became of it
    }
    for (const Expected& expected : step.expect) {
        const WireSegment& segment = expected.segment;
        if (segment.rst || segment.ack_from_right) continue;
        sent_ = std::max(sent_, end_of(segment));
        if (segment.has_ack) next_ = segment.ack;
    }
    state_ = step.states.size() == 1 ? step.states.front() : "";
}

// What a stack did with one segment.
struct Deed {
    MatrixCell cell;
    MatrixAnswer::Mark mark = MatrixAnswer::Mark::planned;
    std::string text;
};

// What is allowed besides, on the planned path, is an answer that the profile leaves open, or a retransmission that a
// timer sent meanwhile, which is none.
bool answers(const Observed& seen) {
    if (seen.kind != Observed::Kind::received) return false;
    const bool besides = seen.text.starts_with("allowed") && !seen.text.starts_with("allowed, but");
    return !besides || (seen.segment.len == 0 && !seen.segment.fin && !seen.segment.syn);
}

std::string deed_text(const TestRun& run, int step, bool last, const std::string& before) {
    std::string text, after;
    for (const Observed& seen : run.observed) {
        if (seen.step != step && !(last && seen.step < 0)) continue;
        if (answers(seen)) text += (text.empty() ? "" : " + ") + flags_in_words(seen.segment);
        if (seen.kind == Observed::Kind::state) after = seen.text;
    }
    if (!after.empty() && after != before) text += (text.empty() ? "\u2192 " : " \u2192 ") + state_label(after);
    return text.empty() ? "\u2013" : text;
}

MatrixAnswer::Mark mark_of(const TestRun& run, int step) {
    if (step != run.failed_step || run.verdict == Verdict::pass) return MatrixAnswer::Mark::planned;
    if (run.verdict == Verdict::fail) return MatrixAnswer::Mark::refuted;
    return run.left_path ? MatrixAnswer::Mark::other_course : MatrixAnswer::Mark::left_open;
}

// By step; nothing for those that sent no segment of a cell, or were not reached.
std::vector<std::optional<Deed>> deeds_of(const TestVector& vector, const TestRun& run) {
    std::vector<std::optional<Deed>> deeds(vector.steps.size());
    if (run.verdict == Verdict::skipped || run.verdict == Verdict::error) return deeds;
    std::set<int> sent;
    for (const Observed& seen : run.observed)
        if (seen.kind == Observed::Kind::sent) sent.insert(seen.step);
    Plan plan(vector);
    for (std::size_t i = 0; i < vector.steps.size(); ++i) {
        const VectorStep& step = vector.steps[i];
        const int index = static_cast<int>(i);
        if (step.kind == VectorStep::Kind::send && sent.contains(index))
            if (const auto cell = plan.cell(step.segment))
                deeds[i] =
                    Deed{*cell, mark_of(run, index), deed_text(run, index, i + 1 == vector.steps.size(), plan.state())};
        plan.take(step);
    }
    return deeds;
}

}  // namespace

MatrixSide stack_side(const std::vector<TestVector>& vectors, const TargetRuns& stack) {
    MatrixSide side{stack.target, {}, {}};
    for (std::size_t i = 0; i < stack.runs.size(); ++i) {
        for (const auto& deed : deeds_of(vectors[i], stack.runs[i])) {
            if (!deed) continue;
            std::vector<MatrixAnswer>& answers = side.cells[deed->cell];
            auto same = std::find_if(answers.begin(), answers.end(), [&](const MatrixAnswer& one) {
                return one.mark == deed->mark && one.text == deed->text;
            });
            if (same == answers.end()) {
                const bool planned = deed->mark == MatrixAnswer::Mark::planned;
                answers.push_back({deed->mark, deed->text, planned ? "" : stack.runs[i].reason, 0, i});
                same = answers.end() - 1;
            }
            ++same->count;
        }
    }
    for (auto& [cell, answers] : side.cells)
        std::stable_sort(answers.begin(), answers.end(), [](const MatrixAnswer& a, const MatrixAnswer& b) {
            return std::tuple(b.mark, b.count) < std::tuple(a.mark, a.count);
        });
    return side;
}

std::set<MatrixCell> told_apart(const std::vector<TestVector>& vectors, const TargetRuns& one,
                                const TargetRuns& other) {
    std::set<MatrixCell> cells;
    for (std::size_t i = 0; i < vectors.size(); ++i) {
        const auto here = deeds_of(vectors[i], one.runs[i]), there = deeds_of(vectors[i], other.runs[i]);
        for (std::size_t step = 0; step < here.size(); ++step)
            if (here[step] && there[step] && here[step]->text != there[step]->text) cells.insert(here[step]->cell);
    }
    return cells;
}

}  // namespace lastack
