// The command as a child in a session of its own, for tests that interrupt it. On demand it has a terminal: then it
// tells what it is doing, and a test can wait for that instead of for a time.
#pragma once

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/places.h"
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

enum class Terminal { none, standard_input_and_error };

class Child {
public:
    explicit Child(const std::vector<std::string>& arguments, Terminal terminal = Terminal::none)
        : out_(here_.write("out", "")), err_(here_.write("err", "")) {
        if (terminal != Terminal::none) open_terminal();
        std::vector<char*> argv{const_cast<char*>(lastack::testing::command_path().c_str())};
        for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
        argv.push_back(nullptr);
        pid_ = fork();
        if (pid_ < 0) throw std::runtime_error("cannot fork");
        if (pid_ == 0) {
            setsid();
            connect();
            execv(lastack::testing::command_path().c_str(), argv.data());
            _exit(127);
        }
    }
    ~Child() {
        if (running()) kill(pid_, SIGKILL), waitpid(pid_, nullptr, 0);
        if (master_ >= 0) close(master_);
    }
    Child(const Child&) = delete;
    Child& operator=(const Child&) = delete;

    pid_t pid() const { return pid_; }
    void signal(int number) const { kill(pid_, number); }
    // Keys pressed at its terminal; "\x03" is Ctrl-C.
    void type(const std::string& keys) const {
        if (write(master_, keys.data(), keys.size()) != static_cast<ssize_t>(keys.size()))
            throw std::runtime_error("cannot write to the terminal");
    }
    // True while it has not ended; afterwards code() is its exit code, or 128 plus the signal that ended it.
    bool running() {
        listen();
        int status = 0;
        struct rusage used {};
        if (code_ < 0 && wait4(pid_, &status, WNOHANG, &used) == pid_) {
            code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
            const auto seconds = [](const timeval& time) {
                return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
            };
            processor_ = seconds(used.ru_utime) + seconds(used.ru_stime);
            listen();
        }
        return code_ < 0;
    }
    int code() const { return code_; }
    // Whether a process of its group is still there, once it has ended itself.
    bool left_processes() const { return kill(-pid_, 0) == 0; }
    std::string out() const { return lastack::testing::read_file(out_); }
    std::string err() const { return lastack::testing::read_file(err_); }
    // All that came to its terminal.
    const std::string& shown() {
        listen();
        return shown_;
    }
    // The command is at work and has a handler for that signal. (What a test program handles, its child does before
    // exec, too.)
    bool catches(int number) const {
        std::error_code gone;
        const auto program = std::filesystem::read_symlink("/proc/" + std::to_string(pid_) + "/exe", gone);
        if (program == std::filesystem::read_symlink("/proc/self/exe", gone)) return false;
        std::ifstream status("/proc/" + std::to_string(pid_) + "/status");
        for (std::string word; status >> word;) {
            std::uint64_t caught = 0;
            if (word == "SigCgt:" && status >> std::hex >> caught) return (caught >> (number - 1) & 1) != 0;
        }
        return false;
    }
    // Seconds of processor time so far, of all its threads.
    double processor_seconds() {
        if (!running()) return processor_;
        std::ifstream stat("/proc/" + std::to_string(pid_) + "/stat");
        std::string text{std::istreambuf_iterator<char>(stat), std::istreambuf_iterator<char>()};
        text.erase(0, text.rfind(')') + 1);  // the name of the command may have blanks
        std::istringstream fields(text);
        std::string skipped;
        for (int field = 3; field < 14; ++field) fields >> skipped;  // proc(5): utime is field 14, stime 15
        double user = 0, system = 0;
        fields >> user >> system;
        return (user + system) / static_cast<double>(sysconf(_SC_CLK_TCK));
    }

private:
    void open_terminal() {
        master_ = posix_openpt(O_RDWR | O_NOCTTY | O_CLOEXEC | O_NONBLOCK);
        char name[64];
        if (master_ < 0 || grantpt(master_) != 0 || unlockpt(master_) != 0 ||
            ptsname_r(master_, name, sizeof name) != 0)
            throw std::runtime_error("cannot open a terminal");
        terminal_ = name;
    }
    void connect() const {  // in the child
        dup2(open(out_.c_str(), O_WRONLY), STDOUT_FILENO);
        if (terminal_.empty()) {
            dup2(open("/dev/null", O_RDONLY), STDIN_FILENO);
            dup2(open(err_.c_str(), O_WRONLY), STDERR_FILENO);
            return;
        }
        const int terminal = open(terminal_.c_str(), O_RDWR);
        ioctl(terminal, TIOCSCTTY, 0);
        dup2(terminal, STDIN_FILENO);
        dup2(terminal, STDERR_FILENO);
    }
    void listen() {
        char piece[4096];
        for (ssize_t got = 0; master_ >= 0 && (got = read(master_, piece, sizeof piece)) > 0;)
            shown_.append(piece, static_cast<std::size_t>(got));
    }

    lastack::testing::TemporaryDirectory here_;
    std::string out_, err_, terminal_, shown_;
    int master_ = -1;
    pid_t pid_ = -1;
    int code_ = -1;
    double processor_ = 0;
};

}  // namespace command
