// TCP over IPv4 and IPv6, bytes to fields and back: the codec of everything that puts packets on a wire or in a file.
//
// Sources: RFC 791, RFC 8200, RFC 9293 3.1, RFC 1071 (checksum). No fragments, no IP options.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace lastack {

struct TcpPacket {
    int ip = 4;
    std::string source, destination;  // textual addresses
    std::uint16_t source_port = 0, destination_port = 0;
    std::uint32_t seq = 0, ack = 0;
    bool fin = false, syn = false, rst = false, psh = false, has_ack = false, urg = false;
    std::uint16_t window = 0;
    std::vector<std::uint8_t> options;  // raw; padded by encode
    std::vector<std::uint8_t> payload;
};

// The datagram with its checksums. Throws std::invalid_argument for addresses that are not of the family, more than
// 40 bytes of options, and a payload that no datagram can hold.
std::vector<std::uint8_t> encode(const TcpPacket& packet);

// Nothing for anything that is not a whole TCP segment with a right checksum.
std::optional<TcpPacket> decode(const std::vector<std::uint8_t>& datagram);

// Options of a SYN: MSS, and "sack", "timestamps", "window_scale" by name (others, and one
// named twice, are std::invalid_argument). The window scale is 0, so that a window still counts bytes.
std::vector<std::uint8_t> syn_options(int mss, const std::vector<std::string>& names);

}  // namespace lastack
