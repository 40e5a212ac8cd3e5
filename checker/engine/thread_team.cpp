#include "checker/engine/thread_team.h"

#include <system_error>

namespace lastack {

ThreadTeam::~ThreadTeam() {
    work_ = nullptr;
    turn_.fetch_add(1, std::memory_order_release);
    turn_.notify_all();
    for (std::thread& other : others_) other.join();
}

void ThreadTeam::work_guarded(std::size_t number) {
    try {
        (*work_)(number);
    } catch (...) {
        failed_[number] = std::current_exception();
    }
}

void ThreadTeam::serve(std::size_t number, std::uint32_t seen) {
    for (;; ++seen) {
        turn_.wait(seen, std::memory_order_acquire);
        if (!work_) return;
        work_guarded(number);
        if (busy_.fetch_sub(1, std::memory_order_release) == 1) busy_.notify_one();
    }
}

// Where the system has no more threads to give, the caller does what they would have done.
void ThreadTeam::start() {
    try {
        while (others_.size() + 1 < size_)
            others_.emplace_back(&ThreadTeam::serve, this, others_.size() + 1, turn_.load());
    } catch (const std::system_error&) {
    }
}

void ThreadTeam::run(const std::function<void(std::size_t)>& work) {
    failed_.assign(size_, nullptr);
    start();
    work_ = &work;
    busy_.store(static_cast<std::uint32_t>(others_.size()), std::memory_order_relaxed);
    turn_.fetch_add(1, std::memory_order_release);
    turn_.notify_all();
    work_guarded(0);
    for (std::size_t number = others_.size() + 1; number < size_; ++number) work_guarded(number);
    while (const std::uint32_t left = busy_.load(std::memory_order_acquire))
        busy_.wait(left, std::memory_order_acquire);
    for (const std::exception_ptr& one : failed_) {
        if (one) std::rethrow_exception(one);
    }
}

}  // namespace lastack
