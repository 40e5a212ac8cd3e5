// Namespaces by unshare(2), left again by setns(2). See network_namespaces(7) and user_namespaces(7).
//
// Both calls act on the calling thread only, hence /proc/thread-self and not /proc/self.
#include "harness/netns.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sched.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

#include "harness/target.h"

namespace lastack {
namespace {

constexpr const char* namespace_link = "/proc/thread-self/ns/net";

void write_file(const char* path, const std::string& text) {
    Descriptor file(::open(path, O_WRONLY | O_CLOEXEC));
    if (!file.open() || ::write(file.get(), text.data(), text.size()) != static_cast<ssize_t>(text.size()))
        throw TargetUnavailable(fmt::format("{}: {}", path, std::strerror(errno)));
}

// Inside a new user namespace we are root over what we make, and still ourselves over all else.
void map_ids(uid_t user, gid_t group) {
    write_file("/proc/self/setgroups", "deny");
    write_file("/proc/self/uid_map", fmt::format("0 {} 1", user));
    write_file("/proc/self/gid_map", fmt::format("0 {} 1", group));
}

// A user namespace cannot be left again, not even one that turned out to be useless. So a child tries first whether
// one can be made and its ids mapped. Returns the reason why not.
std::string try_user_namespace(uid_t user, gid_t group) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fmt::format("pipe: {}", std::strerror(errno));
    const Descriptor in(ends[0]);
    Descriptor out(ends[1]);
    const pid_t child = ::fork();
    if (child < 0) return fmt::format("fork: {}", std::strerror(errno));
    if (child == 0) {
        std::string reason;
        try {
            if (::unshare(CLONE_NEWUSER | CLONE_NEWNET) == 0)
                map_ids(user, group);
            else
                reason = fmt::format("unshare(NEWUSER|NEWNET): {}", std::strerror(errno));
        } catch (const TargetUnavailable& problem) {
            reason = problem.what();
        }
        const ssize_t told = ::write(out.get(), reason.data(), reason.size());
        ::_exit(told < 0 ? 1 : 0);  // no destructor and no exit handler of the parent's may run here
    }
    out.reset();
    std::array<char, 512> text{};
    const ssize_t length = ::read(in.get(), text.data(), text.size());
    int status = 0;
    while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
    }
    if (length < 0 || status != 0) return "the attempt in a child process failed";
    return {text.data(), static_cast<std::size_t>(length)};
}

}  // namespace

std::string current_network_namespace() {
    std::array<char, 64> text{};
    const ssize_t length = ::readlink(namespace_link, text.data(), text.size());
    return length > 0 ? std::string(text.data(), static_cast<std::size_t>(length)) : "";
}

NetworkNamespace::NetworkNamespace() {
    const std::string before = current_network_namespace();
    old_ = Descriptor(::open(namespace_link, O_RDONLY | O_CLOEXEC));
    if (before.empty() || !old_.open())
        throw TargetUnavailable(fmt::format("{}: {}", namespace_link, std::strerror(errno)));

    const uid_t user = ::geteuid();
    const gid_t group = ::getegid();
    if (::unshare(CLONE_NEWNET) != 0) {
        const std::string direct = std::strerror(errno);
        std::string reason = try_user_namespace(user, group);
        if (reason.empty() && ::unshare(CLONE_NEWUSER | CLONE_NEWNET) != 0)
            reason = fmt::format("unshare(NEWUSER|NEWNET): {}", std::strerror(errno));
        if (!reason.empty())
            throw TargetUnavailable(fmt::format("no network namespace: unshare(NEWNET): {}; {}", direct, reason));
        user_ = true;
        map_ids(user, group);
    }
    id_ = current_network_namespace();
    if (id_ == before) throw TargetUnavailable("unshare succeeded but the network namespace is still the old one");
}

NetworkNamespace::~NetworkNamespace() {
    // From inside a user namespace the kernel refuses (EPERM): then the process stays where it harms nobody.
    if (!user_ && entered()) static_cast<void>(::setns(old_.get(), CLONE_NEWNET));
}

bool NetworkNamespace::entered() const { return !id_.empty() && current_network_namespace() == id_; }

}  // namespace lastack
