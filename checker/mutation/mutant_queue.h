// The work on many mutants, handed to threads in the order of the mutants.
//
// Results stand where their mutants stand, whoever was first, so a report is the same for any number of threads. What
// an interrupt cuts short is no result: such a mutant counts as not tried.
#pragma once

#include <atomic>
#include <cstddef>
#include <exception>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

namespace lastack {

struct QueueOptions {
    int jobs = 1;  // threads
    std::function<bool()> stop;
    std::function<void(std::size_t done, std::size_t all)> progress;  // called by one thread at a time
};

template <class Result>
class MutantQueue {
public:
    using Worker = std::function<Result(std::size_t mutant)>;

    MutantQueue(std::size_t count, const QueueOptions& options) : options_(options), results_(count) {}

    // `make_worker` is called once in each thread. The results of those that were tried, in order. Throws what a worker
    // throws.
    std::vector<Result> run(const std::function<Worker()>& make_worker) {
        std::vector<std::thread> threads;
        for (int job = 1; job < options_.jobs; ++job) threads.emplace_back([&] { work(make_worker); });
        work(make_worker);
        for (std::thread& thread : threads) thread.join();
        if (failure_) std::rethrow_exception(failure_);
        std::vector<Result> tried;
        for (std::optional<Result>& result : results_)
            if (result) tried.push_back(std::move(*result));
        return tried;
    }

private:
    void work(const std::function<Worker()>& make_worker) {
        try {
            const Worker worker = make_worker();
            for (std::size_t i = next_++; i < results_.size() && !stopped(); i = next_++) {
                Result result = worker(i);
                if (stopped()) return;
                results_[i] = std::move(result);
                const std::lock_guard<std::mutex> lock(mutex_);
                if (options_.progress) options_.progress(++done_, results_.size());
            }
        } catch (...) {
            const std::lock_guard<std::mutex> lock(mutex_);
            if (!failure_) failure_ = std::current_exception();
            next_ = results_.size();
        }
    }
    bool stopped() const { return options_.stop && options_.stop(); }

    const QueueOptions& options_;
    std::vector<std::optional<Result>> results_;
    std::atomic<std::size_t> next_{0};
    std::size_t done_ = 0;
    std::mutex mutex_;
    std::exception_ptr failure_;
};

}  // namespace lastack
