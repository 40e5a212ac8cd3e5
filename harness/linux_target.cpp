// The target `linux`: the running kernel's TCP, spoken to through a TUN device, or a veth pair where there is none.
//
// Idea: a TUN write runs the kernel's receive path in the caller's context, so the kernel's immediate answer is
// readable when write() returns; a thousand connections then cost a thousand times 20 us and no sleeping. The IUT's
// side is a listening socket and the sockets accepted from it; its state is read by sock_diag, which sees orphans.
// Safety: all of it lives in a network namespace of this object's own (harness/netns.h); sysctls are written inside
// only.
#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>
#include <unordered_map>

#include "generators/socket_options.h"
#include "generators/wire.h"
#include "harness/app_socket.h"
#include "harness/netns.h"
#include "harness/rtnetlink.h"
#include "harness/sock_diag.h"
#include "harness/sysctls.h"
#include "harness/targets.h"
#include "harness/tun.h"
#include "harness/veth.h"

namespace lastack {
namespace {

constexpr std::uint16_t listen_port = 5001;
constexpr std::uint16_t first_own_port = 10'000, last_own_port = 60'000;  // of sockets that begin in CLOSED
constexpr int backlog = 16'384;
constexpr std::uint32_t device_queue = 20'000;  // the default of 500 drops when a thousand connections speak at once
constexpr std::int64_t ready_limit_us = 2'000'000;  // for an address to become usable
constexpr std::int64_t knock_interval_us = 1'000;
constexpr std::size_t read_at_most = 4096;  // packets in one wait(): the caller gets its turn under a flood

std::int64_t monotonic_us() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

// The thousand sockets of a run need descriptors; the hard limit is the most that may be had without a privilege.
void raise_descriptor_limit() {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
    limit.rlim_cur = limit.rlim_max;
    ::setrlimit(RLIMIT_NOFILE, &limit);
}

constexpr const char* device_name = "lastack0";

std::unique_ptr<PacketDevice> make_device(std::string& no_tun) {
    try {
        return std::make_unique<Tun>(device_name);
    } catch (const TargetUnavailable& reason) {
        no_tun = reason.what();
    }
    try {
        return std::make_unique<VethPair>(device_name);
    } catch (const TargetUnavailable& reason) {
        throw TargetUnavailable(fmt::format("{}; {}", no_tun, reason.what()));
    }
}

class LinuxTarget final : public Target {
public:
    LinuxTarget();
    std::string name() const override { return "linux"; }
    std::string description() const override { return description_; }
    Endpoints endpoints() const override { return ends_; }
    std::int64_t now_us() override { return monotonic_us() - start_us_; }
    std::vector<std::string> configure(const Setup& setup) override;
    void inject(const std::vector<std::uint8_t>& packet) override { device_->write(packet); }
    std::vector<Packet> wait(std::int64_t until_us) override;
    std::optional<Handle> accept(const Peer& peer) override;
    FreshSocket fresh_socket(const Peer& peer) override;
    bool shares_listeners() const override { return true; }
    std::optional<FreshSocket> own_listener(const Peer& peer, bool matters) override;
    std::string call(Handle handle, const std::string& call_name, int bytes) override;
    std::string returned(Handle handle) override { return socket(handle).returned(); }
    std::string observe(Handle handle) override { return socket(handle).observe(); }
    std::optional<std::string> state(const Peer& peer) override;
    void discard(Handle handle, const Peer& peer) override;

private:
    void quiet_ipv6();
    void set_base();
    void set_up_addresses();
    void forget_ipv6();
    bool answers(int ip);
    void listen_on(int ip);
    void accept_all();
    void accept_others(std::uint16_t port);
    void keep(Descriptor fresh, const sockaddr_storage& from);
    std::vector<Packet> read_now();
    ConnectionName name_of(const Peer& peer) const;
    AppSocket& socket(Handle handle) { return sockets_.at(handle); }

    std::int64_t start_us_ = monotonic_us();
    // The order matters: what is made in the namespace is taken down before the namespace is left.
    NetworkNamespace space_;
    NamespaceSysctls sysctls_{space_};
    std::string no_tun_;  // why there is none; empty where there is
    std::unique_ptr<PacketDevice> device_ = make_device(no_tun_);
    SockDiag diag_;
    Endpoints ends_;
    std::string description_;
    std::array<Descriptor, 2> listeners_;
    SocketOptions options_;                             // of the vectors at hand
    std::unordered_map<std::string, Handle> accepted_;  // not yet asked for, by the tester's address and port
    std::unordered_map<Handle, AppSocket> sockets_;
    std::vector<std::unique_ptr<BlockedCall>> leaving_;  // of runs that are over
    std::unordered_map<std::string, Handle> own_;  // those of the application's own, by the tester's address and port
    std::unordered_map<std::uint16_t, Handle> own_ports_;  // the same, by their ports
    std::uint16_t last_port_ = first_own_port;
    Handle next_handle_ = 0;
};

// The order: silence IPv6 before the device goes up, base settings before a socket is made, knock before listening.
LinuxTarget::LinuxTarget() {
    ends_ = {"192.0.2.1", "2001:db8::1", "198.51.100.1", "2001:db8:1::1", listen_port};
    raise_descriptor_limit();
    quiet_ipv6();
    set_base();
    set_up_addresses();
    if (!answers(4)) throw TargetUnavailable("the kernel does not answer a SYN that is written to the TUN device");
    listen_on(4);
    if (!ends_.iut6.empty() && !answers(6)) forget_ipv6();
    if (!ends_.iut6.empty()) listen_on(6);

    utsname system{};
    ::uname(&system);
    description_ = fmt::format("Linux {}, {} in a network namespace of its own{}{}{}", system.release,
                               no_tun_.empty() ? "TUN" : "veth and AF_PACKET",
                               space_.in_user_namespace() ? " (and a user namespace)" : "",
                               ends_.iut6.empty() ? ", IPv4 only" : "", no_tun_.empty() ? "" : ", not TUN: " + no_tun_);
}

// No packet of the kernel's own on the device: no duplicate address detection, no router solicitations, no
// link-local address. Where a sysctl is missing there is nothing to silence.
void LinuxTarget::quiet_ipv6() {
    for (const char* const device : {"default", "all", device_name}) {
        for (const auto& [name, value] : {std::pair{"disable_ipv6", "0"},
                                          {"accept_dad", "0"},
                                          {"router_solicitations", "0"},
                                          {"addr_gen_mode", "1"},
                                          {"accept_ra", "0"}})
            static_cast<void>(sysctls_.set(fmt::format("net.ipv6.conf.{}.{}", device, name), value));
    }
}

// Same conditions for every vector. Each of these may be missing or refused on some kernel without harm.
void LinuxTarget::set_base() {
    for (const auto& [name, value] : {std::pair{"net.ipv4.tcp_congestion_control", "reno"},
                                      {"net.ipv4.tcp_no_metrics_save", "1"},
                                      {"net.ipv4.tcp_retrans_collapse", "0"},
                                      {"net.ipv4.tcp_max_syn_backlog", "16384"},
                                      {"net.ipv4.tcp_syn_linear_timeouts", "0"},
                                      {"net.ipv4.tcp_challenge_ack_limit", "2147483647"},
                                      {"net.core.somaxconn", "16384"}})
        static_cast<void>(sysctls_.set(name, value));
    sysctls_.make_base();
}

void LinuxTarget::set_up_addresses() {
    constexpr int loopback = 1;
    RouteSocket route;
    route.link_up(loopback);
    route.set_queue_length(device_->index(), device_queue);
    route.link_up(device_->index());
    route.add_address(device_->index(), ends_.iut4, 32);
    route.add_route("198.51.100.0", 24, device_->index());
    try {
        route.add_address(device_->index(), ends_.iut6, 128);
        route.add_route("2001:db8:1::", 64, device_->index());
    } catch (const TargetUnavailable&) {  // a kernel without IPv6 can still be tested over IPv4
        forget_ipv6();
    }
}

void LinuxTarget::forget_ipv6() {
    ends_.iut6.clear();
    ends_.tester6.clear();
}

// An address is usable only some time after the kernel has taken it: it is made ready by a worker. So a port where
// nobody listens is knocked at until the reset comes.
bool LinuxTarget::answers(int ip) {
    TcpPacket knock;
    knock.ip = ip;
    knock.source = ip == 6 ? ends_.tester6 : ends_.tester4;
    knock.destination = ip == 6 ? ends_.iut6 : ends_.iut4;
    knock.source_port = knock.destination_port = 9;  // discard, RFC 863; testers' ports begin above it
    knock.syn = true;
    const std::int64_t give_up = now_us() + ready_limit_us;
    while (now_us() < give_up) {
        device_->write(encode(knock));
        for (const Packet& packet : wait(now_us() + knock_interval_us)) {
            const auto reply = decode(packet.bytes);
            if (reply && reply->rst && reply->ip == ip) return true;
        }
    }
    return false;
}

// One socket a family: a socket for both would report IPv4 testers by mapped addresses.
void LinuxTarget::listen_on(int ip) {
    const int family = ip == 6 ? AF_INET6 : AF_INET;
    Descriptor& listener = listeners_[ip == 6 ? 1 : 0];
    listener = Descriptor(::socket(family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(listener.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (ip == 6) ::setsockopt(listener.get(), IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on);
    int failed = 0;
    if (ip == 6) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_port = htons(listen_port);
        failed = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    } else {
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_port = htons(listen_port);
        failed = ::bind(listener.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address);
    }
    if (failed != 0 || ::listen(listener.get(), backlog) != 0)
        throw TargetUnavailable(
            fmt::format("IPv{} socket cannot listen on port {}: {}", ip, listen_port, std::strerror(errno)));
}

// Each group of vectors starts from the base: what an earlier group has set is taken back first.
std::vector<std::string> LinuxTarget::configure(const Setup& setup) {
    sysctls_.restore();
    std::vector<std::string> refused;
    for (const std::string& limit : setup.unproduced)
        refused.push_back(fmt::format("its system gives the limit '{}' a value that no settings make", limit));
    if (!refused.empty()) return refused;
    options_.clear();
    for (const auto& [name, value] : setup.settings) {
        const bool option = is_socket_option(name);
        std::string reason = option ? why_no_option(name, value) : sysctls_.set(name, value);
        if (!reason.empty()) {
            refused.push_back(std::move(reason));
        } else if (option) {
            const SocketOption one = socket_option(name, value);
            options_.emplace_back(one.name, std::stoi(one.value));
        }
    }
    return refused;
}

// Every packet gets the instant of its own read: a batch may take longer than a window's precision.
std::vector<Packet> LinuxTarget::read_now() {
    std::vector<Packet> packets;
    std::vector<std::uint8_t> datagram;
    while (packets.size() < read_at_most && device_->read(datagram)) packets.push_back({now_us(), datagram});
    return packets;
}

std::vector<Packet> LinuxTarget::wait(std::int64_t until_us) {
    std::vector<Packet> packets = read_now();
    const std::int64_t left = until_us - now_us();
    if (!packets.empty() || left <= 0) return packets;
    pollfd device{device_->descriptor(), POLLIN, 0};
    // The kernel lets poll() be late by a thousandth of its limit, up to 0.1 s (select_estimate_accuracy of
    // fs/select.c), so of a long wait the last part is one of its own. Here, and where a signal interrupts, the caller
    // comes back and asks again.
    const std::int64_t now = left - left / 500;
    const timespec limit{now / 1'000'000, now % 1'000'000 * 1000};
    if (::ppoll(&device, 1, &limit, nullptr) > 0) packets = read_now();
    return packets;
}

// Connections are matched by who opened them; the order of accept() says nothing when many are opened at once.
void LinuxTarget::accept_all() {
    for (const Descriptor& listener : listeners_) {
        while (listener.open()) {
            sockaddr_storage from{};
            socklen_t size = sizeof from;
            Descriptor fresh(
                ::accept4(listener.get(), reinterpret_cast<sockaddr*>(&from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
            if (!fresh.open()) {
                if (errno == EMFILE || errno == ENFILE)
                    throw std::system_error(errno, std::generic_category(), "accept4");
                break;
            }
            keep(std::move(fresh), from);
        }
    }
}

// Until its conversation asks for it.
void LinuxTarget::keep(Descriptor fresh, const sockaddr_storage& from) {
    const bool six = from.ss_family == AF_INET6;
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&from);
    const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&from);
    std::array<char, INET6_ADDRSTRLEN> text{};
    const void* address = six ? static_cast<const void*>(&v6->sin6_addr) : &v4->sin_addr;
    ::inet_ntop(from.ss_family, address, text.data(), text.size());
    accepted_[key_of(text.data(), ntohs(six ? v6->sin6_port : v4->sin_port))] = next_handle_;
    sockets_.emplace(next_handle_++, AppSocket(std::move(fresh), options_));
}

// What came to an application's own listener from others than its peer.
void LinuxTarget::accept_others(std::uint16_t port) {
    const auto own = own_ports_.find(port);
    if (own == own_ports_.end()) return;
    socket(own->second).take_child();
    for (AppSocket::Other& other : socket(own->second).take_others()) keep(std::move(other.socket), other.from);
}

std::optional<Handle> LinuxTarget::accept(const Peer& peer) {
    if (const auto own = own_.find(key_of(peer.address, peer.port)); own != own_.end())
        return socket(own->second).take_child() ? std::optional(own->second) : std::nullopt;
    peer.iut_port != 0 ? accept_others(peer.iut_port) : accept_all();
    const auto found = accepted_.find(key_of(peer.address, peer.port));
    if (found == accepted_.end()) return std::nullopt;
    const Handle handle = found->second;
    accepted_.erase(found);
    return handle;
}

// Each has a port of its own, so that each may have a listener.
FreshSocket LinuxTarget::fresh_socket(const Peer& peer) {
    SocketPlace place;
    place.size = peer.ip == 6 ? sizeof(sockaddr_in6) : sizeof(sockaddr_in);
    const auto put = [&](sockaddr_storage& into, const std::string& address, std::uint16_t port) {
        into.ss_family = peer.ip == 6 ? AF_INET6 : AF_INET;
        auto* v4 = reinterpret_cast<sockaddr_in*>(&into);
        auto* v6 = reinterpret_cast<sockaddr_in6*>(&into);
        (peer.ip == 6 ? v6->sin6_port : v4->sin_port) = htons(port);
        ::inet_pton(into.ss_family, address.c_str(), peer.ip == 6 ? static_cast<void*>(&v6->sin6_addr) : &v4->sin_addr);
    };
    last_port_ = last_port_ == last_own_port ? first_own_port : static_cast<std::uint16_t>(last_port_ + 1);
    put(place.local, peer.ip == 6 ? ends_.iut6 : ends_.iut4, last_port_);
    put(place.remote, peer.address, peer.port);
    sockets_.emplace(next_handle_, AppSocket(place, options_));
    own_[key_of(peer.address, peer.port)] = next_handle_;
    own_ports_[last_port_] = next_handle_;
    return {next_handle_++, last_port_};
}

std::optional<FreshSocket> LinuxTarget::own_listener(const Peer& peer, bool) {
    const FreshSocket fresh = fresh_socket(peer);
    if (const std::string result = socket(fresh.handle).call("listen", 0); result != "ok")
        throw std::runtime_error(fmt::format("cannot listen on port {}: {}", fresh.port, result));
    return fresh;
}

std::optional<std::string> LinuxTarget::state(const Peer& peer) {
    const auto own = own_.find(key_of(peer.address, peer.port));
    if (own == own_.end()) return diag_.state(name_of(peer));
    socket(own->second).take_child();
    const std::string state = diag_.state(name_of(peer), true);
    // A request whose listener is gone is answered by a reset as soon as anything comes for it (tcp_v4_rcv).
    return state == "SYN_RCVD" && socket(own->second).gave_up_listening() ? "CLOSED" : state;
}

std::string LinuxTarget::call(Handle handle, const std::string& call_name, int bytes) {
    return socket(handle).call(call_name, bytes);
}

ConnectionName LinuxTarget::name_of(const Peer& peer) const {
    return {peer.ip, peer.ip == 6 ? ends_.iut6 : ends_.iut4, peer.address,
            peer.iut_port != 0 ? peer.iut_port : listen_port, peer.port};
}

// First the kernel's end of it, whatever its state, then the descriptor: its close() then has nothing left to send.
void LinuxTarget::discard(Handle handle, const Peer& peer) {
    const auto found = sockets_.find(handle);
    if (own_.erase(key_of(peer.address, peer.port)) > 0) own_ports_.erase(peer.iut_port);
    const bool destroyed = diag_.destroy(name_of(peer));
    if (found == sockets_.end()) return;
    // A thread takes its time to end, and nobody waits for it here.
    std::erase_if(leaving_, [](const auto& call) { return !call->result().empty(); });
    if (auto call = found->second.leave_waiting()) leaving_.push_back(std::move(call));
    if (!destroyed) found->second.close_hard();
    sockets_.erase(found);
}

}  // namespace

std::unique_ptr<Target> make_linux_target() { return std::make_unique<LinuxTarget>(); }

}  // namespace lastack
