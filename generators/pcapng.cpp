// A vector as a pcapng file: the exchange as it should look, with a comment on each packet.
//
// Source: draft-ietf-opsawg-pcapng, section header, interface description and enhanced packet blocks; raw IP packets
// (LINKTYPE_RAW). Always little-endian and without clocks: the same vector gives the same bytes. Times are the earliest
// moment of each window, counted from the end of the opening. Cost: linear in the packets.
#include "generators/pcapng.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "generators/vector_json.h"
#include "generators/vector_reading.h"
#include "generators/wire.h"

namespace lastack {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::uint32_t iut_isn = 1'000'000;
constexpr std::uint16_t iut_window = 65535;
constexpr std::uint16_t iut_port = 5000, usual_tester_port = 40000;
constexpr std::uint16_t option_comment = 1, option_application = 4, option_resolution = 9;

void put16(Bytes& out, std::uint32_t value) {
    out.push_back(static_cast<unsigned char>(value));
    out.push_back(static_cast<unsigned char>(value >> 8));
}

void put32(Bytes& out, std::uint32_t value) {
    put16(out, value & 0xffff);
    put16(out, value >> 16);
}

void pad(Bytes& out) {
    while (out.size() % 4 != 0) out.push_back(0);
}

// An option's length has 16 bits: longer text is cut, at the start of a UTF-8 character.
void put_option(Bytes& out, std::uint16_t code, std::string_view value) {
    std::size_t length = value.size();
    if (length > 65535) {
        length = 65535;
        while (length > 0 && (static_cast<unsigned char>(value[length]) & 0xc0) == 0x80) --length;
    }
    put16(out, code);
    put16(out, static_cast<std::uint32_t>(length));
    out.insert(out.end(), value.begin(), value.begin() + static_cast<std::ptrdiff_t>(length));
    pad(out);
}

void put_block(Bytes& out, std::uint32_t type, Bytes body) {
    put32(body, 0);  // end of options
    const std::uint32_t length = static_cast<std::uint32_t>(body.size() + 12);
    put32(out, type);
    put32(out, length);
    out.insert(out.end(), body.begin(), body.end());
    put32(out, length);
}

class Capture {
public:
    explicit Capture(const TestVector& vector, std::uint16_t tester_port = usual_tester_port)
        : vector_(vector), tester_port_(tester_port) {}

    Bytes write(const std::vector<SeenPacket>& seen, const std::string& about_it) {
        headers(about_it);
        if (vector_.begin == TestVector::Begin::established) opening();
        for (const SeenPacket& one : seen) {
            if (one.is_packet)
                frame(one.at_us, one.from_tester, one.segment, one.comment);
            else
                pending_ += (pending_.empty() ? "" : "; ") + one.comment;
        }
        return finish();
    }

    Bytes write() {
        headers(vector_.id + ": " + vector_.goal);
        opening();
        const std::vector<StepTimes> times = timeline(vector_, Moment::earliest);
        for (std::size_t i = 0; i < vector_.steps.size(); ++i) add(vector_.steps[i], times[i]);
        return finish();
    }

private:
    struct Frame {
        std::int64_t at_us = 0;
        Bytes datagram;
        std::string comment;
    };

    Bytes finish() {
        // What happens after the last packet is told on it.
        if (!pending_.empty() && !frames_.empty()) frames_.back().comment += "; then " + pending_;
        for (const Frame& frame : frames_) put(frame);
        return std::move(out_);
    }

    void headers(const std::string& about_it) {
        Bytes section;
        put32(section, 0x1a2b3c4d);
        put16(section, 1);
        put16(section, 0);
        put32(section, 0xffffffff);  // the section's length is not given
        put32(section, 0xffffffff);
        put_option(section, option_comment, about_it);
        put_option(section, option_application, "lastack");
        put_block(out_, 0x0a0d0d0a, std::move(section));
        Bytes interface;
        put16(interface, 101);  // LINKTYPE_RAW
        put16(interface, 0);
        put32(interface, 0);  // no limit on the length of packets
        put_option(interface, option_resolution, "\6");
        put_block(out_, 1, std::move(interface));
    }

    void put(const Frame& frame) {
        Bytes packet;
        put32(packet, 0);  // the only interface
        const auto at = static_cast<std::uint64_t>(frame.at_us);
        put32(packet, static_cast<std::uint32_t>(at >> 32));
        put32(packet, static_cast<std::uint32_t>(at));
        put32(packet, static_cast<std::uint32_t>(frame.datagram.size()));
        put32(packet, static_cast<std::uint32_t>(frame.datagram.size()));
        packet.insert(packet.end(), frame.datagram.begin(), frame.datagram.end());
        pad(packet);
        put_option(packet, option_comment, frame.comment);
        put_block(out_, 6, std::move(packet));
    }

    // The three segments that every vector begins with (see generators/vector.h).
    void opening() {
        const WireSegment syn{.seq = -1, .syn = true, .has_ack = false};
        const WireSegment syn_ack{.seq = -1, .syn = true};
        frame(0, true, syn, "opening: the tester's SYN; " + about());
        frame(0, false, syn_ack, "opening: the IUT's SYN-ACK");
        frame(0, true, WireSegment{}, "opening: both are ESTABLISHED, the IUT accepts");
    }

    // What the vector decides.
    std::string about() const {
        std::string text;
        for (const VectorClaim& claim : vector_.claims)
            text += (text.empty() ? "" : ", ") + sense_text(claim.sense) + " of " + claim.id;
        return text.empty() ? vector_.id : text;
    }

    void add(const VectorStep& step, const StepTimes& times) {
        std::string about =
            step.kind == VectorStep::Kind::send ? "tester sends " + action_text(step) : action_text(step);
        if (step.kind == VectorStep::Kind::wait) about += ", " + window_text(step.window);
        if (!step.note.empty()) about += " (" + step.note + ")";
        for (const Alternative& alternative : step.alternatives)
            about += "; also allowed: " + alternative_text(alternative);
        if (step.kind == VectorStep::Kind::send) {
            frame(times.action_us, true, step.segment, about);
        } else {
            pending_ += (pending_.empty() ? "" : "; ") + about;
        }
        for (std::size_t i = 0; i < step.expect.size(); ++i) {
            const Expected& expected = step.expect[i];
            frame(times.expect_us[i], false, expected.segment,
                  "expected " + to_string(expected.segment) + ", " + window_text(expected.window) +
                      (expected.rule.empty() ? "" : ", rule " + expected.rule) +
                      (expected.optional ? ", may be left out" : ""));
        }
        std::string after;
        for (const std::string& state : step.states) after += (after.empty() ? "IUT in " : " or ") + state;
        for (const std::string& signal : step.signals)
            after += (after.empty() ? "" : "; ") + std::string("its application can see ") + signal;
        if (after.empty()) return;
        if (pending_.empty())
            frames_.back().comment += "; " + after;
        else
            pending_ += "; " + after;
    }

    void frame(std::int64_t at_us, bool from_tester, const WireSegment& segment, const std::string& comment) {
        if (segment.from_right) counted_from_ = acknowledged_ + iut_window;
        frames_.push_back({at_us, encode(packet(at_us, from_tester, segment)),
                           (pending_.empty() ? "" : pending_ + "; then ") + comment});
        if (!from_tester && segment.has_ack && !segment.rst)
            acknowledged_ = segment.ack + (segment.ack_from_right ? counted_from_ : 0);
        pending_.clear();
    }

    TcpPacket packet(std::int64_t at_us, bool from_tester, const WireSegment& segment) const {
        const std::string iut = vector_.ip == 4 ? "192.0.2.1" : "2001:db8::1";
        const std::string tester = vector_.ip == 4 ? "198.51.100.1" : "2001:db8:1::1";
        const std::uint32_t own = from_tester ? vector_.tester_isn : iut_isn;
        const std::uint32_t other = from_tester ? iut_isn : vector_.tester_isn;
        TcpPacket made;
        made.ip = vector_.ip;
        made.source = from_tester ? tester : iut;
        made.destination = from_tester ? iut : tester;
        made.source_port = from_tester ? tester_port_ : iut_port;
        made.destination_port = from_tester ? iut_port : tester_port_;
        // The IUT's window is made up, and so is its right edge.
        const std::int64_t from = segment.from_right ? counted_from_ : 0;
        made.seq = own + 1 + static_cast<std::uint32_t>(from + segment.seq);
        const std::int64_t acked_from = segment.ack_from_right ? counted_from_ : 0;
        made.ack = segment.has_ack ? other + 1 + static_cast<std::uint32_t>(acked_from + segment.ack) : 0;
        made.fin = segment.fin;
        made.syn = segment.syn;
        made.rst = segment.rst;
        made.has_ack = segment.has_ack;
        made.psh = segment.len > 0;
        made.window = from_tester ? static_cast<std::uint16_t>(vector_.window) : iut_window;
        if (segment.zero_window) made.window = 0;
        made.options = options(at_us, segment);
        // Each byte says where it stands in its stream: a retransmission carries the same text.
        for (int i = 0; i < segment.len; ++i)
            made.payload.push_back(static_cast<std::uint8_t>('a' + (segment.seq + i + 26 * largest) % 26));
        return made;
    }

    // The opening offers what the vector names; timestamps, once agreed, are in every segment but a RST, and echo only
    // with an ACK (RFC 7323 3.2).
    Bytes options(std::int64_t at_us, const WireSegment& segment) const {
        if (frames_.size() < 2) return syn_options(vector_.ip == 4 ? 1460 : 1440, vector_.options);
        bool agreed = false;
        for (const std::string& option : vector_.options) agreed = agreed || option == "timestamps";
        if (!agreed || segment.rst) return {};
        const auto now = static_cast<std::uint32_t>(at_us / 1000 + 1);  // milliseconds on a clock that both share
        Bytes made = {1, 1, 8, 10};
        for (int shift = 24; shift >= 0; shift -= 8) made.push_back(static_cast<unsigned char>(now >> shift));
        made.insert(made.end(), {0, 0, 0, static_cast<unsigned char>(segment.has_ack)});  // the clock of the opening
        return made;
    }

    static constexpr std::int64_t largest = 0x100000000;  // keeps the remainder of a relative number positive
    const TestVector& vector_;
    std::uint16_t tester_port_;
    Bytes out_;
    std::vector<Frame> frames_;
    std::int64_t acknowledged_ = 0;  // by the IUT, the last time
    std::int64_t counted_from_ = 0;  // the right edge, for what was sent beyond it
    std::string pending_;            // calls and waits since the last packet, told with the next one
};

}  // namespace

Bytes to_pcapng(const TestVector& vector) { return Capture(vector).write(); }

Bytes to_pcapng(const TestVector& vector, const std::vector<SeenPacket>& seen, const std::string& about,
                std::uint16_t tester_port) {
    return Capture(vector, tester_port).write(seen, about);
}

}  // namespace lastack
