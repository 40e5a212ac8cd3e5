#include "harness/frames.h"

#include <arpa/inet.h>

#include <algorithm>
#include <cstring>

namespace lastack {

namespace {

using Bytes = std::span<const std::uint8_t>;

// Values of DLT_ in files, as libpcap hands them out; 101, 12 and 14 are all raw IP, by system.
enum LinkType {
    link_null = 0,
    link_ethernet = 1,
    link_ppp = 9,
    link_raw = 12,
    link_raw_bsd = 14,
    link_raw_file = 101,
    link_loop = 108,
    link_sll = 113,
    link_ipv4 = 228,
    link_ipv6 = 229,
    link_sll2 = 276,
};

enum EtherType : std::uint16_t {
    ether_ipv4 = 0x0800,
    ether_ipv6 = 0x86dd,
    ether_vlan = 0x8100,
    ether_qinq = 0x88a8,
    ether_qinq_old = 0x9100,
    ether_pppoe = 0x8864,
};

constexpr std::uint8_t protocol_tcp = 6;

std::uint16_t get16(Bytes bytes, std::size_t at) { return static_cast<std::uint16_t>(bytes[at] << 8 | bytes[at + 1]); }
std::uint32_t get32(Bytes bytes, std::size_t at) {
    return static_cast<std::uint32_t>(get16(bytes, at)) << 16 | get16(bytes, at + 2);
}

// Where the IP datagram begins; nothing for a frame that carries none.
struct Inside {
    FrameContent content = FrameContent::other;  // tcp: there is IP behind `skip` bytes
    std::size_t skip = 0;
};
constexpr Inside cut{FrameContent::cut, 0}, other{FrameContent::other, 0};

Inside behind_ppp(Bytes frame, std::size_t at) {
    if (at + 2 <= frame.size() && frame[at] == 0xff && frame[at + 1] == 0x03) at += 2;  // RFC 1662 3.1
    if (at + 2 > frame.size()) return cut;
    const std::uint16_t protocol = get16(frame, at);
    return protocol == 0x0021 || protocol == 0x0057 ? Inside{FrameContent::tcp, at + 2} : other;
}

// `at`: of an EtherType. Tags of VLANs stand before the last one, as many as there are.
Inside behind_ethertype(Bytes frame, std::size_t at) {
    for (;; at += 4) {
        if (at + 2 > frame.size()) return cut;
        switch (get16(frame, at)) {
            case ether_ipv4:
            case ether_ipv6: return {FrameContent::tcp, at + 2};
            case ether_pppoe: return behind_ppp(frame, at + 8);
            case ether_vlan:
            case ether_qinq:
            case ether_qinq_old: continue;
            default: return other;
        }
    }
}

// The family stands in the byte order of the machine that captured, or of the network.
Inside behind_family(Bytes frame) {
    if (frame.size() < 4) return cut;
    const std::uint32_t big = get32(frame, 0);
    const std::uint32_t family = big < 0x10000 ? big : __builtin_bswap32(big);
    // AF_INET is 2 everywhere, AF_INET6 10, 24, 28 or 30.
    const bool ip = family == 2 || family == 10 || family == 24 || family == 28 || family == 30;
    return ip ? Inside{FrameContent::tcp, 4} : other;
}

Inside inside_of(int link_type, Bytes frame) {
    switch (link_type) {
        case link_ethernet: return frame.size() < 14 ? cut : behind_ethertype(frame, 12);
        case link_sll: return frame.size() < 16 ? cut : behind_ethertype(frame, 14);
        case link_sll2: {
            if (frame.size() < 20) return cut;
            const std::uint16_t type = get16(frame, 0);
            return type == ether_ipv4 || type == ether_ipv6 ? Inside{FrameContent::tcp, 20} : other;
        }
        case link_null:
        case link_loop: return behind_family(frame);
        case link_ppp: return behind_ppp(frame, 0);
        case link_raw:
        case link_raw_bsd:
        case link_raw_file:
        case link_ipv4:
        case link_ipv6: return {FrameContent::tcp, 0};
        default: return other;
    }
}

// An IP datagram without its header: what TCP gets.
struct Payload {
    FrameContent content = FrameContent::other;
    std::size_t at = 0;      // behind the beginning of the datagram
    std::size_t length = 0;  // on the wire
};

Payload behind_ipv4(Bytes ip, std::size_t on_wire, SeenSegment& out) {
    if (ip.size() < 20) return {FrameContent::cut};
    const std::size_t header = static_cast<std::size_t>(ip[0] & 15) * 4;
    // Offloading to the card leaves the length 0, or the frame longer than it says.
    const std::size_t total = get16(ip, 2) == 0 ? on_wire : get16(ip, 2);
    if (header < 20 || total < header || total > on_wire) return {FrameContent::damaged};
    if (ip[9] != protocol_tcp) return {};
    if ((get16(ip, 6) & 0x1fff) != 0) return {FrameContent::fragment};
    out.ip_id = get16(ip, 4);
    std::copy_n(ip.begin() + 12, 4, out.source.bytes.begin());
    std::copy_n(ip.begin() + 16, 4, out.destination.bytes.begin());
    return {FrameContent::tcp, header, total - header};
}

Payload behind_ipv6(Bytes ip, std::size_t on_wire, SeenSegment& out) {
    if (ip.size() < 40) return {FrameContent::cut};
    const std::size_t total = get16(ip, 4) == 0 ? on_wire : std::size_t{40} + get16(ip, 4);
    if (total > on_wire) return {FrameContent::damaged};
    std::uint8_t next = ip[6];
    std::size_t at = 40;
    while (next != protocol_tcp) {
        if (at + 8 > ip.size()) return {FrameContent::cut};
        const std::uint8_t kind = next;
        next = ip[at];
        if (kind == 0 || kind == 43 || kind == 60) {  // hop-by-hop, routing, destination options
            at += 8 + std::size_t{ip[at + 1]} * 8;
        } else if (kind == 51) {  // authentication, RFC 4302 2.2
            at += 8 + std::size_t{ip[at + 1]} * 4;
        } else if (kind == 44) {
            if ((get16(ip, at + 2) & 0xfff8) != 0)
                return {next == protocol_tcp ? FrameContent::fragment : FrameContent::other};
            at += 8;
        } else {
            return {};
        }
    }
    if (at > total) return {FrameContent::damaged};
    out.source.v6 = out.destination.v6 = true;
    std::copy_n(ip.begin() + 8, 16, out.source.bytes.begin());
    std::copy_n(ip.begin() + 24, 16, out.destination.bytes.begin());
    return {FrameContent::tcp, at, total - at};
}

bool has_option(Bytes options, std::uint8_t wanted) {
    for (std::size_t at = 0; at < options.size() && options[at] != 0;) {
        if (options[at] == wanted) return true;
        if (options[at] == 1) {
            ++at;
        } else {
            if (at + 1 >= options.size() || options[at + 1] < 2) return false;
            at += options[at + 1];
        }
    }
    return false;
}

FrameContent read_tcp(Bytes tcp, std::size_t on_wire, SeenSegment& out) {
    if (on_wire < 20) return FrameContent::damaged;
    if (tcp.size() < 20) return FrameContent::cut;
    const std::size_t header = static_cast<std::size_t>(tcp[12] >> 4) * 4;
    if (header < 20 || header > on_wire) return FrameContent::damaged;
    out.source.port = get16(tcp, 0);
    out.destination.port = get16(tcp, 2);
    out.seq = get32(tcp, 4);
    out.ack = get32(tcp, 8);
    const unsigned flags = tcp[13];
    out.fin = (flags & 1) != 0;
    out.syn = (flags & 2) != 0;
    out.rst = (flags & 4) != 0;
    out.has_ack = (flags & 16) != 0;
    if (!out.has_ack) out.ack = 0;
    out.window = get16(tcp, 14);
    out.checksum = get16(tcp, 16);
    out.length = static_cast<std::uint32_t>(on_wire - header);
    if (out.syn) out.offers_sack = has_option(tcp.subspan(20, std::min(header, tcp.size()) - 20), 4);
    return FrameContent::tcp;
}

}  // namespace

const char* const known_link_types = "Ethernet, Linux cooked (SLL, SLL2), raw IP, null and loop, PPP";

bool knows_link_type(int link_type) {
    for (const int known : {link_null, link_ethernet, link_ppp, link_raw, link_raw_bsd, link_raw_file, link_loop,
                            link_sll, link_ipv4, link_ipv6, link_sll2}) {
        if (link_type == known) return true;
    }
    return false;
}

FrameContent read_frame(int link_type, Bytes bytes, std::uint32_t wire_length, SeenSegment& out) {
    out = {};
    if (bytes.size() > wire_length) bytes = bytes.first(wire_length);
    const Inside inside = inside_of(link_type, bytes);
    if (inside.content != FrameContent::tcp) return inside.content;
    if (inside.skip >= bytes.size()) return FrameContent::cut;
    const Bytes ip = bytes.subspan(inside.skip);
    const std::size_t on_wire = wire_length - inside.skip;
    Payload payload;
    if (ip[0] >> 4 == 4) payload = behind_ipv4(ip, on_wire, out);
    if (ip[0] >> 4 == 6) payload = behind_ipv6(ip, on_wire, out);
    if (payload.content != FrameContent::tcp) return payload.content;
    return read_tcp(payload.at < ip.size() ? ip.subspan(payload.at) : Bytes{}, payload.length, out);
}

std::string to_string(const SeenAddress& address) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(address.v6 ? AF_INET6 : AF_INET, address.bytes.data(), text.data(), text.size());
    const std::string port = std::to_string(address.port);
    return address.v6 ? "[" + std::string(text.data()) + "]:" + port : text.data() + (":" + port);
}

}  // namespace lastack
