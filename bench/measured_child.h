// A program run as a child, with what the operating system says that it took.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/support.h"

namespace lastack::bench {

struct Took {
    int code = -1;        // exit code, or 128 plus the signal that ended it
    std::string output;   // standard output
    double cpu = 0;       // seconds, user and system, of all threads
    double wall = 0;      // seconds
    double resident = 0;  // bytes, at most
};

// Runs a program to its end. `words`: its path, then its arguments. What it takes is what wait4() reports.
// Linux counts what a process held before it became another program, so the caller's own memory is the least that a
// child seems to take: measure children before anything large is done here.
inline Took run_measured(const std::vector<std::string>& words) {
    const testing::TemporaryDirectory here;
    const std::string output = here.write("out", "");
    std::vector<char*> arguments;
    for (const std::string& word : words) arguments.push_back(const_cast<char*>(word.c_str()));
    arguments.push_back(nullptr);
    const auto start = std::chrono::steady_clock::now();
    const pid_t pid = fork();
    if (pid < 0) throw std::runtime_error("cannot fork");
    if (pid == 0) {
        dup2(open(output.c_str(), O_WRONLY), STDOUT_FILENO);
        dup2(open("/dev/null", O_WRONLY), STDERR_FILENO);
        execv(arguments[0], arguments.data());
        _exit(127);
    }
    int status = 0;
    rusage usage{};
    if (wait4(pid, &status, 0, &usage) != pid) throw std::runtime_error("cannot wait for " + words.front());
    Took took;
    took.wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
    const auto seconds = [](const timeval& time) {
        return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
    };
    took.cpu = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    took.resident = static_cast<double>(usage.ru_maxrss) * 1024;
    took.code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    took.output = testing::read_file(output);
    return took;
}

}  // namespace lastack::bench
