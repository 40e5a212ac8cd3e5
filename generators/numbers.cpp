#include "generators/numbers.h"

#include <algorithm>
#include <vector>

#include "checker/numbers/placements.h"
#include "generators/pieces.h"

namespace lastack {

namespace {

constexpr int segments_in_a_unit = 2, least_unit_told = 32;
constexpr std::uint32_t units = 4, most_pieces = 4;
constexpr std::uint32_t stride = 3;  // has nothing in common with the numbers of places, sizes and borders

template <class Visit>
void each_segment(TestVector& vector, Visit visit) {
    for (VectorStep& step : vector.steps) {
        if (step.kind == VectorStep::Kind::send) visit(step.segment);
        for (Expected& expected : step.expect) visit(expected.segment);
        for (Alternative& way : step.alternatives) visit(way.segment);
    }
}

std::uint32_t taken_by(const WireSegment& segment) {
    return static_cast<std::uint32_t>(segment.len) + segment.fin + segment.syn;
}

// Bytes of text that the application hands over, in all.
std::int64_t text_of_iut(const TestVector& vector) {
    std::int64_t sum = 0;
    for (const VectorStep& step : vector.steps)
        if (step.kind == VectorStep::Kind::call && step.call == "send") sum += step.bytes;
    return sum;
}

bool has_text(const TestVector& vector) {
    return std::any_of(vector.steps.begin(), vector.steps.end(),
                       [](const VectorStep& step) { return step.bytes > 0 || step.segment.len > 0; });
}

// A window that cuts nothing of what is planned. Implementations fill no more than half of the largest window with one
// segment (Linux, tcp_bound_to_half_wnd), so it holds two of each.
std::uint32_t least_window(const TestVector& vector) {
    const std::int64_t text = text_of_iut(vector);
    return static_cast<std::uint32_t>(std::max<std::int64_t>(2 * text, 2 * vector.unit_bytes) + 2);
}

}  // namespace

TestVector with_unit(const TestVector& vector, int unit_bytes) {
    const std::int64_t old = vector.unit_bytes;
    // A byte or a few behind a unit stay so, and one or a few before it, as probes of a shut window are.
    const auto moved = [&](std::int64_t at) {
        if (at < 0) return at;
        const std::int64_t nearest = (at + old / 2) / old;
        return nearest * unit_bytes + (at - nearest * old);
    };
    TestVector made = vector;
    made.unit_bytes = unit_bytes;
    // Of the last segment that counts from the right edge: where it ended, and how much later it begins and ends now.
    std::int64_t end_from_right = 0, later = 0, grown = 0;
    each_segment(made, [&](WireSegment& segment) {
        const std::int64_t end = segment.seq + segment.len;
        if (segment.from_right) {
            end_from_right = end;
            later = moved(segment.seq) - segment.seq;
            grown = later + moved(segment.len) - segment.len;
            segment.seq += later;
            segment.len = static_cast<int>(moved(segment.len));
        } else {
            segment.len = static_cast<int>(moved(end) - moved(segment.seq));
            segment.seq = moved(segment.seq);
        }
        if (!segment.ack_from_right)
            segment.ack = moved(segment.ack);
        else
            segment.ack += segment.ack >= end_from_right ? grown : later;
    });
    for (VectorStep& step : made.steps) step.bytes = static_cast<int>(moved(step.bytes));
    return made;
}

bool can_come_in_parts(const TestVector& vector) {
    std::int64_t next = 0;
    for (const VectorStep& step : vector.steps) {
        if (step.segment.len > 0 || step.kind == VectorStep::Kind::wait) return false;
        for (const Expected& expected : step.expect) {
            if (expected.segment.len == 0) continue;
            if (expected.segment.seq != next) return false;
            next += expected.segment.len;
        }
    }
    return next > 0;
}

Numbers::Numbers(std::uint32_t seed)
    : placements_(std::make_unique<Placements>(seed)), turn_(seed * stride), with_text_(seed) {}
Numbers::~Numbers() = default;

std::size_t Numbers::solved() const { return placements_->solved(); }

void Numbers::put(TestVector& vector) {
    if (has_text(vector)) choose_unit(vector);
    place(vector);
    ++turn_;
}

// Where a unit is not much longer than what stands behind the text, bytes do not tell units any more.
void Numbers::choose_unit(TestVector& vector) {
    if (vector.unit_bytes < least_unit_told) return;
    const int segment = segment_bytes(vector);
    const std::uint32_t turn = with_text_++;
    switch (turn % units) {
        case 0: vector = with_unit(vector, 1); break;
        case 1: vector = with_unit(vector, segment); break;
        case 2:
            if (can_come_in_parts(vector)) {
                vector = with_unit(vector, segments_in_a_unit * segment);
            } else {
                const auto pieces = static_cast<int>(2 + turn / units % (most_pieces - 1));
                vector = in_pieces(vector, (vector.unit_bytes + pieces - 1) / pieces);
            }
            break;
        default: break;
    }
}

// Segments whose place the vector says; where there is none, the end of the handshake.
void Numbers::place(TestVector& vector) {
    std::vector<WireSegment> sent;
    for (const VectorStep& step : vector.steps)
        if (step.kind == VectorStep::Kind::send && !step.segment.from_right) sent.push_back(step.segment);
    if (sent.empty()) sent.emplace_back();
    // What takes room in the stream is worth more than what does not.
    std::stable_partition(sent.begin(), sent.end(), [](const WireSegment& segment) { return taken_by(segment) > 0; });
    for (std::uint32_t tries = 0; tries < 2 * Placements::places * Placements::sizes; ++tries) {
        const std::uint32_t turn = turn_ * stride + tries;
        const WireSegment& segment = sent[turn_ / (2 * Placements::places) % sent.size()];
        Placement wanted;
        wanted.border = turn % 2 == 0 ? Placement::Border::wrap : Placement::Border::sign;
        wanted.place = static_cast<Placement::Place>(turn / 2 % Placements::places);
        wanted.size = static_cast<Placement::Size>(turn % Placements::sizes);
        wanted.length = taken_by(segment);
        wanted.least_window = least_window(vector);
        const std::optional<Placed> placed = placements_->at(wanted);
        if (!placed) continue;
        vector.tester_isn = placed->first - 1 - static_cast<std::uint32_t>(segment.seq);
        vector.window = placed->window;
        return;
    }
}

}  // namespace lastack
