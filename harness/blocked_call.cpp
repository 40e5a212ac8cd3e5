#include "harness/blocked_call.h"

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>
#include <system_error>
#include <utility>

namespace lastack {

namespace {

constexpr auto time_enough = std::chrono::milliseconds(500);
constexpr std::size_t stack_bytes = std::size_t{512}
                                    << 10U;  // glibc keeps those of many threads; what is static for a thread is in it

}  // namespace

// Signals are for the thread that drives: an interrupt must not end a call with EINTR.
BlockedCall::BlockedCall(std::function<std::string()> call) : call_(std::move(call)) {
    sigset_t all, before;
    ::sigfillset(&all);
    pthread_attr_t small;
    ::pthread_attr_init(&small);
    ::pthread_attr_setstacksize(&small, stack_bytes);
    ::pthread_sigmask(SIG_SETMASK, &all, &before);
    const int failed = ::pthread_create(&thread_, &small, &BlockedCall::run, this);
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    ::pthread_attr_destroy(&small);
    if (failed != 0) throw std::system_error(failed, std::generic_category(), "a thread for a call that blocks");
}

void* BlockedCall::run(void* self) {
    auto& one = *static_cast<BlockedCall*>(self);
    one.id_ = ::gettid();
    one.result_ = one.call_();
    one.over_ = true;
    return nullptr;
}

BlockedCall::~BlockedCall() { ::pthread_join(thread_, nullptr); }

std::string BlockedCall::result() const { return over_ ? result_ : ""; }

// The state stands behind the name, which is in brackets and may have some itself. A thread that has just ended cannot
// be read: then there is no text.
bool BlockedCall::waits() const {
    if (std::chrono::steady_clock::now() - begun_ > time_enough) return true;
    if (id_ == 0) return false;
    std::ifstream file(fmt::format("/proc/self/task/{}/stat", id_.load()));
    std::string text;
    std::getline(file, text);
    const std::size_t name_end = text.rfind(')');
    return name_end != std::string::npos && text.compare(name_end, 3, ") S") == 0;
}

}  // namespace lastack
