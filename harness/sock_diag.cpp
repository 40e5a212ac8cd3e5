// Exact lookups, never a dump: a dump costs milliseconds at a thousand connections.
//
// An exact lookup of a connection that is gone finds the listening socket instead, so LISTEN means CLOSED here. For
// the same reason destroy() names the socket by its cookie: without it, a connection that ends between question and
// order would take the listening socket with it. TIME-WAIT sockets that stand in for FIN-WAIT-2 report FIN-WAIT-2.
#include "harness/sock_diag.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <linux/inet_diag.h>
#include <linux/netlink.h>
#include <linux/sock_diag.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <sys/time.h>

#include <cerrno>
#include <cstring>
#include <system_error>

#include "harness/target.h"

namespace lastack {
namespace {

struct DiagRequest {
    nlmsghdr header;
    inet_diag_req_v2 body;
};

// A connection request lives in a small socket of its own until the handshake is done.
constexpr int new_syn_received = 12;  // TCP_NEW_SYN_RECV, which <netinet/tcp.h> does not know

const char* name_of(int state) {
    switch (state) {
        case TCP_LISTEN: return "LISTEN";
        case TCP_ESTABLISHED: return "ESTABLISHED";
        case TCP_SYN_SENT: return "SYN_SENT";
        case TCP_SYN_RECV:
        case new_syn_received: return "SYN_RCVD";
        case TCP_FIN_WAIT1: return "FIN_WAIT_1";
        case TCP_FIN_WAIT2: return "FIN_WAIT_2";
        case TCP_TIME_WAIT: return "TIME_WAIT";
        case TCP_CLOSE_WAIT: return "CLOSE_WAIT";
        case TCP_LAST_ACK: return "LAST_ACK";
        case TCP_CLOSING: return "CLOSING";
        default: return "CLOSED";
    }
}

}  // namespace

SockDiag::SockDiag() : socket_(::socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_SOCK_DIAG)) {
    if (!socket_.open()) throw TargetUnavailable(fmt::format("socket(NETLINK_SOCK_DIAG): {}", std::strerror(errno)));
    // The kernel answers before send() returns; the limit is only against a hang should it not answer at all.
    const timeval limit{1, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
}

std::string SockDiag::state(const ConnectionName& name, bool listeners) {
    const auto found = find(name, listeners);
    return found ? name_of(found->state) : "CLOSED";
}

bool SockDiag::destroy(const ConnectionName& name) {
    const auto found = find(name, false);
    if (!found) return true;
    return ask(SOCK_DESTROY, name, found->cookie, nullptr) != EOPNOTSUPP;
}

std::optional<SockDiag::Found> SockDiag::find(const ConnectionName& name, bool listeners) {
    Found found;
    const int error = ask(SOCK_DIAG_BY_FAMILY, name, {INET_DIAG_NOCOOKIE, INET_DIAG_NOCOOKIE}, &found);
    if (error == ENOENT || (error == 0 && found.state == TCP_LISTEN && !listeners)) return std::nullopt;
    if (error != 0) throw std::system_error(error, std::generic_category(), "sock_diag");
    return found;
}

// Returns an errno, 0 for success; fills `found` where the answer carries a socket.
int SockDiag::ask(std::uint16_t type, const ConnectionName& name, const std::array<std::uint32_t, 2>& cookie,
                  Found* found) {
    DiagRequest request{};
    request.header.nlmsg_len = sizeof request;
    request.header.nlmsg_type = type;
    request.header.nlmsg_flags = static_cast<std::uint16_t>(NLM_F_REQUEST | (found == nullptr ? NLM_F_ACK : 0));
    request.header.nlmsg_seq = ++sequence_;
    const int family = name.ip == 6 ? AF_INET6 : AF_INET;
    request.body.sdiag_family = static_cast<std::uint8_t>(family);
    request.body.sdiag_protocol = IPPROTO_TCP;
    request.body.idiag_states = ~0U;
    request.body.id.idiag_sport = htons(name.local_port);
    request.body.id.idiag_dport = htons(name.remote_port);
    request.body.id.idiag_cookie[0] = cookie[0];
    request.body.id.idiag_cookie[1] = cookie[1];
    ::inet_pton(family, name.local.c_str(), request.body.id.idiag_src);
    ::inet_pton(family, name.remote.c_str(), request.body.id.idiag_dst);
    if (::send(socket_.get(), &request, sizeof request, 0) < 0) return errno;

    alignas(nlmsghdr) std::array<char, 8192> answer;  // as far as recv() fills it
    for (;;) {
        const ssize_t length = ::recv(socket_.get(), answer.data(), answer.size(), 0);
        if (length < static_cast<ssize_t>(NLMSG_HDRLEN)) return length < 0 ? errno : EIO;
        nlmsghdr header{};
        std::memcpy(&header, answer.data(), sizeof header);
        // Only after a timeout can there be one.
        if (header.nlmsg_seq != sequence_) continue;  // a late answer to an earlier question
        if (header.nlmsg_type == NLMSG_ERROR) {
            nlmsgerr verdict{};
            std::memcpy(&verdict, answer.data() + NLMSG_HDRLEN, sizeof verdict);
            return -verdict.error;
        }
        inet_diag_msg message{};
        std::memcpy(&message, answer.data() + NLMSG_HDRLEN, sizeof message);
        if (found != nullptr) *found = {message.idiag_state, {message.id.idiag_cookie[0], message.id.idiag_cookie[1]}};
        return 0;
    }
}

}  // namespace lastack
