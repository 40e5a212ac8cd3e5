// Frames of every link layer that is read, and what is not whole.
#include "harness/frames.h"

#include <doctest/doctest.h>

#include <initializer_list>

#include "tests/harness/seen.h"

using namespace lastack;

namespace {

using Bytes = std::vector<std::uint8_t>;

const hand::Sent fin{'A', "FA", 59, 227, 10};

Bytes joined(const Bytes& before, const Bytes& datagram) {
    Bytes all = before;
    all.insert(all.end(), datagram.begin(), datagram.end());
    return all;
}

Bytes zeros(std::size_t count, std::initializer_list<int> rest) {
    Bytes bytes(count);
    for (const int byte : rest) bytes.push_back(static_cast<std::uint8_t>(byte));
    return bytes;
}

FrameContent read(int link_type, const Bytes& frame, SeenSegment& seen, std::size_t captured = ~std::size_t{0}) {
    const std::span<const std::uint8_t> whole(frame);
    return read_frame(link_type, whole.first(std::min(captured, frame.size())),
                      static_cast<std::uint32_t>(frame.size()), seen);
}

void check_fin(int link_type, const Bytes& header, int ip = 4) {
    CAPTURE(link_type);
    SeenSegment seen;
    REQUIRE(read(link_type, joined(header, hand::datagram_of(fin, ip)), seen) == FrameContent::tcp);
    CHECK(to_string(seen.source) == (ip == 4 ? "192.0.2.1:40000" : "[2001:db8::1]:40000"));
    CHECK(to_string(seen.destination) == (ip == 4 ? "198.51.100.7:80" : "[2001:db8::7]:80"));
    CHECK(seen.seq == 1059);
    CHECK(seen.ack == 5227);
    CHECK(seen.length == 10);
    CHECK(seen.fin);
    CHECK(seen.has_ack);
    CHECK_FALSE(seen.syn);
}

}  // namespace

TEST_CASE("a segment is found behind the header of each link layer") {
    check_fin(1, zeros(12, {8, 0}));                                                         // Ethernet
    check_fin(1, zeros(12, {0x86, 0xdd}), 6);                                                // with IPv6
    check_fin(1, zeros(12, {0x81, 0, 0, 5, 8, 0}));                                          // VLAN
    check_fin(1, zeros(12, {0x88, 0xa8, 0, 7, 0x81, 0, 0, 5, 8, 0}));                        // QinQ
    check_fin(1, zeros(12, {0x88, 0x64, 0x11, 0, 0, 1, 0, 0, 0, 0x21}));                     // PPPoE
    check_fin(9, zeros(0, {0xff, 3, 0, 0x21}));                                              // PPP
    check_fin(113, zeros(14, {8, 0}));                                                       // SLL
    check_fin(276, zeros(0, {8, 0, 0, 0, 0, 0, 0, 1, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 0}));  // SLL2
    check_fin(0, zeros(0, {2, 0, 0, 0}));      // null, of a little-endian machine
    check_fin(0, zeros(0, {0, 0, 0, 30}), 6);  // of a big-endian one
    check_fin(108, zeros(0, {0, 0, 0, 2}));    // loop
    for (const int raw : {12, 14, 101}) check_fin(raw, {});
    check_fin(228, {});
    check_fin(229, {}, 6);
    for (const int known : {0, 1, 9, 12, 14, 101, 108, 113, 228, 229, 276}) CHECK(knows_link_type(known));
    CHECK_FALSE(knows_link_type(105));  // 802.11
}

TEST_CASE("the padding of a short frame is no text") {
    Bytes frame = joined(zeros(12, {8, 0}), hand::datagram_of({'B', "A", 1, 1}));
    frame.resize(frame.size() + 6);
    SeenSegment seen;
    REQUIRE(read(1, frame, seen) == FrameContent::tcp);
    CHECK(seen.length == 0);
}

TEST_CASE("of a frame that the snapshot length cuts the length of the text is still known") {
    const Bytes frame = hand::datagram_of({'A', "A", 1, 1, 1000});
    SeenSegment seen;
    CHECK(read(101, frame, seen, 40) == FrameContent::tcp);
    CHECK(seen.length == 1000);
    for (const std::size_t kept : {0, 1, 19, 20, 39}) CHECK(read(101, frame, seen, kept) == FrameContent::cut);
}

TEST_CASE("extension headers of IPv6 are passed over") {
    const Bytes plain = hand::datagram_of(fin, 6);
    Bytes extended(plain.begin(), plain.begin() + 40);
    extended[6] = 0;
    extended[5] = static_cast<std::uint8_t>(extended[5] + 8 + 16 + 8);
    const Bytes headers = zeros(0, {60, 0, 0, 0, 0, 0, 0, 0,                          // hop-by-hop
                                    44, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0,  // destination options, longer
                                    6,  0, 0, 1, 0, 0, 0, 9});                        // the first fragment
    extended.insert(extended.end(), headers.begin(), headers.end());
    extended.insert(extended.end(), plain.begin() + 40, plain.end());
    SeenSegment seen;
    CHECK(read(101, extended, seen) == FrameContent::tcp);
    CHECK(seen.length == 10);
    extended[40 + 24 + 2] = 1;  // another fragment
    CHECK(read(101, extended, seen) == FrameContent::fragment);
}

TEST_CASE("what is no whole TCP over IP is told apart") {
    SeenSegment seen;
    Bytes frame = hand::datagram_of(fin);
    frame[7] = 1;  // a later fragment
    CHECK(read(101, frame, seen) == FrameContent::fragment);
    frame = hand::datagram_of(fin);
    frame[9] = 17;
    CHECK(read(101, frame, seen) == FrameContent::other);
    frame = hand::datagram_of(fin);
    frame[3] = 200;  // longer than the frame
    CHECK(read(101, frame, seen) == FrameContent::damaged);
    frame = hand::datagram_of(fin);
    frame[32] = 0x40;  // a TCP header of 16 bytes
    CHECK(read(101, frame, seen) == FrameContent::damaged);
    CHECK(read(1, zeros(12, {8, 6, 0, 1}), seen) == FrameContent::other);  // ARP
    CHECK(read(1, zeros(5, {}), seen) == FrameContent::cut);
}
