// Two ends of real connections, both this machine's kernel, over a path that loses, doubles, delays and is captured:
// for tests and measures of `judge`.
//
// One network namespace, one TUN device. What the kernel sends to 10.9.0.2 comes out of the device; with both addresses
// exchanged it goes in again, so that the kernel takes it for a segment from 10.9.0.2 (the checksum stays right). In
// the capture the client is 10.9.0.1 and the server 10.9.0.2. The capture point lies in the middle: a segment can be
// lost before it, behind it, or be held back on either side, some milliseconds. Everything is driven by one thread;
// times are real. Where this thread has to wait for a processor, what was held back passes at the moment that was
// meant, and before what was sent later: else a busy machine is a path that reorders by half a second.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <deque>
#include <random>
#include <string>
#include <vector>

#include "harness/netns.h"
#include "harness/rtnetlink.h"
#include "harness/tun.h"

namespace hand {

using Bytes = std::vector<std::uint8_t>;

// Classic pcap with microseconds, in the byte order of this machine.
class PcapText {
public:
    explicit PcapText(std::uint32_t link_type = 101) {
        for (const std::uint32_t word : {0xa1b2c3d4U, 0x00040002U, 0U, 0U, 262144U, link_type}) put(word);
    }
    void add(std::int64_t at_us, const Bytes& frame, std::uint32_t cut = ~0U) {
        const auto length = static_cast<std::uint32_t>(frame.size());
        const std::uint32_t kept = std::min(cut, length);
        put(static_cast<std::uint32_t>(at_us / 1'000'000));
        put(static_cast<std::uint32_t>(at_us % 1'000'000));
        put(kept);
        put(length);
        text_.append(reinterpret_cast<const char*>(frame.data()), kept);
    }
    const std::string& text() const { return text_; }

private:
    void put(std::uint32_t word) { text_.append(reinterpret_cast<const char*>(&word), sizeof word); }
    std::string text_;
};

struct PathOptions {
    unsigned seed = 1;
    double lost_before = 0, lost_behind = 0, doubled = 0, held = 0;
    int connections = 20;
    int action_ms = 600;  // within which each end does what it does
    int whole_ms = 1500;
};

// Connections whose ends do something at random, at random moments. Must run in a namespace of its own.
class LossyPath {
public:
    explicit LossyPath(const PathOptions& options) : options_(options), dice_(options.seed), tun_("lastack-path") {
        lastack::RouteSocket route;
        route.link_up(tun_.index());
        route.set_queue_length(tun_.index(), 10'000);
        route.add_address(tun_.index(), "10.9.0.1", 32);
        route.add_route("10.9.0.2", 32, tun_.index());
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
        sockaddr_in here = address("10.9.0.1");
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&here), sizeof here) != 0 || ::listen(listener_, 4096) != 0)
            throw std::runtime_error("no listener");
        began_ = std::chrono::steady_clock::now();
    }
    ~LossyPath() {
        for (End& end : ends_)
            if (end.socket >= 0) ::close(end.socket);
        ::close(listener_);
    }
    LossyPath(const LossyPath&) = delete;
    LossyPath& operator=(const LossyPath&) = delete;

    // The capture of all connections, made in the middle.
    std::string run() {
        for (int i = 0; i < options_.connections; ++i) plan(i);
        std::sort(plans_.begin(), plans_.end(), [](const Plan& a, const Plan& b) { return a.at_us < b.at_us; });
        std::size_t next = 0;
        while (now_us() < options_.whole_ms * 1000) {
            for (; next < plans_.size() && plans_[next].at_us <= now_us(); ++next) act(plans_[next]);
            accept_all();
            pump();
            struct pollfd wait = {tun_.descriptor(), POLLIN, 0};
            ::poll(&wait, 1, 1);
        }
        return capture_.text();
    }

private:
    enum class What { connect, send, much, read, close, shutdown, abort };
    struct Plan {
        std::int64_t at_us = 0;
        int connection = 0, end = 0;  // 0: the client
        What what = What::connect;
    };
    struct End {
        int socket = -1;
    };
    struct Held {
        std::int64_t until_us = 0;
        bool captured = false;
        Bytes datagram;
    };

    static sockaddr_in address(const char* text) {
        sockaddr_in made{};
        made.sin_family = AF_INET;
        made.sin_port = htons(port);
        ::inet_pton(AF_INET, text, &made.sin_addr);
        return made;
    }
    std::int64_t now_us() const {
        return std::chrono::duration_cast<std::chrono::microseconds>(std::chrono::steady_clock::now() - began_).count();
    }
    int roll(int sides) { return std::uniform_int_distribution<int>(0, sides - 1)(dice_); }
    bool happens(double chance) { return std::uniform_real_distribution<double>(0, 1)(dice_) < chance; }

    // Each end sends and reads a little and then ends in one way or another, or does nothing to the end.
    void plan(int connection) {
        ends_.resize(2 * static_cast<std::size_t>(options_.connections));
        const std::int64_t start = roll(options_.action_ms * 300);
        plans_.push_back({start, connection, 0, What::connect});
        for (int end = 0; end < 2; ++end) {
            const auto later = [&] { return start + 20'000 + roll(options_.action_ms * 600); };
            for (int i = roll(3); i > 0; --i) plans_.push_back({later(), connection, end, What::send});
            if (roll(5) == 0) plans_.push_back({later(), connection, end, What::much});
            for (int i = roll(3); i > 0; --i) plans_.push_back({later(), connection, end, What::read});
            const int how = roll(10);
            if (how < 6) plans_.push_back({later(), connection, end, What::close});
            if (how >= 6 && how < 9) {
                const std::int64_t first = later();
                plans_.push_back({first, connection, end, What::shutdown});
                plans_.push_back({first + roll(100'000), connection, end, What::read});
                plans_.push_back({first + 100'000 + roll(100'000), connection, end, What::close});
            }
            if (how == 9) plans_.push_back({later(), connection, end, What::abort});
        }
    }

    void act(const Plan& plan) {
        End& end = ends_[2 * static_cast<std::size_t>(plan.connection) + static_cast<std::size_t>(plan.end)];
        if (plan.what == What::connect) {
            end.socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
            sockaddr_in from = address("10.9.0.1"), to = address("10.9.0.2");
            from.sin_port = htons(static_cast<std::uint16_t>(first_client + plan.connection));
            if (::bind(end.socket, reinterpret_cast<sockaddr*>(&from), sizeof from) != 0)
                throw std::runtime_error("no port for a client");
            static_cast<void>(!::connect(end.socket, reinterpret_cast<sockaddr*>(&to), sizeof to));
            return;
        }
        if (end.socket < 0) return;
        static const Bytes text(30'000, 'x');
        Bytes buffer(100'000);
        const linger at_once{1, 0};
        switch (plan.what) {
            case What::send: static_cast<void>(!::send(end.socket, text.data(), 300, MSG_NOSIGNAL)); break;
            case What::much: static_cast<void>(!::send(end.socket, text.data(), text.size(), MSG_NOSIGNAL)); break;
            case What::read: static_cast<void>(!::recv(end.socket, buffer.data(), buffer.size(), 0)); break;
            case What::shutdown: ::shutdown(end.socket, SHUT_WR); break;
            case What::abort:
                ::setsockopt(end.socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
                [[fallthrough]];
            default: ::close(end.socket); end.socket = -1;
        }
    }

    void accept_all() {
        sockaddr_in from{};
        socklen_t size = sizeof from;
        for (int one = 0; (one = ::accept4(listener_, reinterpret_cast<sockaddr*>(&from), &size,
                                           SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0;) {
            ends_[2 * static_cast<std::size_t>(ntohs(from.sin_port) - first_client) + 1].socket = one;
            size = sizeof from;
        }
    }

    void pump() {
        Bytes datagram;
        for (;;) {
            let_go();
            if (!tun_.read(datagram)) return;
            if (datagram.size() < 40 || datagram[0] != 0x45 || datagram[9] != 6) continue;
            if (happens(options_.lost_before)) continue;
            if (happens(options_.held))
                held_.push_back({now_us() + 1000 + roll(8000), false, datagram});
            else
                pass(datagram, now_us());
        }
    }

    // Those whose time is over, in the order of their times.
    void let_go() {
        for (;;) {
            const auto first = std::min_element(held_.begin(), held_.end(),
                                                [](const Held& a, const Held& b) { return a.until_us < b.until_us; });
            if (first == held_.end() || first->until_us > now_us()) return;
            const Held one = *first;
            held_.erase(first);
            if (one.captured)
                tun_.write(one.datagram);
            else
                pass(one.datagram, one.until_us);
        }
    }

    // At the capture point, and on from there.
    void pass(Bytes datagram, std::int64_t at_us) {
        captured_us_ = std::max(captured_us_, at_us);
        const bool from_server = (datagram[20] << 8 | datagram[21]) == port;
        Bytes exchanged = datagram;
        std::swap_ranges(exchanged.begin() + 12, exchanged.begin() + 16, exchanged.begin() + 16);
        capture_.add(1'700'000'000'000'000 + captured_us_, from_server ? exchanged : datagram);
        if (happens(options_.lost_behind)) return;
        const int copies = happens(options_.doubled) ? 2 : 1;
        for (int i = 0; i < copies; ++i) {
            if (happens(options_.held))
                held_.push_back({now_us() + 1000 + roll(8000), true, exchanged});
            else
                tun_.write(exchanged);
        }
    }

    static constexpr std::uint16_t port = 4000;
    static constexpr int first_client = 20'000;
    PathOptions options_;
    std::mt19937 dice_;
    lastack::Tun tun_;
    int listener_ = -1;
    std::chrono::steady_clock::time_point began_;
    std::vector<Plan> plans_;
    std::vector<End> ends_;
    std::deque<Held> held_;
    std::int64_t captured_us_ = 0;  // the last one
    PcapText capture_;
};

}  // namespace hand
