// Captured frames made by hand, for tests of what judges them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "generators/wire.h"
#include "harness/connections.h"
#include "harness/frames.h"

namespace hand {

// One segment between two ends whose streams begin at 1000 and 5000. SEQ and ACK are relative, the SYN is 0.
struct Sent {
    char from = 'A';
    std::string flags;  // of S, F, R and A
    std::int64_t seq = 0, ack = 0;
    int length = 0;
    std::int64_t at_ms = -1;  // -1: a millisecond after the one before
    int window = 1000;
};

inline std::vector<std::uint8_t> datagram_of(const Sent& sent, int ip = 4, std::uint16_t client_port = 40'000) {
    const bool a = sent.from == 'A';
    const std::string ends[2] = {ip == 4 ? "192.0.2.1" : "2001:db8::1", ip == 4 ? "198.51.100.7" : "2001:db8::7"};
    lastack::TcpPacket packet;
    packet.ip = ip;
    packet.source = ends[a ? 0 : 1];
    packet.destination = ends[a ? 1 : 0];
    packet.source_port = a ? client_port : std::uint16_t{80};
    packet.destination_port = a ? std::uint16_t{80} : client_port;
    const auto has = [&](char flag) { return sent.flags.find(flag) != std::string::npos; };
    packet.syn = has('S');
    packet.fin = has('F');
    packet.rst = has('R');
    packet.has_ack = has('A');
    packet.seq = static_cast<std::uint32_t>((a ? 1000 : 5000) + sent.seq);
    if (packet.has_ack) packet.ack = static_cast<std::uint32_t>((a ? 5000 : 1000) + sent.ack);
    packet.window = static_cast<std::uint16_t>(sent.window);
    if (packet.syn) packet.options = lastack::syn_options(1460, {"sack"});
    packet.payload.assign(static_cast<std::size_t>(sent.length), 'x');
    return lastack::encode(packet);
}

inline const std::vector<Sent> opening = {{'A', "S", 0, 0}, {'B', "SA", 0, 1}, {'A', "A", 1, 1}};

inline std::vector<Sent> opened(std::vector<Sent> rest) {
    rest.insert(rest.begin(), opening.begin(), opening.end());
    return rest;
}

// The connections of a capture of these segments, as raw IP.
inline std::vector<lastack::Connection> connections_of(const std::vector<Sent>& all, int ip = 4,
                                                       const lastack::ConnectionLimits& limits = {}) {
    std::vector<lastack::Connection> found;
    lastack::Connections connections(limits, [&](lastack::Connection&& one) { found.push_back(std::move(one)); });
    std::int64_t now_ms = 0;
    std::uint64_t number = 0;
    for (const Sent& sent : all) {
        now_ms = sent.at_ms >= 0 ? sent.at_ms : now_ms + 1;
        const std::vector<std::uint8_t> bytes = datagram_of(sent, ip);
        lastack::SeenSegment seen;
        if (lastack::read_frame(101, bytes, static_cast<std::uint32_t>(bytes.size()), seen) ==
            lastack::FrameContent::tcp)
            connections.add(seen, ++number, now_ms * 1'000'000);
    }
    connections.finish();
    return found;
}

}  // namespace hand
