#include "generators/wire.h"

#include <doctest/doctest.h>

#include <random>
#include <stdexcept>

using namespace lastack;

namespace {

using Bytes = std::vector<std::uint8_t>;

TcpPacket sample(int ip) {
    TcpPacket packet;
    packet.ip = ip;
    packet.source = ip == 4 ? "198.51.100.1" : "2001:db8:1::1";
    packet.destination = ip == 4 ? "192.0.2.1" : "2001:db8::1";
    packet.source_port = 40000;
    packet.destination_port = 5000;
    packet.seq = 0xfffffff0;
    packet.ack = 7;
    packet.fin = packet.has_ack = true;
    packet.window = 4096;
    packet.options = {1, 1, 4, 2};
    packet.payload = {'l', 'a', 's', 't', 0xff};  // odd: the checksum pads it
    return packet;
}

void check_equal(const TcpPacket& left, const TcpPacket& right) {
    CHECK(left.ip == right.ip);
    CHECK(left.source == right.source);
    CHECK(left.destination == right.destination);
    CHECK(left.source_port == right.source_port);
    CHECK(left.destination_port == right.destination_port);
    CHECK(left.seq == right.seq);
    CHECK(left.ack == right.ack);
    CHECK(left.window == right.window);
    CHECK(left.options == right.options);
    CHECK(left.payload == right.payload);
    const auto flags = [](const TcpPacket& of) {
        return std::vector<bool>{of.fin, of.syn, of.rst, of.psh, of.has_ack, of.urg};
    };
    CHECK(flags(left) == flags(right));
}

// A random packet whose options are whole words, so that nothing is padded.
TcpPacket random_packet(std::mt19937& random) {
    const auto below = [&random](std::uint32_t end) { return static_cast<std::uint32_t>(random() % end); };
    TcpPacket packet = sample(below(2) == 0 ? 4 : 6);
    packet.seq = below(0xffffffff);
    packet.ack = below(0xffffffff);
    packet.source_port = static_cast<std::uint16_t>(below(65536));
    packet.window = static_cast<std::uint16_t>(below(65536));
    packet.fin = below(2) != 0;
    packet.syn = below(2) != 0;
    packet.rst = below(2) != 0;
    packet.psh = below(2) != 0;
    packet.has_ack = below(2) != 0;
    packet.urg = below(2) != 0;
    packet.options.assign(std::size_t{4} * below(11), 1);
    packet.payload.resize(below(200));
    for (std::uint8_t& byte : packet.payload) byte = static_cast<std::uint8_t>(below(256));
    return packet;
}

}  // namespace

TEST_CASE("a packet worked out by hand: RFC 791 and RFC 9293 3.1 header fields, RFC 1071 checksums") {
    TcpPacket syn;
    syn.source = "10.0.0.1";
    syn.destination = "10.0.0.2";
    syn.source_port = 1;
    syn.destination_port = 2;
    syn.seq = 3;
    syn.syn = true;
    syn.window = 4;
    const Bytes expected = {0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0x26, 0xce, 10, 0, 0, 1, 10, 0, 0, 2,
                            // 4500+0028+4000+4006+0a00+0001+0a00+0002 = d931, complement 26ce
                            0, 1, 0, 2, 0, 0, 0, 3, 0, 0, 0, 0, 0x50, 2, 0, 4, 0x9b, 0xd6, 0, 0};
    // pseudo 0a00+0001+0a00+0002+0006+0014 = 141d; segment 1+2+3+5002+4 = 500c; sum 6429, complement 9bd6
    CHECK(encode(syn) == expected);
}

TEST_CASE("what was encoded is decoded to the same fields") {
    std::mt19937 random(9293);
    for (int i = 0; i < 500; ++i) {
        const TcpPacket packet = random_packet(random);
        const auto back = decode(encode(packet));
        REQUIRE(back.has_value());
        check_equal(*back, packet);
        CHECK(encode(*back) == encode(packet));
    }
}

TEST_CASE("options are padded with end-of-options to a whole word") {
    TcpPacket packet = sample(4);
    packet.options = {3, 3, 0};
    const auto back = decode(encode(packet));
    REQUIRE(back.has_value());
    CHECK(back->options == Bytes{3, 3, 0, 0});
    CHECK(back->payload == packet.payload);
}

TEST_CASE("IPv4: a flip of any one bit is refused") {
    const Bytes good = encode(sample(4));
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
        CAPTURE(bit);
        CHECK_FALSE(decode(bad).has_value());
    }
}

TEST_CASE(
    "IPv6: a flip of one bit is refused, but for traffic class, flow label and hop limit, which no checksum covers") {
    const Bytes good = encode(sample(6));
    for (std::size_t bit = 0; bit < good.size() * 8; ++bit) {
        Bytes bad = good;
        bad[bit / 8] ^= static_cast<std::uint8_t>(0x80 >> bit % 8);
        const bool uncovered = (bit >= 4 && bit < 32) || (bit >= 56 && bit < 64);
        CAPTURE(bit);
        const auto decoded = decode(bad);
        CHECK(decoded.has_value() == uncovered);
        if (decoded) check_equal(*decoded, sample(6));
    }
}

TEST_CASE("every truncation and every extension is refused") {
    for (const int ip : {4, 6}) {
        const Bytes good = encode(sample(ip));
        for (std::size_t size = 0; size < good.size(); ++size)
            CHECK_FALSE(decode(Bytes(good.begin(), good.begin() + static_cast<std::ptrdiff_t>(size))).has_value());
        Bytes longer = good;
        longer.push_back(0);
        CHECK_FALSE(decode(longer).has_value());
    }
}

TEST_CASE("random bytes are never a segment") {
    std::mt19937 random(1);
    for (int i = 0; i < 20'000; ++i) {
        Bytes noise(random() % 120);
        for (std::uint8_t& byte : noise) byte = static_cast<std::uint8_t>(random());
        if (!noise.empty() && i % 2 == 0) noise[0] = i % 4 == 0 ? 0x45 : 0x60;  // gets past the version
        CHECK_FALSE(decode(noise).has_value());
    }
}

TEST_CASE("what decode takes after random damage is a datagram that encode can write") {
    std::mt19937 random(2);
    int taken = 0;
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = encode(random_packet(random));
        for (auto n = random() % 3; n > 0; --n) bytes[random() % bytes.size()] = static_cast<std::uint8_t>(random());
        const auto decoded = decode(bytes);
        if (!decoded) continue;
        ++taken;
        const auto again = decode(encode(*decoded));
        REQUIRE(again.has_value());
        check_equal(*again, *decoded);
    }
    CHECK(taken > 5'000);  // at least those that were not damaged
}

TEST_CASE("fragments, IP options and other protocols are refused even where all checksums are right") {
    // Each pair of edits keeps the header's sum: what one byte gains, another of the same half of a word loses.
    const Bytes good = encode(sample(4));
    REQUIRE(decode(good).has_value());
    Bytes fragment = good;
    fragment[6] = 0x20;  // more fragments in place of don't fragment
    fragment[8] = static_cast<std::uint8_t>(fragment[8] + 0x20);
    CHECK_FALSE(decode(fragment).has_value());
    Bytes hops = good;  // the same with a change that is allowed: identification up, time to live down
    hops[4] = 1;
    hops[8] = static_cast<std::uint8_t>(hops[8] - 1);
    CHECK(decode(hops).has_value());
    Bytes udp = good;
    udp[9] = 17;
    REQUIRE(udp[11] >= 11);
    udp[11] = static_cast<std::uint8_t>(udp[11] - 11);
    CHECK_FALSE(decode(udp).has_value());
}

TEST_CASE("reserved bits and ECN are ignored, as RFC 9293 3.1 asks of a receiver") {
    Bytes bytes = encode(sample(4));
    bytes[20 + 12] |= 1;  // a reserved bit weighs 0x0100 in the sum: take it out of the window
    bytes[20 + 14] = static_cast<std::uint8_t>(bytes[20 + 14] - 1);
    const auto decoded = decode(bytes);
    REQUIRE(decoded.has_value());
    CHECK(decoded->window == 4096 - 256);
    CHECK(decoded->fin);
}

TEST_CASE("addresses of the other family, long options and long payloads cannot be encoded") {
    TcpPacket packet = sample(4);
    packet.source = "2001:db8::1";
    CHECK_THROWS_WITH_AS(encode(packet), "'2001:db8::1' is not an IPv4 address", std::invalid_argument);
    packet = sample(6);
    packet.destination = "192.0.2.1";
    CHECK_THROWS_AS(encode(packet), std::invalid_argument);
    packet = sample(4);
    packet.ip = 5;
    CHECK_THROWS_AS(encode(packet), std::invalid_argument);
    packet = sample(4);
    packet.options.assign(41, 1);
    CHECK_THROWS_AS(encode(packet), std::invalid_argument);
    packet = sample(4);
    packet.options.clear();
    packet.payload.assign(65535 - 40, 0);
    CHECK(decode(encode(packet)).has_value());
    packet.payload.push_back(0);
    CHECK_THROWS_AS(encode(packet), std::invalid_argument);
}

TEST_CASE("options of a SYN") {
    CHECK(syn_options(1460, {}) == Bytes{2, 4, 0x05, 0xb4});
    CHECK(syn_options(1440, {"sack"}) == Bytes{2, 4, 0x05, 0xa0, 1, 1, 4, 2});
    CHECK(syn_options(536, {"sack", "timestamps", "window_scale"}).size() == 24);
    CHECK_THROWS_WITH_AS(syn_options(536, {"cookie"}), "unknown TCP option 'cookie'", std::invalid_argument);
    CHECK_THROWS_AS(syn_options(536, {"sack", "sack"}), std::invalid_argument);
    CHECK_THROWS_AS(syn_options(0, {}), std::invalid_argument);
    CHECK_THROWS_AS(syn_options(65536, {}), std::invalid_argument);
}
