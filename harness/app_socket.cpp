// The kernel delivers an error of a connection once, to whoever asks first. observe() must be able to look twice and
// must not change what a later call returns, so it keeps the error and hands it to that call, in the kernel's order:
// a read sees data, then the end of the stream, then the error; a write sees the error first.
#include "harness/app_socket.h"

#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <vector>

namespace lastack {
namespace {

std::string word_for(int error) {
    switch (error) {
        case ECONNRESET: return "reset";
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

// A reset in CLOSE-WAIT is told as EPIPE, elsewhere as ECONNRESET: the same event to an observer.
std::string signal_for(int error) { return error == EPIPE ? "reset" : word_for(error); }

}  // namespace

AppSocket::AppSocket(Descriptor socket) : socket_(std::move(socket)) {
    const int on = 1;
    ::setsockopt(socket_.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
}

std::string AppSocket::call(const std::string& name, int bytes) {
    if (!socket_.open()) return word_for(EBADF);
    if (name == "send") return send(bytes);
    if (name == "recv") return receive(bytes);
    if (name == "shutdown_wr") return shut(SHUT_WR);
    if (name == "shutdown_rd" || name == "shutdown_rdwr") {
        reads_ = false;
        return shut(name == "shutdown_rd" ? SHUT_RD : SHUT_RDWR);
    }
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

std::string AppSocket::shut(int how) { return ::shutdown(socket_.get(), how) == 0 ? "ok" : word_for(errno); }

// poll() tells of data, end and error without consuming any. RDHUP shows a FIN behind unread text too.
std::string AppSocket::observe() {
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

void AppSocket::close() { socket_.reset(); }

void AppSocket::close_hard() {
    // {1, 0} never blocks; any other linger time would block close() even on a non-blocking socket.
    const linger at_once{1, 0};
    if (socket_.open()) ::setsockopt(socket_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    socket_.reset();
}

}  // namespace lastack
