// What all targets share: giving out tester addresses, each pair of address and port once.
#include "harness/target.h"

#include <arpa/inet.h>

#include <array>

namespace lastack {
namespace {

constexpr std::uint32_t first_port = 1024;
constexpr std::uint32_t ports = 64'000;
constexpr std::uint32_t addresses = 200;

// `text` plus `offset` in its last byte; the first address is low enough that no carry is needed.
std::string address_plus(const std::string& text, std::uint32_t offset) {
    const int family = text.find(':') == std::string::npos ? AF_INET : AF_INET6;
    std::array<std::uint8_t, 16> bytes{};
    std::array<char, INET6_ADDRSTRLEN> out{};
    ::inet_pton(family, text.c_str(), bytes.data());
    std::uint8_t& last = bytes[family == AF_INET ? 3 : 15];
    last = static_cast<std::uint8_t>(last + offset);
    ::inet_ntop(family, bytes.data(), out.data(), out.size());
    return out.data();
}

}  // namespace

std::string key_of(const std::string& address, std::uint16_t port) { return address + '#' + std::to_string(port); }

Peer Target::fresh_peer(int ip) {
    std::uint32_t& given = given_[ip == 6 ? 1 : 0];
    if (given >= addresses * ports) throw std::runtime_error("all tester addresses and ports have been used");
    const Endpoints ends = endpoints();
    Peer peer{ip, address_plus(ip == 6 ? ends.tester6 : ends.tester4, given / ports),
              static_cast<std::uint16_t>(first_port + given % ports)};
    ++given;
    return peer;
}

}  // namespace lastack
