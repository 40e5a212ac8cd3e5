// A TCP segment in sequence units: one unit for a block of data, one for the FIN (RFC 9293 3.4).
//
// SEQ counts in the sender's stream from its first unit (0), ACK in the receiver's. A segment is what is
// in flight: two templates of a spec that produce equal fields produce the same segment.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace lastack {

struct Segment {
    std::uint8_t seq = 0;
    std::uint8_t ack = 0;  // 0 where has_ack is false
    std::uint8_t len = 0;  // units of text, the FIN not counted
    bool fin = false;
    bool syn = false;
    bool rst = false;
    bool has_ack = false;
    bool zero_window = false;  // SEG.WND is 0: the sender of the segment has no room (RFC 9293 3.8.6.1)
    std::uint8_t era = 0;      // which incarnation of the connection sent it; not on the wire, only claims may read it

    auto operator<=>(const Segment&) const = default;
};

// For people: "FIN,ACK seq=1 ack=0", "DATA,ACK seq=0 ack=0 len=1", "RST seq=2", "ACK seq=1 ack=1 wnd=0 era=2".
std::string to_string(const Segment& segment);

// Only the flags, as in ladders: "FIN,ACK", "DATA,ACK", "ACK", "RST".
std::string flags_of(const Segment& segment);

}  // namespace lastack
