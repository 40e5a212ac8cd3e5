// From a captured frame to the TCP segment in it: link layer, IPv4 and IPv6, what is cut off by the snapshot length.
//
// Sources: the link-layer header types of tcpdump.org (LINKTYPE_*), IEEE 802.1Q, RFC 791, RFC 8200 4, RFC 9293 3.1, RFC
// 2516. Unlike the codec of what we send (generators/wire.h) this takes anything: checksums are not looked at, since a
// capture on the sender's host has them before the card has filled them in, and lengths come from the IP header, since
// the capture may be cut. Nothing is allocated; constant time but for extension headers.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace lastack {

struct SeenAddress {
    std::array<std::uint8_t, 16> bytes{};  // of IPv4 the first four
    bool v6 = false;
    std::uint16_t port = 0;
    auto operator<=>(const SeenAddress&) const = default;
};
// "192.0.2.1:80", "[2001:db8::1]:80".
std::string to_string(const SeenAddress& address);

struct SeenSegment {
    SeenAddress source, destination;
    std::uint32_t seq = 0, ack = 0;
    std::uint32_t length = 0;  // of the text on the wire, in bytes
    std::uint16_t window = 0, checksum = 0;
    std::uint16_t ip_id = 0;  // of IPv4; 0: says nothing
    bool fin = false, syn = false, rst = false, has_ack = false;
    bool offers_sack = false;  // in a SYN
};

enum class FrameContent {
    tcp,
    other,     // not TCP over IP
    fragment,  // of an IP datagram, without the TCP header
    cut,       // the snapshot length ends inside of the headers
    damaged,   // lengths that contradict each other
};

// Is there a reader for this DLT_ value of libpcap? All names, for messages.
bool knows_link_type(int link_type);
extern const char* const known_link_types;

// `bytes`: what was captured; `wire_length`: how long the frame was. `out` is set where the content is tcp.
FrameContent read_frame(int link_type, std::span<const std::uint8_t> bytes, std::uint32_t wire_length,
                        SeenSegment& out);

}  // namespace lastack
