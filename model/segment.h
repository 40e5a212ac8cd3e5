// A TCP segment in sequence units: one unit for a block of data, one for the FIN (RFC 9293 3.4). Of a protocol with
// words of its own (model/vocabulary.h): its kind and its fields, and nothing of TCP's.
//
// SEQ counts in the sender's stream from its first unit (0), ACK in the receiver's. A segment is what is
// in flight: two templates of a spec that produce equal fields produce the same segment.
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "model/vocabulary.h"

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

    std::uint8_t kind = 0;  // of a protocol's own: one more than the place in Vocabulary::kinds; 0: TCP's
    std::array<std::uint8_t, Vocabulary::most_fields> own{};  // by Vocabulary::fields

    auto operator<=>(const Segment&) const = default;
};

// For people: "FIN,ACK seq=1 ack=0", "DATA,ACK seq=0 ack=0 len=1", "RST seq=2", "ACK seq=1 ack=1 wnd=0 era=2"; in words
// of its own "SHUTDOWN cum=1", "ABORT t".
std::string to_string(const Segment& segment, const Vocabulary& vocabulary);

// Only the flags, as in ladders: "FIN,ACK", "DATA,ACK", "ACK", "RST"; or the kind, "SHUTDOWN-ACK".
std::string flags_of(const Segment& segment, const Vocabulary& vocabulary);

}  // namespace lastack
