// A call that may block, made in a thread of its own.
//
// The tester goes on while it waits. That it waits is not guessed from the time it takes: the kernel says of a thread
// whether it sleeps (proc_pid_stat(5), state S), and this one has nothing else to sleep in. Nobody is held up until the
// thread has come so far: who made it asks again; nor until it has ended: who has no use for it any more keeps it until
// then. Cost: a thread with a small stack, 30 us; of a question the read of a file, 30 us. Not thread-safe but for the
// thread that it makes.
#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <functional>
#include <string>

#include "harness/descriptor.h"

namespace lastack {

class BlockedCall {
public:
    // Throws std::system_error where there can be no thread.
    explicit BlockedCall(std::function<std::string()> call);
    ~BlockedCall();  // waits for the call: whoever holds it sees to it that it ends
    BlockedCall(const BlockedCall&) = delete;
    BlockedCall& operator=(const BlockedCall&) = delete;

    std::string result() const;  // of the call; empty while it has none
    // It sleeps; or, on a machine that does not say so, it has had time enough to.
    bool waits() const;
    // What the call is made on, to be closed behind it.
    void keep(Descriptor descriptor) { kept_ = std::move(descriptor); }

private:
    static void* run(void* self);

    std::chrono::steady_clock::time_point begun_ = std::chrono::steady_clock::now();
    std::function<std::string()> call_;
    std::atomic<int> id_ = 0;  // of the thread; 0: it has not begun
    std::atomic<bool> over_ = false;
    std::string result_;  // written before over_ is set
    Descriptor kept_;
    pthread_t thread_{};
};

}  // namespace lastack
