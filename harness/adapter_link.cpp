#include "harness/adapter_link.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/close_range.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>

namespace lastack {
namespace {

constexpr int ending_ms = 500;  // until the watcher has seen the end of a child that has closed its streams
constexpr std::size_t read_size = 1U << 18U;

// ---- in the watcher and in the child: after a fork in a program with threads only system calls are safe

void close_all_but(std::array<int, 3> kept, unsigned first) {
    std::sort(kept.begin(), kept.end());
    for (const int one : kept) {
        const auto number = static_cast<unsigned>(one);
        if (number > first) ::close_range(first, number - 1, 0);
        first = std::max(first, number + 1);
    }
    ::close_range(first, ~0U, 0);
}

[[noreturn]] void become(const char* command, int stream) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    ::dup2(stream, 0);
    ::dup2(stream, 1);
    ::close_range(3, ~0U, 0);
    // Where neither is allowed the adapter has the network that we have.
    static_cast<void>(::unshare(::geteuid() == 0 ? CLONE_NEWNET : CLONE_NEWUSER | CLONE_NEWNET));
    for (int signal = 1; signal < NSIG; ++signal) ::signal(signal, SIG_DFL);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    ::execl("/bin/sh", "sh", "-c", command, static_cast<char*>(nullptr));
    ::_exit(127);
}

// Ends when the child does, or ends the child's group when the lifeline is cut.
[[noreturn]] void watch(const char* command, int stream, int lifeline, int report) {
    ::setsid();
    for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGPIPE}) ::signal(signal, SIG_IGN);
    close_all_but({stream, lifeline, report}, 3);
    const pid_t child = ::_Fork();
    if (child == 0) become(command, stream);
    ::setpgid(child, child);
    for (const int one : {0, 1, stream}) ::close(one);
    const int ended = static_cast<int>(::syscall(SYS_pidfd_open, child, 0));
    std::array<pollfd, 2> events{{{ended, POLLIN, 0}, {lifeline, POLLIN, 0}}};
    while (child > 0 && ended >= 0 && ::poll(events.data(), events.size(), -1) < 0 && errno == EINTR) {
    }
    siginfo_t info{};  // the group is ended before its leader's id may be given to another process
    const bool by_itself = child > 0 &&
                           ::waitid(P_PID, static_cast<id_t>(child), &info, WEXITED | WNOHANG | WNOWAIT) == 0 &&
                           info.si_pid == child;
    if (child > 0) ::kill(-child, SIGKILL);
    int status = 0;
    if (child > 0) ::waitpid(child, &status, 0);
    if (by_itself && ::write(report, &status, sizeof status) < 0) ::_exit(1);
    ::_exit(0);
}

// ---- here

[[noreturn]] void unavailable(const std::string& what) {
    throw TargetUnavailable(fmt::format("{}: {}", what, std::strerror(errno)));
}

void pipe_into(Descriptor& reads, Descriptor& writes) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) unavailable("no pipe for an adapter");
    reads = Descriptor(ends[0]);
    writes = Descriptor(ends[1]);
}

}  // namespace

std::int64_t monotonic_us() {
    timespec now{};
    ::clock_gettime(CLOCK_MONOTONIC, &now);
    return std::int64_t{now.tv_sec} * 1'000'000 + now.tv_nsec / 1000;
}

std::optional<AdapterPlace> adapter_place(const std::string& word) {
    AdapterPlace place;
    if (word.starts_with("unix:"))
        place.kind = AdapterPlace::Kind::unix_socket;
    else if (!word.starts_with("exec:"))
        return std::nullopt;
    place.what = word.substr(5);
    const bool socket = place.kind == AdapterPlace::Kind::unix_socket;
    if (place.what.find_first_not_of(" \t") == std::string::npos)
        throw std::invalid_argument(fmt::format("'{}' names no {}", word, socket ? "socket" : "command"));
    if (place.what.find('\0') != std::string::npos)
        throw std::invalid_argument("a zero byte in the name of an adapter");
    if (socket && place.what.size() >= sizeof(sockaddr_un::sun_path))
        throw std::invalid_argument(
            fmt::format("'{}': a socket's path has at most {} bytes", word, sizeof(sockaddr_un::sun_path) - 1));
    return place;
}

AdapterLink::AdapterLink(const AdapterPlace& place, const AdapterPatience& patience) : patience_(patience) {
    place.kind == AdapterPlace::Kind::exec ? start(place.what) : connect(place.what);
}

AdapterLink::~AdapterLink() {
    lifeline_.reset();
    if (watcher_ > 0) ::waitpid(watcher_, nullptr, 0);
}

void AdapterLink::start(const std::string& command) {
    std::array<int, 2> ends{};
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends.data()) != 0) unavailable("no socket for an adapter");
    stream_ = Descriptor(ends[0]);
    const Descriptor theirs(ends[1]);
    Descriptor watched, reports;
    pipe_into(watched, lifeline_);
    pipe_into(report_, reports);
    watcher_ = ::_Fork();
    if (watcher_ < 0) unavailable("no process for an adapter");
    if (watcher_ == 0) watch(command.c_str(), theirs.get(), watched.get(), reports.get());
}

void AdapterLink::connect(const std::string& path) {
    stream_ = Descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::memcpy(address.sun_path, path.data(), path.size());
    if (!stream_.open() || ::connect(stream_.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0)
        unavailable(fmt::format("nobody listens on the socket {}", path));
}

void AdapterLink::put(char type, std::string_view body) {
    if (out_.empty()) {
        received_ = 0;
        answer_by_us_ = 0;
    }
    put_frame(out_, type, body);
}

// What was sent is taken out only when all of it was: a batch is sent in few pieces.
bool AdapterLink::turn(std::int64_t until_us) {
    if (sent_ < out_.size()) {
        const ssize_t wrote =
            ::send(stream_.get(), out_.data() + sent_, out_.size() - sent_, MSG_NOSIGNAL | MSG_DONTWAIT);
        if (wrote > 0) sent_ += static_cast<std::size_t>(wrote);
        if (wrote < 0 && errno != EAGAIN && errno != EINTR) lost();
        if (sent_ == out_.size()) {
            out_.clear();
            sent_ = 0;
        }
    }
    const std::int64_t left = until_us - monotonic_us();
    if (left <= 0) return receive();
    pollfd stream{stream_.get(), static_cast<short>(out_.empty() ? POLLIN : POLLIN | POLLOUT), 0};
    const timespec limit{left / 1'000'000, left % 1'000'000 * 1000};
    if (::ppoll(&stream, 1, &limit, nullptr) <= 0) return monotonic_us() < until_us;  // a signal: once more
    if ((stream.revents & ~POLLOUT) != 0) receive();
    return true;
}

bool AdapterLink::receive() {
    static thread_local std::array<char, read_size> bytes;
    const ssize_t got = ::recv(stream_.get(), bytes.data(), bytes.size(), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (got <= 0) lost();
    received_ += static_cast<std::size_t>(got);
    if (received_ > patience_.most_bytes)
        throw AdapterFault(
            fmt::format("the adapter sent more than {} MB where an answer was due", patience_.most_bytes / 1'000'000));
    reader_.feed({bytes.data(), static_cast<std::size_t>(got)});
    return true;
}

void AdapterLink::lost() {
    const std::string how = ending();
    throw AdapterFault("the adapter " + (how.empty() ? "closed the connection" : how));
}

std::string AdapterLink::ending() {
    int status = 0;
    pollfd report{report_.get(), POLLIN, 0};
    if (!report_.open() || ::poll(&report, 1, ending_ms) <= 0) return "";
    if (::read(report_.get(), &status, sizeof status) != sizeof status) return "";
    // A shell that has not become the command tells its signal by an exit code.
    const bool told = WIFEXITED(status) && WEXITSTATUS(status) > 128 && WEXITSTATUS(status) < 128 + NSIG;
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : told ? WEXITSTATUS(status) - 128 : 0;
    if (signal > 0) return fmt::format("was ended by signal {} ({})", signal, ::strsignal(signal));
    if (WEXITSTATUS(status) == 127) return "could not be started (exit code 127 of the shell)";
    return fmt::format("ended with exit code {}", WEXITSTATUS(status));
}

Frame AdapterLink::next() {
    const std::int64_t patience_ms = started_ ? patience_.answer_ms : patience_.start_ms;
    if (answer_by_us_ == 0) answer_by_us_ = monotonic_us() + patience_ms * 1000;
    for (;;) {
        if (auto frame = reader_.next()) {
            started_ = true;
            return *std::move(frame);
        }
        if (!turn(answer_by_us_))
            throw AdapterFault(
                fmt::format("the adapter gave no answer within {} s", static_cast<double>(patience_ms) / 1000));
    }
}

std::optional<Frame> AdapterLink::next_until(std::int64_t until_us) {
    for (;;) {
        if (auto frame = reader_.next()) return frame;
        if (!turn(until_us)) return reader_.next();
    }
}

}  // namespace lastack
