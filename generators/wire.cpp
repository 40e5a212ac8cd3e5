// The codec works on one flat buffer: the network header, then the TCP header, then the payload.
//
// Checksums are RFC 1071's: the one's complement of the one's complement sum of 16-bit words. A right datagram sums
// to 0xffff with its checksum field included, so decode needs no copy with that field cleared. A flip of one bit
// changes the sum by a power of two, never by a multiple of 0xffff: it is always found.
// Cost: encode and decode are linear in the length; one allocation each for the buffer, options, payload, addresses.
#include "generators/wire.h"

#include <arpa/inet.h>
#include <fmt/compile.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <stdexcept>

namespace lastack {
namespace {

constexpr std::uint8_t tcp_protocol = 6;
constexpr std::size_t ipv4_header = 20, ipv6_header = 40, tcp_header = 20, most_options = 40;
constexpr std::size_t largest_length = 65535;  // both length fields have 16 bits

using Bytes = std::vector<std::uint8_t>;

void put16(std::uint8_t* at, std::uint32_t value) {
    at[0] = static_cast<std::uint8_t>(value >> 8);
    at[1] = static_cast<std::uint8_t>(value);
}

void put32(std::uint8_t* at, std::uint32_t value) {
    put16(at, value >> 16);
    put16(at + 2, value & 0xffff);
}

std::uint16_t get16(const std::uint8_t* at) { return static_cast<std::uint16_t>(at[0] << 8 | at[1]); }

std::uint32_t get32(const std::uint8_t* at) { return static_cast<std::uint32_t>(get16(at)) << 16 | get16(at + 2); }

// The plain sum of big-endian words, an odd last byte padded with zero. 64 bits never overflow here.
std::uint64_t sum_of(const std::uint8_t* bytes, std::size_t size) {
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < size; i += 2) sum += get16(bytes + i);
    if (size % 2 != 0) sum += static_cast<std::uint64_t>(bytes[size - 1]) << 8;
    return sum;
}

// Carries are added back in: the end-around carry of one's complement.
std::uint16_t fold(std::uint64_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    return static_cast<std::uint16_t>(sum);
}

// TCP segment and pseudo-header (RFC 9293 3.1; RFC 8200 8.1). In both versions source and destination address
// stand side by side in the header and the rest of the pseudo-header is the protocol and the TCP length.
std::uint64_t tcp_sum(const std::uint8_t* addresses, std::size_t address_bytes, const std::uint8_t* tcp,
                      std::size_t size) {
    return sum_of(addresses, address_bytes) + tcp_protocol + size + sum_of(tcp, size);
}

// For inet_pton and inet_ntop; refuses every other number of a version.
int family_of(int ip) {
    if (ip == 4) return AF_INET;
    if (ip == 6) return AF_INET6;
    throw std::invalid_argument("IP version " + std::to_string(ip) + " is neither 4 nor 6");
}

void put_address(int ip, const std::string& text, std::uint8_t* at) {
    if (inet_pton(family_of(ip), text.c_str(), at) != 1) {
        throw std::invalid_argument("'" + text + "' is not an IPv" + std::to_string(ip) + " address");
    }
}

std::string get_address(int ip, const std::uint8_t* at) {
    if (ip == 4) return fmt::format(FMT_COMPILE("{}.{}.{}.{}"), at[0], at[1], at[2], at[3]);
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family_of(ip), at, text.data(), static_cast<socklen_t>(text.size()));
    return text.data();
}

// Every field that is not named stays 0: the buffer comes cleared. The identification may be 0, since the datagram is
// never fragmented (RFC 6864 4.1).
void put_ipv4(const TcpPacket& packet, std::size_t size, std::uint8_t* at) {
    at[0] = 0x45;  // version 4, five words: no options
    put16(at + 2, static_cast<std::uint32_t>(size));
    put16(at + 6, 0x4000);  // don't fragment
    at[8] = 64;             // time to live
    at[9] = tcp_protocol;
    put_address(4, packet.source, at + 12);
    put_address(4, packet.destination, at + 16);
    put16(at + 10, static_cast<std::uint16_t>(~fold(sum_of(at, ipv4_header))));
}

void put_ipv6(const TcpPacket& packet, std::size_t size, std::uint8_t* at) {
    at[0] = 0x60;
    put16(at + 4, static_cast<std::uint32_t>(size - ipv6_header));
    at[6] = tcp_protocol;
    at[7] = 64;  // hop limit
    put_address(6, packet.source, at + 8);
    put_address(6, packet.destination, at + 24);
}

// The control bits of RFC 9293 3.1, FIN the lowest. CWR and ECE are never sent.
std::uint8_t flags_of(const TcpPacket& packet) {
    return static_cast<std::uint8_t>(packet.fin | packet.syn << 1 | packet.rst << 2 | packet.psh << 3 |
                                     packet.has_ack << 4 | packet.urg << 5);
}

// Whole IPv4 header, no options, no fragment, right lengths and checksum, TCP inside (RFC 791 3.1).
bool is_ipv4_with_tcp(const Bytes& datagram) {
    if (datagram.size() < ipv4_header + tcp_header || datagram[0] != 0x45) return false;
    if (get16(&datagram[2]) != datagram.size() || datagram[9] != tcp_protocol) return false;
    if ((get16(&datagram[6]) & 0x3fff) != 0) return false;  // more fragments, or an offset
    return fold(sum_of(datagram.data(), ipv4_header)) == 0xffff;
}

// IPv6 without extension headers (RFC 8200 3).
bool is_ipv6_with_tcp(const Bytes& datagram) {
    if (datagram.size() < ipv6_header + tcp_header || datagram[0] >> 4 != 6) return false;
    return get16(&datagram[4]) == datagram.size() - ipv6_header && datagram[6] == tcp_protocol;
}

}  // namespace

Bytes encode(const TcpPacket& packet) {
    family_of(packet.ip);
    const std::size_t network = packet.ip == 4 ? ipv4_header : ipv6_header;
    const std::size_t options = (packet.options.size() + 3) / 4 * 4;
    const std::size_t size = network + tcp_header + options + packet.payload.size();
    if (options > most_options) throw std::invalid_argument("more than 40 bytes of TCP options");
    if (size - (packet.ip == 4 ? 0 : ipv6_header) > largest_length)
        throw std::invalid_argument("payload too long for a datagram");

    Bytes datagram(size);
    if (packet.ip == 4)
        put_ipv4(packet, size, datagram.data());
    else
        put_ipv6(packet, size, datagram.data());

    // The checksum is last: it covers all the rest, and its own field is still 0.
    std::uint8_t* tcp = &datagram[network];
    put16(tcp, packet.source_port);
    put16(tcp + 2, packet.destination_port);
    put32(tcp + 4, packet.seq);
    put32(tcp + 8, packet.ack);
    tcp[12] = static_cast<std::uint8_t>((tcp_header + options) / 4 << 4);
    tcp[13] = flags_of(packet);
    put16(tcp + 14, packet.window);
    std::copy(packet.options.begin(), packet.options.end(), tcp + tcp_header);  // the padding is zero: end of options
    std::copy(packet.payload.begin(), packet.payload.end(), tcp + tcp_header + options);

    const std::size_t addresses = packet.ip == 4 ? 8 : 32;
    const std::uint64_t sum = tcp_sum(tcp - addresses, addresses, tcp, size - network);
    put16(tcp + 16, static_cast<std::uint16_t>(~fold(sum)));
    return datagram;
}

std::optional<TcpPacket> decode(const Bytes& datagram) {
    TcpPacket packet;
    if (is_ipv4_with_tcp(datagram))
        packet.ip = 4;
    else if (is_ipv6_with_tcp(datagram))
        packet.ip = 6;
    else
        return std::nullopt;

    const std::size_t network = packet.ip == 4 ? ipv4_header : ipv6_header;
    const std::size_t addresses = packet.ip == 4 ? 8 : 32;
    const std::uint8_t* tcp = &datagram[network];
    const std::size_t size = datagram.size() - network;
    const std::size_t header = static_cast<std::size_t>(tcp[12] >> 4) * 4;
    if (header < tcp_header || header > size) return std::nullopt;
    if (fold(tcp_sum(tcp - addresses, addresses, tcp, size)) != 0xffff) return std::nullopt;

    packet.source = get_address(packet.ip, tcp - addresses);
    packet.destination = get_address(packet.ip, tcp - addresses / 2);
    packet.source_port = get16(tcp);
    packet.destination_port = get16(tcp + 2);
    packet.seq = get32(tcp + 4);
    packet.ack = get32(tcp + 8);
    const unsigned flags = tcp[13];  // reserved bits and ECN's are not looked at (RFC 9293 3.1)
    packet.fin = (flags & 1) != 0;
    packet.syn = (flags & 2) != 0;
    packet.rst = (flags & 4) != 0;
    packet.psh = (flags & 8) != 0;
    packet.has_ack = (flags & 16) != 0;
    packet.urg = (flags & 32) != 0;
    packet.window = get16(tcp + 14);
    packet.options.assign(tcp + tcp_header, tcp + header);
    packet.payload.assign(tcp + header, tcp + size);
    return packet;
}

// Each option is led by NOPs to a word boundary, as RFC 7323 appendix A advises for timestamps. The window scale is
// 0: the offer is made, and a window still counts bytes.
Bytes syn_options(int mss, const std::vector<std::string>& names) {
    if (mss < 1 || mss > 65535) throw std::invalid_argument("MSS " + std::to_string(mss) + " is not in 1..65535");
    Bytes options = {2, 4, static_cast<std::uint8_t>(mss >> 8), static_cast<std::uint8_t>(mss)};
    for (const std::string& name : names) {
        if (std::count(names.begin(), names.end(), name) > 1)
            throw std::invalid_argument("TCP option '" + name + "' named twice");
        if (name == "sack")
            options.insert(options.end(), {1, 1, 4, 2});
        else if (name == "timestamps")
            options.insert(options.end(), {1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0});
        else if (name == "window_scale")
            options.insert(options.end(), {1, 3, 3, 0});
        else
            throw std::invalid_argument("unknown TCP option '" + name + "'");
    }
    return options;
}

}  // namespace lastack
