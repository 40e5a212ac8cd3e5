// The flags of a segment, as the model or a vector has them, in a packet. Text pushes, as implementations do.
#pragma once

#include "generators/wire.h"

namespace lastack {

// Segment or WireSegment: both name their flags alike.
template <class AnySegment>
void put_flags(const AnySegment& segment, TcpPacket& packet) {
    packet.fin = segment.fin;
    packet.syn = segment.syn;
    packet.rst = segment.rst;
    packet.has_ack = segment.has_ack;
    packet.psh = segment.len > 0;
    if (segment.zero_window) packet.window = 0;
}

}  // namespace lastack
