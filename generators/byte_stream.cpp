#include "generators/byte_stream.h"

#include <algorithm>

namespace lastack {

namespace {

int fin_of(const Segment& segment) { return segment.seq + (segment.syn ? 1 : 0) + segment.len; }

}  // namespace

ByteStream::ByteStream(const Trace& trace, int sender, const Profile& receiver, int unit_bytes, int first, bool anybody)
    : unit_bytes_(unit_bytes), first_(first), anybody_(anybody) {
    find_taken(trace, 1 - sender, receiver);
    if (fin_ < 0) find_sent(trace, sender, anybody);
}

void ByteStream::find_sent(const Trace& trace, int sender, bool anybody) {
    int fin = -1, top = 0;
    for (const TraceStep& step : trace.steps) {
        if (step.end != sender) continue;
        for (const Segment& segment : step.sent) {
            if (segment.len > 0) top = std::max(top, segment.seq + segment.len);
            if (!segment.fin) continue;
            if (anybody && fin >= 0 && fin != fin_of(segment)) return;
            if (fin < 0) fin = fin_of(segment);
        }
    }
    if (fin >= 0 && (!anybody || top <= fin)) fin_ = fin - first_;
}

void ByteStream::find_taken(const Trace& trace, int receiver, const Profile& profile) {
    const Snapshot* before = &trace.initial;
    for (const TraceStep& step : trace.steps) {
        if (step.kind == TraceStep::Kind::deliver && step.end == receiver) {
            const auto taken =
                fin_taken(profile, before->end[receiver], step.after.end[receiver], step.segment, step.sent);
            if (taken && fin_ < 0) fin_ = *taken - first_;  // behind it text stands in units of one byte
        }
        before = &step.after;
    }
}

// What is expected next goes on by a FIN where one stands there.
std::optional<int> fin_taken(const Profile& profile, const EndState& before, const EndState& after,
                             const Segment& segment, const std::vector<Segment>& sent) {
    const int next = profile.variable("rcv_nxt"), kept = profile.variable("held_fin"), at = profile.variable("fin_at");
    if (next < 0) return std::nullopt;
    const auto value = [](const EndState& of, int variable) { return of.values[static_cast<std::size_t>(variable)]; };
    int last = value(after, next) - 1;  // the last unit taken, if any was
    for (const Segment& one : sent)
        if (one.has_ack && !acknowledges(one, segment)) last = std::max(last, one.ack - 1);
    if (last < value(before, next)) return std::nullopt;
    const bool here = segment.fin && fin_of(segment) == last;
    const bool early = kept >= 0 && at >= 0 && value(before, kept) != 0 && value(before, at) == last;
    return here || early ? std::optional(last) : std::nullopt;
}

std::int64_t ByteStream::offset(int unit) const {
    const int at = unit - first_;
    furthest_ = std::max(furthest_, at);
    if (at < 0) return at;
    const int text = fin_ < 0 ? at : std::min(at, fin_);
    return std::int64_t{text} * unit_bytes_ + (at - text);
}

int ByteStream::length(const Segment& segment) const {
    const int text = segment.seq + (segment.syn ? 1 : 0);
    if (!anybody_) return segment.len * unit_bytes_;
    return static_cast<int>(offset(text + segment.len) - offset(text));
}

bool acknowledges(const Segment& answer, const Segment& arriving) {
    const int taken = arriving.seq + (arriving.syn ? 1 : 0) + arriving.len + (arriving.fin ? 1 : 0);
    return answer.rst && answer.has_ack && answer.ack == taken;
}

bool takes_syn(const Segment& answer, const Segment& arriving) {
    return answer.syn && answer.has_ack && arriving.syn && answer.ack == arriving.seq + 1;
}

bool is_probe(const Profile& profile, const EndState& before, const Segment& segment) {
    const int una = profile.variable("snd_una");
    const bool bare = segment.len == 0 && !segment.syn && !segment.fin && !segment.rst;
    return una >= 0 && bare && segment.has_ack && segment.seq + 1 == before.values[static_cast<std::size_t>(una)];
}

WireSegment on_wire(const Segment& segment, const ByteStream& sender, const ByteStream& receiver) {
    WireSegment wire;
    wire.seq = sender.offset(segment.seq);
    wire.ack = segment.has_ack ? receiver.offset(segment.ack) : 0;
    wire.len = sender.length(segment);
    wire.fin = segment.fin;
    wire.syn = segment.syn;
    wire.rst = segment.rst;
    wire.has_ack = segment.has_ack;
    wire.zero_window = segment.zero_window;
    return wire;
}

}  // namespace lastack
