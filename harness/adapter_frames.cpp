#include "harness/adapter_frames.h"

#include <arpa/inet.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <functional>
#include <map>
#include <sstream>

namespace lastack {
namespace {

constexpr std::string_view types_of_adapters = "hrpasoceqtx";
constexpr std::size_t shrink_at = 65'536;  // bytes that were handed out and are kept in front of the rest
constexpr int most_connections = 100'000;

// A type as it may be shown to people.
std::string shown(char type) {
    if (type > ' ' && type <= '~') return fmt::format("'{}'", type);
    return fmt::format("0x{:02x}", static_cast<unsigned char>(type));
}

std::optional<int> whole_number(const std::string& text, int low, int high) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < low || value > high) return std::nullopt;
    return value;
}

bool is_address(const std::string& text, int family) {
    std::array<std::uint8_t, 16> bytes{};
    return ::inet_pton(family, text.c_str(), bytes.data()) == 1;
}

// Each key, and what it does with a value; false for one that it cannot have.
using Take = std::function<bool(AdapterHello&, const std::string&)>;

Take address_into(std::string Endpoints::*place, int family) {
    return [=](AdapterHello& hello, const std::string& value) {
        hello.ends.*place = value;
        return is_address(value, family);
    };
}

Take yes_into(bool Abilities::*place) {
    return [=](AdapterHello& hello, const std::string& value) {
        hello.abilities.*place = value == "yes";
        return value == "yes" || value == "no";
    };
}

Take number_into(const std::function<void(AdapterHello&, int)>& put, int high) {
    return [=](AdapterHello& hello, const std::string& value) {
        const auto number = whole_number(value, 1, high);
        if (number) put(hello, *number);
        return number.has_value();
    };
}

const std::map<std::string, Take>& keys() {
    static const std::map<std::string, Take> all = {
        {"name",
         [](AdapterHello& hello, const std::string& value) {
             hello.name = value;
             const auto printable = [](char c) { return static_cast<unsigned char>(c) >= ' ' && c != '\x7f'; };
             return !value.empty() && std::all_of(value.begin(), value.end(), printable);
         }},
        {"time",
         [](AdapterHello& hello, const std::string& value) {
             hello.virtual_time = value == "virtual";
             return value == "virtual" || value == "real";
         }},
        {"ip4", address_into(&Endpoints::iut4, AF_INET)},
        {"ip6", address_into(&Endpoints::iut6, AF_INET6)},
        {"tester4", address_into(&Endpoints::tester4, AF_INET)},
        {"tester6", address_into(&Endpoints::tester6, AF_INET6)},
        {"port",
         number_into([](AdapterHello& hello, int n) { hello.ends.port = static_cast<std::uint16_t>(n); }, 65'535)},
        {"connections", number_into([](AdapterHello& hello, int n) { hello.abilities.at_once = n; }, most_connections)},
        {"state", yes_into(&Abilities::states)},
        {"observe", yes_into(&Abilities::signals)},
        {"sockets", yes_into(&Abilities::begins_closed)},
        {"calls", [](AdapterHello& hello, const std::string& value) {
             std::istringstream words(value);
             hello.abilities.calls.emplace();
             for (std::string word; words >> word;) hello.abilities.calls->insert(word);
             return true;
         }}};
    return all;
}

}  // namespace

void put_frame(std::string& bytes, char type, std::string_view body) {
    put_number(bytes, 1 + body.size(), 4);
    bytes += type;
    bytes += body;
}

void put_number(std::string& body, std::uint64_t value, int bytes) {
    for (int i = bytes - 1; i >= 0; --i) body += static_cast<char>(value >> (8 * i));
}

std::uint64_t number_in(std::string_view body, std::size_t bytes) {
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < bytes; ++i)
        value = value << 8U | (i < body.size() ? static_cast<unsigned char>(body[i]) : 0U);
    return value;
}

void put_peer(std::string& body, const Peer& peer) {
    std::array<char, 16> address{};
    if (::inet_pton(peer.ip == 6 ? AF_INET6 : AF_INET, peer.address.c_str(), address.data()) != 1)
        throw std::invalid_argument("no address: " + peer.address);
    put_number(body, static_cast<std::uint64_t>(peer.ip), 1);
    put_number(body, peer.port, 2);
    body.append(address.data(), peer.ip == 6 ? 16 : 4);
}

std::optional<Frame> FrameReader::next() {
    const std::string_view rest = std::string_view(bytes_).substr(done_);
    if (rest.size() < 5) return std::nullopt;
    const std::uint64_t length = number_in(rest, 4);
    if (length == 0 || length > longest_frame)
        throw AdapterFault(
            fmt::format("the adapter sent a frame of {} bytes; frames have 1 to {}", length, longest_frame));
    const char type = rest[4];
    if (types_of_adapters.find(type) == std::string_view::npos)
        throw AdapterFault(fmt::format("the adapter sent a frame of type {}, which no adapter sends", shown(type)));
    if (rest.size() < 4 + length) return std::nullopt;
    Frame frame{type, std::string(rest.substr(5, length - 1))};
    done_ += 4 + length;
    if (done_ >= shrink_at) {
        bytes_.erase(0, done_);
        done_ = 0;
    }
    return frame;
}

AdapterHello hello_in(std::string_view body) {
    AdapterHello hello;
    if (body.size() < 2) throw AdapterFault("the adapter's answer to HELLO has no version");
    hello.version = static_cast<int>(number_in(body, 2));
    if (hello.version != adapter_protocol)
        throw AdapterFault(fmt::format("the adapter speaks version {} of the protocol; this is version {}",
                                       hello.version, adapter_protocol));
    std::istringstream lines{std::string(body.substr(2))};
    std::set<std::string> given;
    for (std::string line; std::getline(lines, line);) {
        if (line.empty()) continue;
        const std::size_t equal = line.find('=');
        if (equal == std::string::npos)
            throw AdapterFault(fmt::format("the adapter's answer to HELLO has a line without =: {:?}", line));
        const std::string key = line.substr(0, equal), value = line.substr(equal + 1);
        const auto known = keys().find(key);
        if (known == keys().end()) continue;
        given.insert(key);
        if (!known->second(hello, value))
            throw AdapterFault(fmt::format("the adapter's capability {} cannot be {:?}", key, value));
    }
    for (const char* const needed : {"time", "port"})
        if (!given.contains(needed)) throw AdapterFault(fmt::format("the adapter does not say '{}'", needed));
    const auto pair = [&](const char* ours, const char* testers) {
        return given.contains(ours) == given.contains(testers);
    };
    if (!pair("ip4", "tester4") || !pair("ip6", "tester6") || (!given.contains("ip4") && !given.contains("ip6")))
        throw AdapterFault("the adapter needs ip4 and tester4, or ip6 and tester6, or all of them");
    return hello;
}

}  // namespace lastack
