// A few requests, each acknowledged by the kernel before the next one is made.
#include "harness/rtnetlink.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/if_addr.h>
#include <linux/if_link.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <net/if.h>
#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "harness/target.h"

namespace lastack {

// A netlink message in the making: header, one fixed body, attributes.
class RouteSocket::Request {
public:
    template <class Body>
    Request(std::uint16_t type, std::uint16_t flags, const Body& body) {
        nlmsghdr header{};
        header.nlmsg_type = type;
        header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | NLM_F_ACK | flags);
        append(&header, sizeof header);
        append(&body, sizeof body);
    }

    void attribute(std::uint16_t type, const void* data, std::size_t size) {
        rtattr head{};
        head.rta_type = type;
        head.rta_len = static_cast<std::uint16_t>(RTA_LENGTH(size));
        append(&head, sizeof head);
        append(data, size);
    }

    // An attribute that has others, or a body, inside: all that comes until it is closed.
    std::size_t open(std::uint16_t type) {
        const std::size_t at = used_;
        attribute(type, nullptr, 0);
        return at;
    }
    template <class Body>
    void put(const Body& body) {
        append(&body, sizeof body);
    }
    void close(std::size_t at) {
        const auto length = static_cast<std::uint16_t>(used_ - at);
        std::memcpy(bytes_.data() + at + offsetof(rtattr, rta_len), &length, sizeof length);
    }
    void name(std::uint16_t type, const std::string& text) { attribute(type, text.c_str(), text.size() + 1); }

    const void* data() {
        const auto length = static_cast<std::uint32_t>(used_);
        std::memcpy(bytes_.data() + offsetof(nlmsghdr, nlmsg_len), &length, sizeof length);
        return bytes_.data();
    }
    std::size_t size() const { return used_; }

private:
    void append(const void* data, std::size_t size) {
        if (size > 0) std::memcpy(bytes_.data() + used_, data, size);
        used_ += NLMSG_ALIGN(size);
    }
    std::array<char, 256> bytes_{};  // enough for each message below
    std::size_t used_ = 0;
};

namespace {

struct Address {
    std::uint8_t family = 0;
    std::size_t size = 0;
    std::array<std::uint8_t, 16> bytes{};
};

Address parse(const std::string& text) {
    Address address;
    const bool six = text.find(':') != std::string::npos;
    address.family = six ? AF_INET6 : AF_INET;
    address.size = six ? 16 : 4;
    if (::inet_pton(address.family, text.c_str(), address.bytes.data()) != 1)
        throw TargetUnavailable("not an address: " + text);
    return address;
}

}  // namespace

RouteSocket::RouteSocket() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE)) {
    if (!socket_.open()) throw TargetUnavailable(fmt::format("socket(NETLINK_ROUTE): {}", std::strerror(errno)));
}

void RouteSocket::link_up(int index) {
    ifinfomsg body{};
    body.ifi_family = AF_UNSPEC;
    body.ifi_index = index;
    body.ifi_flags = IFF_UP;
    body.ifi_change = IFF_UP;
    Request request(RTM_NEWLINK, 0, body);
    talk(request, fmt::format("link {} up", index));
}

void RouteSocket::add_veth_pair(const std::string& name, const std::string& peer) {
    ifinfomsg body{};
    body.ifi_family = AF_UNSPEC;
    Request request(RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL, body);
    request.name(IFLA_IFNAME, name);
    const std::size_t info = request.open(IFLA_LINKINFO);
    request.name(IFLA_INFO_KIND, "veth");
    const std::size_t data = request.open(IFLA_INFO_DATA);
    const std::size_t other = request.open(VETH_INFO_PEER);
    request.put(body);
    request.name(IFLA_IFNAME, peer);
    for (const std::size_t at : {other, data, info}) request.close(at);
    talk(request, fmt::format("a pair of virtual devices {} and {}", name, peer));
}

void RouteSocket::remove_link(int index) {
    ifinfomsg body{};
    body.ifi_family = AF_UNSPEC;
    body.ifi_index = index;
    Request request(RTM_DELLINK, 0, body);
    talk(request, fmt::format("link {} away", index));
}

void RouteSocket::set_queue_length(int index, std::uint32_t packets) {
    ifinfomsg body{};
    body.ifi_family = AF_UNSPEC;
    body.ifi_index = index;
    Request request(RTM_NEWLINK, 0, body);
    request.attribute(IFLA_TXQLEN, &packets, sizeof packets);
    talk(request, fmt::format("queue length of link {}", index));
}

void RouteSocket::add_address(int index, const std::string& text, int prefix) {
    const Address address = parse(text);
    ifaddrmsg body{};
    body.ifa_family = address.family;
    body.ifa_prefixlen = static_cast<std::uint8_t>(prefix);
    body.ifa_flags = address.family == AF_INET6 ? IFA_F_NODAD : 0;
    body.ifa_index = static_cast<std::uint32_t>(index);
    Request request(RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, body);
    request.attribute(IFA_LOCAL, address.bytes.data(), address.size);
    request.attribute(IFA_ADDRESS, address.bytes.data(), address.size);
    talk(request, "address " + text);
}

void RouteSocket::add_route(const std::string& network, int prefix, int index) {
    const Address address = parse(network);
    rtmsg body{};
    body.rtm_family = address.family;
    body.rtm_dst_len = static_cast<std::uint8_t>(prefix);
    body.rtm_table = RT_TABLE_MAIN;
    body.rtm_protocol = RTPROT_STATIC;
    body.rtm_scope = RT_SCOPE_LINK;
    body.rtm_type = RTN_UNICAST;
    Request request(RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, body);
    request.attribute(RTA_DST, address.bytes.data(), address.size);
    request.attribute(RTA_OIF, &index, sizeof index);
    talk(request, fmt::format("route {}/{}", network, prefix));
}

void RouteSocket::talk(Request& request, const std::string& what) {
    std::array<char, 4096> answer{};
    ssize_t length = ::send(socket_.get(), request.data(), request.size(), 0);
    if (length >= 0) length = ::recv(socket_.get(), answer.data(), answer.size(), 0);
    if (length < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr))))
        throw TargetUnavailable(fmt::format("rtnetlink, {}: {}", what, std::strerror(errno)));
    nlmsgerr verdict{};
    std::memcpy(&verdict, answer.data() + NLMSG_HDRLEN, sizeof verdict);
    if (verdict.error != 0)
        throw TargetUnavailable(fmt::format("rtnetlink, {}: {}", what, std::strerror(-verdict.error)));
}

}  // namespace lastack
