// The tester's end of one connection: from a vector's relative segments to packets and back.
//
// Relative means: bytes after the sender's initial sequence number plus one (generators/vector.h). Differences are
// taken modulo 2^32 and read as signed, so a number just before the start of a stream is -1.
#pragma once

#include <cstdint>
#include <vector>

#include "generators/vector.h"
#include "generators/wire.h"
#include "harness/target.h"

namespace lastack {

class TesterEnd {
public:
    TesterEnd(const TestVector& vector, const Endpoints& ends, const Peer& peer);

    std::vector<std::uint8_t> syn();
    // Takes the IUT's numbers and options from its SYN-ACK; false for any other segment.
    bool take_syn_ack(const TcpPacket& packet);
    // A segment of the vector as a datagram, at this time (the timestamp option needs a clock).
    std::vector<std::uint8_t> datagram(const WireSegment& segment, std::int64_t now_us) const;
    // A segment of the IUT in the vector's terms. Remembers its window, and its timestamp for the next echo.
    WireSegment relative(const TcpPacket& packet);

private:
    TcpPacket blank() const;
    void note_window(const TcpPacket& packet);
    void note_timestamp(const TcpPacket& packet);

    const TestVector& vector_;
    TcpPacket shape_;  // addresses and ports
    std::uint32_t iut_isn_ = 0;
    int iut_shift_ = 0;             // of the IUT's window, where both sides offered the option
    std::uint32_t right_edge_ = 0;  // of the window that the IUT announced last
    int shift_ = 0;                 // of our window, where both sides offered the option
    bool timestamps_ = false;
    std::uint32_t clock_base_ = 0;  // our TSval at time 0
    std::uint32_t iut_clock_ = 0;   // the IUT's last TSval
};

}  // namespace lastack
