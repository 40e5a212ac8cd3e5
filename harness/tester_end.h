// The tester's end of one connection: from a vector's relative segments to packets and back.
//
// Relative means: bytes after the sender's initial sequence number plus one (generators/vector.h). Differences are
// taken modulo 2^32 and read as signed, so a number just before the start of a stream is -1.
#pragma once

#include <cstdint>
#include <optional>
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
    std::vector<std::uint8_t> datagram(const WireSegment& segment, std::int64_t now_us);
    // A segment of the IUT in the vector's terms. Remembers its window, and its timestamp for the next echo.
    WireSegment relative(const TcpPacket& packet);
    // How it reads otherwise: a reset whose SEQ or ACK is 0 knows no number, unless the streams come just there; and
    // what answers a segment that was sent beyond the window may count from there.
    std::vector<WireSegment> other_readings(const TcpPacket& packet) const;
    // The IUT has no connection: its next SYN says where its stream begins; until then that is 0, as the SEQ of the
    // reset that answers a segment without ACK is (RFC 9293 3.10.7.1).
    void forget_iut();
    // It is in TIME-WAIT: if it sends a SYN, that is another connection's, and says where the stream of that one
    // begins.
    void allow_next_incarnation() { iut_known_ = false; }
    // Another connection has taken the place of the vector's.
    bool reborn() const { return reborn_; }

private:
    WireSegment counted(const TcpPacket& packet) const;
    TcpPacket blank() const;
    void take_syn(const TcpPacket& packet);
    std::vector<std::uint8_t> options_of_syn(bool answers) const;
    void note_window(const TcpPacket& packet);
    void note_timestamp(const TcpPacket& packet);

    const TestVector& vector_;
    TcpPacket shape_;  // addresses and ports
    std::uint32_t iut_isn_ = 0;
    bool reborn_ = false;
    bool begins_ = false;                        // its next SYN begins the vector's own connection
    bool iut_known_ = true;                      // false: its next SYN tells its initial sequence number
    std::vector<std::string> agreed_;            // of our options, those that its SYN had
    int iut_shift_ = 0;                          // of the IUT's window, where both sides offered the option
    int offered_shift_ = 0;                      // of its SYN, where that came first and we offer none
    bool crossed_ = false;                       // and it has answered ours with a SYN,ACK
    std::uint32_t right_edge_ = 0;               // of the window that the IUT announced last
    std::optional<std::uint32_t> counted_from_;  // that edge, when the last segment that counts from it was sent
    int shift_ = 0;                              // of our window, where both sides offered the option
    bool timestamps_ = false;
    std::uint32_t clock_base_ = 0;  // our TSval at time 0
    std::uint32_t iut_clock_ = 0;   // the IUT's last TSval
};

}  // namespace lastack
