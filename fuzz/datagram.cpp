#include <array>
#include <cstdint>

#include "fuzz/readers.h"
#include "generators/wire.h"

namespace lastack::fuzz {

namespace {

using Bytes = std::vector<std::uint8_t>;

// RFC 1071, of the bytes from `begin` to `end`, added to `sum`.
std::uint32_t summed(const Bytes& bytes, std::size_t begin, std::size_t end, std::uint32_t sum) {
    for (std::size_t i = begin; i < end; ++i) sum += i % 2 == begin % 2 ? std::uint32_t{bytes[i]} << 8 : bytes[i];
    return sum;
}

void put_checksum(Bytes& bytes, std::size_t at, std::uint32_t sum) {
    while (sum > 0xffff) sum = (sum & 0xffff) + (sum >> 16);
    bytes[at] = static_cast<std::uint8_t>(~sum >> 8);
    bytes[at + 1] = static_cast<std::uint8_t>(~sum);
}

// A mutation seldom has right checksums, and a decoder that refuses them all is never looked into. Headers are taken
// for plain ones (RFC 791 without options, RFC 8200 without extensions).
Bytes with_right_checksums(Bytes bytes) {
    if (bytes.empty()) return bytes;
    const bool v4 = bytes[0] >> 4 == 4;
    const std::size_t header = v4 ? 20 : 40, addresses = v4 ? 12 : 8;
    if (bytes.size() < header + 20) return bytes;
    if (v4) {
        bytes[10] = bytes[11] = 0;
        put_checksum(bytes, 10, summed(bytes, 0, header, 0));
    }
    bytes[header + 16] = bytes[header + 17] = 0;
    const auto length = static_cast<std::uint32_t>(bytes.size() - header);
    const std::uint32_t pseudo = summed(bytes, addresses, header, 6 + (length >> 16) + (length & 0xffff));
    put_checksum(bytes, header + 16, summed(bytes, header, bytes.size(), pseudo));
    return bytes;
}

bool same(const TcpPacket& a, const TcpPacket& b) {
    const auto flags = [](const TcpPacket& p) { return std::array{p.fin, p.syn, p.rst, p.psh, p.has_ack, p.urg}; };
    return a.ip == b.ip && a.source == b.source && a.destination == b.destination && a.source_port == b.source_port &&
           a.destination_port == b.destination_port && a.seq == b.seq && a.ack == b.ack && flags(a) == flags(b) &&
           a.window == b.window && a.options == b.options && a.payload == b.payload;
}

void decode_and_encode(const Bytes& datagram) {
    const auto packet = decode(datagram);
    if (!packet) return;
    const auto again = decode(encode(*packet));
    if (!again) contradiction("a packet that was encoded cannot be decoded");
    if (!same(*packet, *again)) contradiction("a packet that was encoded is another one");
}

}  // namespace

void read_datagram(std::string_view bytes) {
    const Bytes datagram(bytes.begin(), bytes.end());
    decode_and_encode(datagram);
    decode_and_encode(with_right_checksums(datagram));
}

}  // namespace lastack::fuzz
