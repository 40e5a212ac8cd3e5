// RFC 9293 3.1 and 3.10.7; RFC 7323 for the window scale and the timestamps.
#include "harness/tester_end.h"

#include <algorithm>
#include <optional>

#include "harness/segment_flags.h"

namespace lastack {
namespace {

constexpr int segment_size_4 = 1460;
constexpr int segment_size_6 = 1440;
constexpr int largest_shift = 14;  // RFC 7323 2.3
constexpr std::uint8_t option_end = 0, option_nop = 1, option_scale = 3, option_sack = 4, option_timestamps = 8;

// The data of one option, found by its kind.
std::optional<std::vector<std::uint8_t>> find_option(const std::vector<std::uint8_t>& options, std::uint8_t kind) {
    for (std::size_t i = 0; i < options.size() && options[i] != option_end;) {
        if (options[i] == option_nop) {
            ++i;
            continue;
        }
        if (i + 1 >= options.size() || options[i + 1] < 2 || i + options[i + 1] > options.size()) break;
        const auto begin = options.begin() + static_cast<std::ptrdiff_t>(i);
        if (options[i] == kind) return std::vector<std::uint8_t>(begin + 2, begin + options[i + 1]);
        i += options[i + 1];
    }
    return std::nullopt;
}

std::uint32_t number_at(const std::vector<std::uint8_t>& bytes, std::size_t at) {
    std::uint32_t number = 0;
    for (std::size_t i = at; i < at + 4; ++i) number = number << 8 | (i < bytes.size() ? bytes[i] : 0U);
    return number;
}

void append_number(std::vector<std::uint8_t>& bytes, std::uint32_t number) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes.push_back(static_cast<std::uint8_t>(number >> shift));
}

// RFC 9293 3.4: numbers are compared modulo 2^32; the sign says on which side of the origin.
std::int64_t signed_difference(std::uint32_t number, std::uint32_t origin) {
    return static_cast<std::int32_t>(number - origin);
}

}  // namespace

TesterEnd::TesterEnd(const TestVector& vector, const Endpoints& ends, const Peer& peer) : vector_(vector) {
    shape_.ip = peer.ip;
    shape_.source = peer.address;
    shape_.source_port = peer.port;
    shape_.destination = peer.ip == 6 ? ends.iut6 : ends.iut4;
    shape_.destination_port = peer.iut_port != 0 ? peer.iut_port : ends.port;
}

TcpPacket TesterEnd::blank() const {
    TcpPacket packet = shape_;
    packet.window = static_cast<std::uint16_t>(vector_.window >> shift_);
    return packet;
}

// The window of a SYN is never scaled (RFC 7323 2.2); shift_ is still 0 here.
std::vector<std::uint8_t> TesterEnd::syn() {
    TcpPacket packet = blank();
    packet.syn = true;
    packet.seq = vector_.tester_isn;
    packet.options = options_of_syn(false);
    return encode(packet);
}

bool TesterEnd::take_syn_ack(const TcpPacket& packet) {
    if (!packet.syn || !packet.has_ack || packet.rst || packet.fin || packet.ack != vector_.tester_isn + 1)
        return false;
    take_syn(packet);
    return true;
}

void TesterEnd::forget_iut() {
    iut_isn_ = 0;
    iut_known_ = false;
    begins_ = true;
    agreed_.clear();
    timestamps_ = false;
    iut_shift_ = 0;
}

void TesterEnd::take_syn(const TcpPacket& packet) {
    iut_isn_ = packet.seq;
    iut_known_ = true;
    begins_ = false;
    for (const std::string& name : vector_.options) {
        const std::vector<std::uint8_t> ours = syn_options(segment_size_4, {name});
        for (const std::uint8_t kind : {option_sack, option_scale, option_timestamps})
            if (find_option(ours, kind) && find_option(packet.options, kind)) agreed_.push_back(name);
    }
    // An option counts once both sides have offered it; what we offered we read from our own SYN.
    const auto offered = syn_options(segment_size_4, vector_.options);
    const auto our_scale = find_option(offered, option_scale);
    const auto its_scale = find_option(packet.options, option_scale);
    if (our_scale && !our_scale->empty() && its_scale && !its_scale->empty()) {
        shift_ = our_scale->front();
        iut_shift_ = std::min<int>(its_scale->front(), largest_shift);
    }
    const bool alone = !packet.has_ack && !our_scale && its_scale && !its_scale->empty();
    offered_shift_ = alone ? std::min<int>(its_scale->front(), largest_shift) : 0;
    note_window(packet);
    const auto our_clock = find_option(offered, option_timestamps);
    timestamps_ = our_clock && find_option(packet.options, option_timestamps);
    // A later TSval must not be lower than the SYN's, or PAWS drops the segment (RFC 7323 5.3).
    if (timestamps_) clock_base_ = number_at(*our_clock, 0);
    note_timestamp(packet);
}

// Who answers a SYN offers what that has (RFC 7323 2.2, 3.2), and echoes its timestamp.
std::vector<std::uint8_t> TesterEnd::options_of_syn(bool answers) const {
    std::vector<std::uint8_t> options =
        syn_options(vector_.ip == 6 ? segment_size_6 : segment_size_4, answers ? agreed_ : vector_.options.get());
    if (!answers || !timestamps_) return options;
    std::vector<std::uint8_t> echo;
    append_number(echo, iut_clock_);
    for (std::size_t i = 0; i < options.size(); i += options[i] == option_nop ? 1 : options[i + 1])
        if (options[i] == option_timestamps) std::copy(echo.begin(), echo.end(), options.begin() + i + 6);
    return options;
}

std::vector<std::uint8_t> TesterEnd::datagram(const WireSegment& segment, std::int64_t now_us) {
    TcpPacket packet = blank();
    if (segment.from_right) counted_from_ = right_edge_;
    const std::uint32_t from = segment.from_right ? right_edge_ : vector_.tester_isn + 1;
    packet.seq = from + static_cast<std::uint32_t>(segment.seq);
    packet.ack = segment.has_ack ? iut_isn_ + 1 + static_cast<std::uint32_t>(segment.ack) : 0;
    put_flags(segment, packet);
    packet.payload.assign(static_cast<std::size_t>(segment.len), std::uint8_t{'x'});
    if (segment.syn && vector_.begin != TestVector::Begin::established) {
        packet.options = options_of_syn(segment.has_ack);
    } else if (timestamps_) {
        packet.options = {option_nop, option_nop, option_timestamps, 10};
        append_number(packet.options, clock_base_ + static_cast<std::uint32_t>(now_us / 1000));
        append_number(packet.options, segment.has_ack ? iut_clock_ : 0);
    }
    return encode(packet);
}

WireSegment TesterEnd::relative(const TcpPacket& packet) {
    if (packet.syn && !packet.rst && !iut_known_) {
        reborn_ = !begins_;
        take_syn(packet);
    }
    note_window(packet);
    note_timestamp(packet);
    WireSegment segment = counted(packet);
    // The 0 in a reset that knows no number, as the SEQ of one that answers a segment without ACK (RFC 9293 3.10.7.1),
    // is none of the stream.
    if (packet.rst && packet.has_ack && packet.seq == 0) segment.seq = -1;
    if (packet.rst && packet.has_ack && packet.ack == 0) segment.ack = -1;
    return segment;
}

std::vector<WireSegment> TesterEnd::other_readings(const TcpPacket& packet) const {
    std::vector<WireSegment> readings;
    const bool no_seq = packet.rst && packet.has_ack && packet.seq == 0;
    const bool no_ack = packet.rst && packet.has_ack && packet.ack == 0;
    if (no_seq || no_ack) readings.push_back(counted(packet));
    if (no_seq && no_ack) {  // one of them may be a number all the same
        readings.push_back(counted(packet));
        readings.back().seq = -1;
        readings.push_back(counted(packet));
        readings.back().ack = -1;
    }
    if (counted_from_ && packet.has_ack) {
        WireSegment beyond = counted(packet);
        if (packet.rst && packet.seq == 0) beyond.seq = -1;
        beyond.ack_from_right = true;
        beyond.ack = signed_difference(packet.ack, *counted_from_);
        readings.push_back(beyond);
    }
    return readings;
}

WireSegment TesterEnd::counted(const TcpPacket& packet) const {
    WireSegment segment;
    segment.seq = signed_difference(packet.seq, iut_isn_ + 1);
    segment.ack = packet.has_ack ? signed_difference(packet.ack, vector_.tester_isn + 1) : 0;
    segment.len = static_cast<int>(packet.payload.size());
    segment.fin = packet.fin;
    segment.syn = packet.syn;
    segment.rst = packet.rst;
    segment.has_ack = packet.has_ack;
    segment.zero_window = packet.window == 0 && !packet.rst;  // the window of a RST says nothing, and often is 0
    return segment;
}

// The window of a SYN is never scaled (RFC 7323 2.2); a RST has none. Where SYNs cross, Linux scales its window even if
// only its own SYN had the option (tcp_rcv_synsent_state_process looks for the other one in a SYN,ACK only): so does
// whoever announces what would take back most of the window that its SYN,ACK had announced.
void TesterEnd::note_window(const TcpPacket& packet) {
    if (!packet.has_ack || packet.rst) return;
    const std::uint32_t window = packet.window;
    const std::uint32_t edge = packet.ack + (packet.syn ? window : window << iut_shift_);
    const bool shrinks = crossed_ && window != 0 && signed_difference(edge, right_edge_) < 0;
    if (packet.syn) crossed_ = offered_shift_ > 0;
    if (shrinks && packet.syn) return;  // its SYN,ACK again, which has room for 65,535 only
    right_edge_ = shrinks ? packet.ack + (window << offered_shift_) : edge;
}

void TesterEnd::note_timestamp(const TcpPacket& packet) {
    if (!timestamps_) return;
    if (const auto clock = find_option(packet.options, option_timestamps)) iut_clock_ = number_at(*clock, 0);
}

}  // namespace lastack
