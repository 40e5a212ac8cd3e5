#include "cli/output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <system_error>

#include "cli/session.h"

namespace lastack {

namespace {

namespace fs = std::filesystem;

std::atomic<const char*> unfinished{nullptr};  // the path of a file that is not yet whole

// The file to which a chain of symbolic links leads, whether or not it is there.
fs::path without_links(fs::path path) {
    constexpr int most_links = 40;  // as many as the kernel follows
    std::error_code none;
    for (int i = 0; i < most_links && fs::is_symlink(fs::symlink_status(path, none)); ++i) {
        const fs::path next = fs::read_symlink(path);
        path = next.is_absolute() ? next : path.parent_path() / next;
    }
    return path;
}

// A descriptor of some process under a name, as /dev/stdout is: whoever holds it would not see a file in its place.
bool is_open_descriptor(const fs::path& path) {
    std::error_code none;
    fs::path at = path;
    for (int i = 0; i < 3 && fs::is_symlink(fs::symlink_status(at, none)); ++i) {
        if (fs::weakly_canonical(at.parent_path(), none).string().starts_with("/proc/")) return true;
        at = at.parent_path() / fs::read_symlink(at, none);
    }
    return false;
}

}  // namespace

bool Output::is_standard(const std::string& path) {
    if (path.empty() || path == "-") return true;
    struct stat named {
    }, standard{};
    return ::stat(path.c_str(), &named) == 0 && ::fstat(STDOUT_FILENO, &standard) == 0 &&
           named.st_dev == standard.st_dev && named.st_ino == standard.st_ino;
}

Output::Output(const std::string& path) : path_(path) {
    if (is_standard(path)) return;
    struct stat about {};
    const bool there = ::stat(path.c_str(), &about) == 0;
    if (there && S_ISDIR(about.st_mode)) {
        errno = EISDIR;
        fail();
    }
    if (is_open_descriptor(path) || (there && !S_ISREG(about.st_mode)))
        open_through();
    else
        open_beside(without_links(path).string());
}

void Output::open_beside(const std::string& target) {
    struct stat about {};
    const bool there = ::stat(target.c_str(), &about) == 0;
    if (there && ::access(target.c_str(), W_OK) != 0) fail();  // a file that may not be written is not replaced either
    for (int attempt = 0; descriptor_ < 0; ++attempt) {
        partial_ =
            target + ".partial-" + std::to_string(::getpid()) + (attempt > 0 ? "-" + std::to_string(attempt) : "");
        descriptor_ = ::open(partial_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
        if (descriptor_ < 0 && errno != EEXIST) fail();
    }
    target_ = target;
    unfinished = partial_.c_str();
    if (there && ::fchmod(descriptor_, about.st_mode & 07777) != 0) return;  // not every file system has permissions
}

// Without waiting in the kernel, where no interrupt ends the wait.
void Output::open_through() {
    for (;;) {
        descriptor_ = ::open(path_.c_str(), O_WRONLY | O_TRUNC | O_NONBLOCK | O_CLOEXEC);
        if (descriptor_ >= 0) return;
        if (errno != ENXIO || !fs::is_fifo(path_)) fail();
        struct pollfd interrupt {
            interrupt_descriptor(), POLLIN, 0
        };
        ::poll(&interrupt, 1, 50);  // nothing tells of a reader that comes
        if (interrupted()) throw Interrupted(path_ + ": nobody reads it");
    }
}

Output::~Output() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (target_.empty()) return;
    unfinished = nullptr;
    ::unlink(partial_.c_str());
}

void Output::add(std::string_view text) {
    if (descriptor_ < 0) {
        std::fwrite(text.data(), 1, text.size(), stdout);
        return;
    }
    while (!text.empty()) {
        const ssize_t count = ::write(descriptor_, text.data(), text.size());
        if (count >= 0) {
            text.remove_prefix(static_cast<std::size_t>(count));
        } else if (errno == EAGAIN) {
            struct pollfd waits[] = {{descriptor_, POLLOUT, 0}, {interrupt_descriptor(), POLLIN, 0}};
            ::poll(waits, 2, -1);
            if (interrupted()) throw Interrupted(path_ + ": nobody reads it any more");
        } else if (errno != EINTR) {
            fail();
        }
    }
}

void Output::finish() {
    if (descriptor_ < 0) return;
    const int closed = ::close(descriptor_);
    descriptor_ = -1;
    if (closed != 0) fail();
    if (target_.empty()) return;
    if (::rename(partial_.c_str(), target_.c_str()) != 0) fail();
    unfinished = nullptr;
    target_.clear();
}

void Output::fail() const {
    throw fs::filesystem_error("cannot write", path_, std::error_code(errno, std::generic_category()));
}

void write_file(const std::string& path, std::string_view content) {
    Output output(path);
    output.add(content);
    output.finish();
}

void remove_unfinished_output() noexcept {
    if (const char* const path = unfinished.exchange(nullptr)) ::unlink(path);
}

}  // namespace lastack
