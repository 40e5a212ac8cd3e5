// The TCP connections of a capture: which segments belong together, and what of them a judge of the close has to see.
//
// Idea: while a connection is open, a segment costs a look into a table and some additions; nothing is kept of it but
// the numbers reached on both sides. From the first FIN or RST on, and before that while the handshake is on its way,
// the segments that mean something are kept as a list (`Passing`): each FIN, RST and SYN, the first time that text
// passes, the acknowledgment that completes it. What a connection may do at any time without a reason is only counted:
// text that is sent again, an acknowledgment that says nothing new, keepalive. The last one of these is kept where what
// follows may answer it. Text that comes and is acknowledged again and again behind a FIN is one piece of text, so
// that the list does not grow with the bytes.
//
// Numbers are those of Wireshark: relative to the SYN, which is 0, so that text begins at 1; where no SYN was seen the
// first number seen counts as 1. They are 64 bits wide, so that a stream may wrap. Cost: constant for a segment, a few
// hundred bytes for a connection. Not thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <list>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "harness/frames.h"

namespace lastack {

// A segment, or a part of one, at the capture point.
struct Passing {
    int from = 0;  // the end that sent it
    bool syn = false, fin = false, rst = false, has_ack = false, zero_window = false;
    std::int64_t seq = 0, length = 0, ack = 0;
    bool needs_reason = true;     // false: allowed at any time, but it may be the reason for something else
    bool inferred = false;        // not in the capture: the other end has acknowledged it
    bool with_next = false;       // text whose FIN, which is next in the list, was in the same segment
    bool before = false;          // outstanding when the list began
    std::int64_t text_from = -1;  // of a FIN: text that had passed before came again with it, from here; -1: none
    std::uint64_t packet = 0;     // from 1
    std::int64_t at_ns = 0;
};

struct Connection {
    std::uint64_t number = 0;  // in the order of first packets, from 1
    SeenAddress end[2];        // [0] opened the connection, or was seen first
    std::uint64_t first_packet = 0, last_packet = 0, packets = 0;
    std::int64_t first_ns = 0, last_ns = 0;

    bool opening_seen = false;   // a SYN without ACK
    bool established = false;    // the handshake went to its end, or was over before the capture began
    bool seen[2] = {};           // did a segment of that end pass?
    bool sack = true;            // both SYNs offered it, or were not seen
    bool missing = false;        // something was acknowledged that never passed
    bool begins_inside = false;  // the first segment of an end was a part of the close
    bool too_long = false;       // what was kept is only the beginning of the close
    bool given_up = false;       // there were too many connections to keep
    std::uint64_t text[2] = {};  // bytes of the streams that passed
    std::uint64_t again[2] = {}, resets[2] = {}, doubled = 0;
    std::optional<int> closed_first;  // whose FIN or RST passed first
    bool first_was_reset = false;

    // Of the stream of each end: where `passings` begins to tell, and whether text passed before that.
    std::int64_t base[2] = {1, 1};
    bool earlier_text[2] = {};
    bool from_opening = false;      // `passings` begins with the SYN, not in ESTABLISHED
    std::int64_t began_ns = 0;      // no timer that now runs was started before that
    std::vector<Passing> passings;  // in the order of the capture
};

struct ConnectionLimits {
    std::size_t connections = 200'000;        // kept at once; then the one that was silent for longest is handed out
    std::size_t passings = 400;               // kept of one connection
    std::int64_t quiet_ns = 120'000'000'000;  // a closed connection is handed out after so long a silence
};

class Connections {
public:
    using Sink = std::function<void(Connection&&)>;
    Connections(const ConnectionLimits& limits, Sink sink) : limits_(limits), sink_(std::move(sink)) {}

    void add(const SeenSegment& segment, std::uint64_t packet, std::int64_t at_ns);
    // Hands out what there is, in the order of first packets.
    void finish();

    std::uint64_t count() const { return count_; }
    std::int64_t now_ns() const { return now_ns_; }

private:
    struct Key {
        SeenAddress low, high;
        bool operator==(const Key&) const = default;
    };
    struct HashKey {
        std::size_t operator()(const Key& key) const;
    };
    // What is known of the stream of an end, and of what it acknowledges.
    struct Side {
        bool opened = false;          // its SYN passed
        bool numbered = false;        // `reference` means something
        std::uint32_t reference = 0;  // the wire's number of position 0
        std::int64_t next = 1;        // behind all that passed, FIN included
        std::int64_t acked = -1;      // highest ACK of this end, in the other one's stream; -1: none
        std::int64_t fin = -1;        // position of its FIN
        int open_text = -1;           // index into passings: text that is not acknowledged as a whole
        bool shut = false;            // its window was 0 the last time
        std::optional<Passing> idle;  // the last one that needed no reason and was not kept
        // To know what passes twice.
        struct Print {
            std::uint16_t id = 0, checksum = 0, window = 0;
            std::uint32_t seq = 0, ack = 0, length = 0;
            bool operator==(const Print&) const = default;
        };
        Print prints[2];
        std::int64_t print_ns[2] = {};
    };
    struct Tracked {
        Connection connection;
        Side side[2];
        bool keeps = false;  // passings are recorded
        bool closed = false;
        std::int64_t before_ns = 0;      // when the segment before this one passed
        std::list<Key>::iterator place;  // in open_ or closed_, by the time of the last packet
    };

    Tracked& tracked(const Key& key, const SeenSegment& segment, std::uint64_t packet, std::int64_t at_ns);
    void hand_out(const Key& key);
    void let_go(std::int64_t at_ns);
    bool is_copy(Tracked& one, int from, const SeenSegment& segment, std::int64_t at_ns);
    void take(Tracked& one, int from, const SeenSegment& segment, std::uint64_t packet, std::int64_t at_ns);
    void take_syn(Tracked& one, int from, const SeenSegment& segment, Passing& passing);
    void take_numbers(Tracked& one, Passing& passing);
    void begin_close(Tracked& one, const Passing& passing);
    void infer(Tracked& one, const Passing& passing);
    void take_text(Tracked& one, Passing& passing);
    bool take_ack(Tracked& one, const Passing& passing);
    void keep_cause(Tracked& one, const Passing& reset);
    void keep(Tracked& one, const Passing& passing);
    void keep_idle(Tracked& one);
    void note_end(Tracked& one, const Key& key);

    ConnectionLimits limits_;
    Sink sink_;
    std::unordered_map<Key, Tracked, HashKey> all_;
    std::list<Key> open_, closed_;
    std::uint64_t count_ = 0;
    std::int64_t now_ns_ = 0;
};

}  // namespace lastack
