// Ends a question to Z3 that takes too long: its own timeout is not reliable (4.8.12), an interrupt from another thread
// is. It is repeated, as one that comes between two questions is lost.
#pragma once

#include <z3++.h>

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

namespace lastack {

class Watchdog {
public:
    Watchdog(z3::context& context, std::chrono::steady_clock::time_point deadline, std::function<bool()> stop)
        : watcher_([this, &context, deadline, stop = std::move(stop)] {
              std::unique_lock lock(mutex_);
              while (!over_) {
                  wake_.wait_for(lock, std::chrono::milliseconds(50));
                  if (over_) return;
                  if (std::chrono::steady_clock::now() >= deadline || (stop && stop())) context.interrupt();
              }
          }) {}
    ~Watchdog() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        wake_.notify_all();
        watcher_.join();
    }
    Watchdog(const Watchdog&) = delete;
    Watchdog& operator=(const Watchdog&) = delete;

private:
    std::mutex mutex_;
    std::condition_variable wake_;
    bool over_ = false;
    std::thread watcher_;
};

}  // namespace lastack
