// Threads that work on a level together.
//
// They are started once, at the first piece of work that is shared, and wait in between: a start and an end cost 60 to
// 250 us (two-core virtual machine), a wake-up 5 to 40, and most levels are swept in milliseconds. What a thread
// has allocated stays at hand for it, too. Not for use by two threads at once, nor from within its own work.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace lastack {

class ThreadTeam {
public:
    // `size`: how many work, the caller among them; at least 1.
    explicit ThreadTeam(std::size_t size) : size_(size), failed_(size) {}
    ~ThreadTeam();
    ThreadTeam(const ThreadTeam&) = delete;
    ThreadTeam& operator=(const ThreadTeam&) = delete;

    std::size_t size() const { return size_; }

    // Runs work(i) for each i below size(), the caller's own being number 0, and returns when all are done. Throws what
    // the first of them threw.
    void run(const std::function<void(std::size_t)>& work);

private:
    void start();
    void serve(std::size_t number, std::uint32_t seen);
    void work_guarded(std::size_t number);

    std::size_t size_;
    std::vector<std::exception_ptr> failed_;                  // by number
    const std::function<void(std::size_t)>* work_ = nullptr;  // null: the end
    std::atomic<std::uint32_t> turn_{0};                      // grows by one with each piece of work
    std::atomic<std::uint32_t> busy_{0};                      // others that are not done with it
    std::vector<std::thread> others_;
};

}  // namespace lastack
