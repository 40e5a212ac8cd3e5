// The command as a child in a process group of its own, for tests that interrupt it.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support.h"

namespace command {

using Clock = std::chrono::steady_clock;

// Polls until the condition holds; false where it does not in that time.
template <class Condition>
bool within(std::chrono::milliseconds limit, const Condition& condition) {
    const auto until = Clock::now() + limit;
    while (!condition()) {
        if (Clock::now() > until) return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
    return true;
}

class Child {
public:
    explicit Child(const std::vector<std::string>& arguments)
        : out_(here_.write("out", "")), err_(here_.write("err", "")) {
        std::vector<char*> argv{const_cast<char*>(LASTACK_COMMAND)};
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        pid_ = fork();
        if (pid_ < 0) throw std::runtime_error("cannot fork");
        if (pid_ == 0) {
            setpgid(0, 0);
            dup2(open(out_.c_str(), O_WRONLY), STDOUT_FILENO);
            dup2(open(err_.c_str(), O_WRONLY), STDERR_FILENO);
            execv(LASTACK_COMMAND, argv.data());
            _exit(127);
        }
        setpgid(pid_, pid_);  // whoever of the two is first
    }
    ~Child() {
        if (running()) kill(-pid_, SIGKILL), waitpid(pid_, nullptr, 0);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const { kill(pid_, number); }
    // True while it has not ended; afterwards code() is its exit code, or 128 plus the signal that ended it.
    bool running() {
        int status = 0;
        if (code_ < 0 && waitpid(pid_, &status, WNOHANG) == pid_)
            code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
        return code_ < 0;
    }
    int code() const { return code_; }
    // Whether a process of its group is still there, once it has ended itself.
    bool left_processes() const { return kill(-pid_, 0) == 0; }
    std::string out() const { return lastack::testing::read_file(out_); }
    std::string err() const { return lastack::testing::read_file(err_); }

private:
    lastack::testing::TemporaryDirectory here_;
    std::string out_, err_;
    pid_t pid_ = -1;
    int code_ = -1;
};

}  // namespace command
