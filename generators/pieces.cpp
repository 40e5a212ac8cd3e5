#include "generators/pieces.h"

#include <algorithm>
#include <utility>
#include <vector>

namespace lastack {
namespace {

constexpr std::int64_t soon_us = 60'000;  // an acknowledgment may wait for the next tick

// What is known of the two streams before a step.
struct Streams {
    std::int64_t acknowledged = 0;  // by the IUT
    std::int64_t sent_to = 0;       // by the tester, its FIN and what did not come in order included
    std::int64_t said = 0;          // the tester's last ACK and window
    bool shut = false;

    void take(const VectorStep& step) {
        const WireSegment& sent = step.segment;
        const bool sends = step.kind == VectorStep::Kind::send;
        if (sends && !sent.from_right) sent_to = std::max(sent_to, sent.seq + sent.len + sent.fin);
        if (sends && sent.has_ack) said = std::max(said, sent.ack);
        if (sends) shut = sent.zero_window;
        for (const Expected& one : step.expect)
            if (one.segment.has_ack && !one.segment.ack_from_right)
                acknowledged = std::max(acknowledged, one.segment.ack);
    }
};

// Text that says nothing else: what it acknowledged anew, or a window that it opened, would be answered behind the
// first piece.
bool can_be_cut(const VectorStep& step, const Streams& before) {
    const WireSegment& text = step.segment;
    if (step.kind != VectorStep::Kind::send || text.len < 2 || text.syn || text.rst || !text.has_ack) return false;
    if (text.from_right || text.seq != before.acknowledged || text.seq != before.sent_to) return false;
    if (text.ack != before.said || text.zero_window != before.shut) return false;
    if (step.expect.empty() || step.expect.front().optional) return false;
    const WireSegment& answer = step.expect.front().segment;
    return answer.has_ack && !answer.rst && answer.ack == text.seq + text.len + text.fin;
}

bool waits_for_text(const TestVector& vector) {
    return std::any_of(vector.steps.begin(), vector.steps.end(),
                       [](const VectorStep& step) { return step.result == "blocked" || !step.returned.empty(); });
}

// The IUT has sent this before, with another ACK.
Alternative acknowledgment(std::int64_t seq, std::int64_t number) {
    Alternative way;
    way.segment.seq = seq;
    way.segment.ack = number;
    way.window = {0, soon_us};
    way.then = Alternative::Then::go_on;
    return way;
}

// The step's segment in pieces; all but the last one change no state.
std::vector<VectorStep> pieces_of(const VectorStep& step, int most_bytes) {
    std::vector<VectorStep> pieces;
    VectorStep last = step;
    const std::int64_t own = step.expect.front().segment.seq;
    for (WireSegment& rest = last.segment; rest.len > most_bytes;) {
        VectorStep piece;
        piece.kind = VectorStep::Kind::send;
        piece.segment = rest;
        piece.segment.len = most_bytes;
        piece.segment.fin = false;
        piece.note = "a part of the text that follows";
        piece.rules = step.rules;
        rest.seq += most_bytes;
        rest.len -= most_bytes;
        piece.alternatives.push_back(acknowledgment(own, rest.seq));
        last.alternatives.push_back(acknowledgment(own, rest.seq));
        pieces.push_back(std::move(piece));
    }
    pieces.push_back(std::move(last));
    return pieces;
}

}  // namespace

TestVector in_pieces(const TestVector& vector, int most_bytes) {
    if (vector.begin != TestVector::Begin::established || waits_for_text(vector)) return vector;
    TestVector made = vector;
    made.steps.clear();
    std::vector<int> now_at;  // where each step, of several the last one, is now
    Streams streams;
    for (const VectorStep& step : vector.steps) {
        if (can_be_cut(step, streams))
            for (VectorStep& piece : pieces_of(step, most_bytes)) made.steps.push_back(std::move(piece));
        else
            made.steps.push_back(step);
        now_at.push_back(static_cast<int>(made.steps.size()) - 1);
        streams.take(step);
    }
    const auto move = [&](Window& window) {
        if (window.since.step >= 0) window.since.step = now_at[static_cast<std::size_t>(window.since.step)];
    };
    for (VectorStep& step : made.steps) {
        move(step.window);
        for (Expected& one : step.expect) move(one.window);
        for (Alternative& way : step.alternatives) move(way.window);
    }
    return made;
}

}  // namespace lastack
