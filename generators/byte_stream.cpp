#include "generators/byte_stream.h"

#include <algorithm>

namespace lastack {

ByteStream::ByteStream(const Trace& trace, int sender, int unit_bytes, int first)
    : unit_bytes_(unit_bytes), first_(first) {
    for (const TraceStep& step : trace.steps) {
        if (step.end == sender) note(step.sent);
    }
}

void ByteStream::note(const std::vector<Segment>& sent) {
    for (const Segment& segment : sent) {
        if (segment.fin && fin_ < 0) fin_ = segment.seq + (segment.syn ? 1 : 0) + segment.len - first_;
    }
}

std::int64_t ByteStream::offset(int unit) const {
    const int at = unit - first_;
    if (at < 0) return at;
    const int text = fin_ < 0 ? at : std::min(at, fin_);
    return std::int64_t{text} * unit_bytes_ + (at - text);
}

WireSegment on_wire(const Segment& segment, const ByteStream& sender, const ByteStream& receiver, int unit_bytes) {
    WireSegment wire;
    wire.seq = sender.offset(segment.seq);
    wire.ack = segment.has_ack ? receiver.offset(segment.ack) : 0;
    wire.len = segment.len * unit_bytes;
    wire.fin = segment.fin;
    wire.syn = segment.syn;
    wire.rst = segment.rst;
    wire.has_ack = segment.has_ack;
    wire.zero_window = segment.zero_window;
    return wire;
}

}  // namespace lastack
