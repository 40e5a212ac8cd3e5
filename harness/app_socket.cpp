// The kernel delivers an error of a connection once, to whoever asks first. observe() must be able to look twice and
// must not change what a later call returns, so it keeps the error and hands it to that call, in the kernel's order:
// a read sees data, then the end of the stream, then the error; a write sees the error first.
#include "harness/app_socket.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <map>
#include <system_error>
#include <vector>

#include "generators/socket_options.h"

namespace lastack {
namespace {

constexpr int linger_seconds = 1;

std::string word_for(int error) {
    switch (error) {
        case ECONNRESET: return "reset";
        case ECONNREFUSED: return "refused";
        case ETIMEDOUT: return "timeout";
        case EPIPE: return "pipe";
        case ENOTCONN: return "not_connected";
        case EAGAIN: return "would_block";
        default: {
            const char* name = ::strerrorname_np(error);
            return fmt::format("errno {}", name != nullptr ? name : std::to_string(error).c_str());
        }
    }
}

// 0 is what a socket has that was told nothing: it asks nobody whether they are there, until it has a time for that.
// False where there is no such option, or it does not take the value.
bool set_option(int descriptor, const std::string& name, int value) {
    static const std::map<std::string, int> known = {{"TCP_LINGER2", TCP_LINGER2},
                                                     {"TCP_USER_TIMEOUT", TCP_USER_TIMEOUT},
                                                     {"TCP_KEEPIDLE", TCP_KEEPIDLE},
                                                     {"TCP_KEEPINTVL", TCP_KEEPINTVL},
                                                     {"TCP_KEEPCNT", TCP_KEEPCNT}};
    const auto option = known.find(name);
    errno = ENOPROTOOPT;
    if (option == known.end()) return false;
    if (value == 0) return true;
    const int on = 1;
    if (name == "TCP_KEEPIDLE" && ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on) != 0) return false;
    return ::setsockopt(descriptor, IPPROTO_TCP, option->second, &value, sizeof value) == 0;
}

bool same_place(const sockaddr_storage& one, const sockaddr_storage& other) {
    if (one.ss_family != other.ss_family) return false;
    if (one.ss_family == AF_INET6) {
        const auto &a = reinterpret_cast<const sockaddr_in6&>(one), &b = reinterpret_cast<const sockaddr_in6&>(other);
        return a.sin6_port == b.sin6_port && std::memcmp(&a.sin6_addr, &b.sin6_addr, sizeof a.sin6_addr) == 0;
    }
    const auto &a = reinterpret_cast<const sockaddr_in&>(one), &b = reinterpret_cast<const sockaddr_in&>(other);
    return a.sin_port == b.sin_port && a.sin_addr.s_addr == b.sin_addr.s_addr;
}

// A reset in CLOSE-WAIT is told as EPIPE, elsewhere as ECONNRESET: the same event to an observer.
std::string signal_for(int error) { return error == EPIPE ? "reset" : word_for(error); }

}  // namespace

std::string why_no_option(const std::string& name, const std::string& value) {
    const bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string::npos;
    if (!digits || value.size() > 6) return fmt::format("{}: '{}' is no value of a socket option", name, value);
    const Descriptor socket(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    const SocketOption option = socket_option(name, value);
    return set_option(socket.get(), option.name, std::stoi(option.value))
               ? ""
               : fmt::format("{}: a socket cannot have it set to {}: {}", name, value, std::strerror(errno));
}

AppSocket::AppSocket(Descriptor socket, const SocketOptions& options) : socket_(std::move(socket)) {
    for (const auto& [name, value] : options) set_option(socket_.get(), name, value);
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

AppSocket::AppSocket(const SocketPlace& place, SocketOptions options) : options_(std::move(options)), place_(place) {
    make();
}

// Its own port, although an earlier connection of it may be in TIME-WAIT.
void AppSocket::make() {
    socket_ = Descriptor(::socket(place_.local.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    for (const auto& [name, value] : options_) set_option(socket_.get(), name, value);
    if (!socket_.open() || ::bind(socket_.get(), reinterpret_cast<const sockaddr*>(&place_.local), place_.size) != 0)
        throw std::system_error(errno, std::generic_category(), "a socket of the application's own");
    listens_ = listened_ = false;
}

// The rest is waited for by packets, not by the call.
std::string AppSocket::connect() {
    if (!socket_.open()) make();
    const bool begun = ::connect(socket_.get(), reinterpret_cast<const sockaddr*>(&place_.remote), place_.size) == 0 ||
                       errno == EINPROGRESS;
    return begun ? "ok" : word_for(errno);
}

std::string AppSocket::listen() {
    if (!socket_.open()) make();
    if (::listen(socket_.get(), 1) != 0) return word_for(errno);
    listens_ = listened_ = true;
    return "ok";
}

bool AppSocket::take_child() {
    while (listens_) {
        Other child;
        socklen_t size = sizeof child.from;
        child.socket = Descriptor(
            ::accept4(socket_.get(), reinterpret_cast<sockaddr*>(&child.from), &size, SOCK_NONBLOCK | SOCK_CLOEXEC));
        if (!child.socket.open()) return false;
        if (!same_place(child.from, place_.remote)) {
            others_.push_back(std::move(child));
            continue;
        }
        const SocketPlace place = place_;
        SocketOptions options = std::move(options_);  // the child has its listener's already
        std::vector<Other> others = std::move(others_);
        *this = AppSocket(std::move(child.socket), {});
        place_ = place;
        options_ = std::move(options);
        others_ = std::move(others);
        return true;
    }
    return false;
}

std::string AppSocket::call(const std::string& name, int bytes) {
    if (begins_to_wait_) return look_at_wait();
    take_child();
    if (place_.size != 0 && name == "open") return connect();
    if (place_.size != 0 && name == "listen") return listen();
    if (!socket_.open()) return word_for(EBADF);
    if (name == "send") return send(bytes);
    if (name == "recv") return receive(bytes);
    if (name == "shutdown_wr") return shut(SHUT_WR);
    if (name == "shutdown_rd" || name == "shutdown_rdwr") {
        reads_ = false;
        return shut(name == "shutdown_rd" ? SHUT_RD : SHUT_RDWR);
    }
    if (name == "poll") return poll_all();
    if (name == "dup") return duplicate();
    if (name == "close_one") return close_one();
    if (name == "recv_wait") return receive_waiting(bytes);
    if (name == "close_linger") return close_lingering();
    if (name == "close")
        close();
    else if (name == "abort")
        close_hard();
    else
        return "errno ENOSYS";
    return "ok";
}

// The bytes say their place in the call, for people who read a capture.
std::string AppSocket::send(int bytes) {
    if (error_ != 0) return deliver_error();
    std::vector<char> text(static_cast<std::size_t>(std::max(bytes, 1)));
    for (std::size_t i = 0; i < text.size(); ++i) text[i] = static_cast<char>('a' + i % 26);
    const ssize_t sent = ::send(socket_.get(), text.data(), text.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0) return word_for(errno);
    if (sent < static_cast<ssize_t>(text.size())) return fmt::format("only {} bytes taken", sent);
    return "ok";
}

std::string AppSocket::receive(int bytes) {
    std::vector<char> text(static_cast<std::size_t>(std::max(bytes, 1)));
    const ssize_t got = ::recv(socket_.get(), text.data(), text.size(), MSG_DONTWAIT);
    if (got > 0) return "ok";
    const int error = errno;
    if (error_ != 0 && !(got == 0 && eof_first_)) return deliver_error();
    return got == 0 ? "eof" : word_for(error);
}

// Where nobody reads a listener any more, it is none (inet_shutdown).
std::string AppSocket::shut(int how) {
    if (::shutdown(socket_.get(), how) != 0) return word_for(errno);
    listens_ = listens_ && how == SHUT_WR;
    return "ok";
}

// In the order of the constants. An error that observe() has taken is still the application's.
std::string AppSocket::poll_all() const {
    pollfd look{socket_.get(), POLLIN | POLLOUT | POLLRDHUP, 0};
    ::poll(&look, 1, 0);
    if (error_ != 0) look.revents |= POLLERR;
    std::string words;
    for (const auto& [event, word] :
         {std::pair{POLLIN, "in"}, {POLLOUT, "out"}, {POLLRDHUP, "rdhup"}, {POLLHUP, "hup"}, {POLLERR, "err"}})
        if ((look.revents & event) != 0) words += (words.empty() ? "" : "_") + std::string(word);
    return words.empty() ? "nothing" : words;
}

std::string AppSocket::duplicate() {
    duplicate_ = Descriptor(::fcntl(socket_.get(), F_DUPFD_CLOEXEC, 0));
    return duplicate_.open() ? "ok" : word_for(errno);
}

// The first one: that a second one is left must not depend on which.
std::string AppSocket::close_one() {
    if (!duplicate_.open()) return word_for(EBADF);
    socket_ = std::move(duplicate_);
    return "ok";
}

std::string AppSocket::wait_in(std::function<std::string()> call) {
    waiting_ = std::make_unique<BlockedCall>(std::move(call));
    return look_at_wait();
}

// Until the thread has come to wait, or back, the call is to be asked for again. What comes back at once comes as from
// any other call.
std::string AppSocket::look_at_wait() {
    const std::string result = waiting_->result();
    begins_to_wait_ = result.empty() && !waiting_->waits();
    if (result.empty()) return begins_to_wait_ ? "would_block" : "blocked";
    waiting_.reset();
    return result == "text" || result == "closed" ? "ok" : result;
}

// All other calls ask by themselves not to wait.
std::string AppSocket::receive_waiting(int bytes) {
    const int descriptor = socket_.get();
    return wait_in([descriptor, bytes]() -> std::string {
        const int flags = ::fcntl(descriptor, F_GETFL);
        ::fcntl(descriptor, F_SETFL, flags & ~O_NONBLOCK);
        std::vector<char> text(static_cast<std::size_t>(std::max(bytes, 1)));
        const ssize_t got = ::recv(descriptor, text.data(), text.size(), 0);
        const int error = errno;
        ::fcntl(descriptor, F_SETFL, flags);
        return got > 0 ? "text" : got == 0 ? "eof" : word_for(error);
    });
}

// A second descriptor would keep the socket: it goes first. close() tells of no time that has passed.
std::string AppSocket::close_lingering() {
    const linger some{1, linger_seconds};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &some, sizeof some);
    duplicate_.reset();
    listens_ = false;
    const int descriptor = socket_.release();
    return wait_in([descriptor]() -> std::string { return ::close(descriptor) == 0 ? "closed" : word_for(errno); });
}

// Whatever still waits is woken: a shutdown ends a read, its time a close.
void AppSocket::end_wait() {
    if (waiting_ && waiting_->result().empty() && socket_.open()) ::shutdown(socket_.get(), SHUT_RDWR);
    waiting_.reset();
}

std::unique_ptr<BlockedCall> AppSocket::leave_waiting() {
    if (!waiting_ || !waiting_->result().empty()) return nullptr;
    if (socket_.open()) ::shutdown(socket_.get(), SHUT_RDWR);
    waiting_->keep(std::move(socket_));
    return std::move(waiting_);
}

// poll() tells of data, end and error without consuming any. RDHUP shows a FIN behind unread text too.
std::string AppSocket::observe() {
    take_child();
    if (!socket_.open()) return "";
    pollfd look{socket_.get(), POLLIN | POLLRDHUP, 0};
    ::poll(&look, 1, 0);
    if ((look.revents & POLLERR) != 0) take_error();
    if (!seen_.empty()) return seen_;
    if ((look.revents & POLLRDHUP) != 0) {
        fin_seen_ = fin_seen_ || reads_;
        return "eof";
    }
    return (look.revents & POLLIN) != 0 ? "data" : "";
}

// A peek delivers an error unless text or the end of the stream comes first; then SO_ERROR has it. Behind text it does
// not tell whether a FIN came before the error: that was seen before, or EPIPE tells it, which only CLOSE-WAIT gives.
void AppSocket::take_error() {
    char byte = 0;
    const ssize_t got = ::recv(socket_.get(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    int error = got < 0 ? errno : 0;
    if (got >= 0) {
        socklen_t size = sizeof error;
        ::getsockopt(socket_.get(), SOL_SOCKET, SO_ERROR, &error, &size);
    }
    if (error == 0 || error == EAGAIN) return;
    error_ = error;
    eof_first_ = got == 0 || fin_seen_ || error == EPIPE;
    seen_ = signal_for(error);
}

std::string AppSocket::deliver_error() { return word_for(std::exchange(error_, 0)); }

void AppSocket::close() {
    end_wait();
    listens_ = false;
    duplicate_.reset();
    socket_.reset();
}

void AppSocket::close_hard() {
    // {1, 0} never blocks; any other linger time would block close() even on a non-blocking socket.
    const linger at_once{1, 0};
    if (socket_.open()) ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    close();
}

}  // namespace lastack
