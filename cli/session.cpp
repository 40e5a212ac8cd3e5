#include "cli/session.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <condition_variable>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <filesystem>
#include <iostream>
#include <mutex>
#include <new>
#include <sstream>
#include <system_error>
#include <thread>
#include <vector>

#include "checker/claims/liveness.h"
#include "cli/output.h"
#include "cli/requirement.h"
#include "generators/itf.h"
#include "generators/vector_json.h"
#include "harness/target.h"
#include "report/baseline.h"
#include "report/check_text.h"
#include "report/colour.h"
#include "report/run_merge.h"

namespace lastack {

namespace {

// How long an interrupted verb may go on. On a machine that is busy with something else it gets as much processor time,
// so that what it has to say does not depend on others; where it uses none it waits for what may never come.
constexpr std::int64_t deadline_ns = 850'000'000, idle_ns = 20'000'000;
constexpr std::int64_t look_ns = 100'000'000;  // from then on
constexpr int looks_at_idleness = 8;           // every so many: in a shorter time a busy machine may give it nothing

std::atomic<bool> interrupt_seen{false}, time_over{false};
std::atomic<std::int64_t> used_at_interrupt{0}, used_at_look{0};
std::atomic<int> looks{0};
int interrupt_pipe[2] = {-1, -1};
timer_t deadline_timer;
bool on_terminal = false;  // standard error

// What follows runs in handlers of signals: nothing but async-signal-safe functions (signal-safety(7)).
std::int64_t processor_time_ns() {
    struct timespec used {};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
    return std::int64_t{used.tv_sec} * 1'000'000'000 + used.tv_nsec;
}

void look_again_in(std::int64_t ns) {
    struct itimerspec once {};
    once.it_value.tv_nsec = ns;
    timer_settime(deadline_timer, 0, &once, nullptr);
}

void on_interrupt(int signal) {
    const int before = errno;
    if (interrupt_seen.exchange(true)) {  // the second one does not wait
        remove_unfinished_output();
        std::_Exit(128 + signal);
    }
    used_at_interrupt = used_at_look = processor_time_ns();
    look_again_in(deadline_ns);
    if (write(interrupt_pipe[1], "!", 1) != 1) interrupt_seen = true;  // a pipe that is full is readable, too
    errno = before;
}

void on_time_over(int) {
    if (interrupt_seen) return;
    time_over = true;
    on_interrupt(SIGTERM);
}

void on_deadline(int) {
    const int before = errno;
    const std::int64_t used = processor_time_ns();
    const bool waits = looks++ % looks_at_idleness == 0 && used - used_at_look.exchange(used) < idle_ns;
    if (waits || used - used_at_interrupt >= deadline_ns) {
        remove_unfinished_output();
        for (const char* said :
             {on_terminal ? "\r\033[K" : "", "lastack: ", why_interrupted(), ": ended before it had a result\n"})
            if (write(STDERR_FILENO, said, std::strlen(said)) < 0) break;
        std::_Exit(exit_limit);
    }
    look_again_in(look_ns);
    errno = before;
}

constexpr std::size_t terminal_columns = 79;  // a longer line would leave its beginning behind
constexpr auto redraw = std::chrono::milliseconds(100);

// Keeps the progress line moving where the work does not tell of itself: the seconds go on. A thread of its own, only
// while a line is shown. Signals are left to the others.
class Ticker {
public:
    ~Ticker() { stop(); }
    void show(const std::string& text) {
        const std::lock_guard lock(mutex_);
        if (!thread_.joinable()) {
            began_ = std::chrono::steady_clock::now();
            sigset_t all, before;
            sigfillset(&all);
            pthread_sigmask(SIG_SETMASK, &all, &before);
            thread_ = std::thread([this] { run(); });
            pthread_sigmask(SIG_SETMASK, &before, nullptr);
        } else if (text == text_) {
            return;  // nothing new: the seconds say that it goes on
        }
        text_ = text;
        print(text_);
    }
    void begin() {
        const std::lock_guard lock(mutex_);
        began_ = std::chrono::steady_clock::now();
    }
    void stop() {
        {
            const std::lock_guard lock(mutex_);
            over_ = true;
        }
        changed_.notify_all();
        if (thread_.joinable()) thread_.join();
        over_ = false;
    }

private:
    void print(const std::string& text) {
        std::fprintf(stderr, "\r\033[K%s", text.c_str());
        std::fflush(stderr);
        last_ = std::chrono::steady_clock::now();
    }
    void run() {
        constexpr auto silence = std::chrono::milliseconds(500);
        std::unique_lock lock(mutex_);
        while (!over_) {
            changed_.wait_for(lock, silence);
            const auto now = std::chrono::steady_clock::now();
            if (over_ || now - last_ < silence) continue;
            const std::string seconds = fmt::format(", {:.0f} s", std::chrono::duration<double>(now - began_).count());
            print(clipped(text_, terminal_columns - seconds.size()) + seconds);
        }
    }

    std::mutex mutex_;
    std::condition_variable changed_;
    std::thread thread_;
    std::string text_;
    bool over_ = false;
    std::chrono::steady_clock::time_point began_, last_;
};
Ticker ticker;

}  // namespace

void watch_for_interrupts() {
    on_terminal = isatty(STDERR_FILENO) == 1;
    struct sigaction action {};
    action.sa_handler = on_interrupt;
    action.sa_flags = SA_RESTART;  // reading the spec and writing the report must not fail half-way
    sigemptyset(&action.sa_mask);
    if (pipe2(interrupt_pipe, O_CLOEXEC | O_NONBLOCK) != 0)
        throw std::system_error(errno, std::generic_category(), "a pipe for interrupts");
    struct sigevent event {};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGALRM;
    if (timer_create(CLOCK_MONOTONIC, &event, &deadline_timer) != 0)
        throw std::system_error(errno, std::generic_category(), "a timer for interrupts");
    sigaction(SIGINT, &action, nullptr);
    sigaction(SIGTERM, &action, nullptr);
    action.sa_handler = on_deadline;
    sigaction(SIGALRM, &action, nullptr);
}

void end_after(std::chrono::milliseconds time) {
    struct sigaction action {};
    action.sa_handler = on_time_over;
    action.sa_flags = SA_RESTART;
    sigemptyset(&action.sa_mask);
    sigaction(SIGRTMIN, &action, nullptr);
    struct sigevent event {};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGRTMIN;
    timer_t timer;
    struct itimerspec once {};
    once.it_value.tv_sec = time.count() / 1000;
    once.it_value.tv_nsec = time.count() % 1000 * 1'000'000;
    if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0 || timer_settime(timer, 0, &once, nullptr) != 0)
        throw std::system_error(errno, std::generic_category(), "a timer for --timeout");
}

const char* why_interrupted() { return time_over ? "the time of --timeout is over" : "interrupted"; }

int interrupt_descriptor() { return interrupt_pipe[0]; }

bool interrupted() { return interrupt_seen.load(std::memory_order_relaxed); }

ProgressLine::ProgressLine() : terminal_(isatty(STDERR_FILENO) == 1) {}

void ProgressLine::show(const std::string& text) {
    ticker.show(text);
    shown_ = true;
}

void ProgressLine::activity(const std::string& what) {
    activity_ = what;
    began_ = std::chrono::steady_clock::now();
    last_ = began_;
    ticker.begin();
    if (terminal_) show(clipped(what, terminal_columns));
}

void ProgressLine::states(const Progress& so_far) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now - last_ < redraw) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - began_).count();
    const auto millions = [](std::uint64_t count) { return static_cast<double>(count) / 1e6; };
    const std::string of = so_far.expected > so_far.states ? fmt::format(" of ~{:.0f}", millions(so_far.expected)) : "";
    show(clipped(fmt::format("{}: {:.1f}{} M states, {:.1f} M/s, {:.1f} M waiting, depth {}, {:.2f} GB", activity_,
                             millions(so_far.states), of, millions(so_far.states) / seconds, millions(so_far.waiting),
                             so_far.depth, static_cast<double>(so_far.bytes) / 1e9),
                 terminal_columns));
}

void ProgressLine::runs(std::size_t done, std::size_t all) {
    const auto now = std::chrono::steady_clock::now();
    if (!terminal_ || now - last_ < redraw) return;
    last_ = now;
    show(fmt::format("driving: {} of {} vectors done", done, all));
}

void ProgressLine::clear() {
    if (!shown_) return;
    ticker.stop();
    std::fputs("\r\033[K", stderr);
    shown_ = false;
}

void say(const std::string& text) {
    const auto variable = [](const char* name) {
        const char* const value = std::getenv(name);
        return std::string(value == nullptr ? "" : value);
    };
    static const bool in_colour =
        isatty(STDOUT_FILENO) == 1 && variable("NO_COLOR").empty() && variable("TERM") != "dumb";
    std::fputs((in_colour ? coloured(text) : text).c_str(), stdout);
    std::fflush(stdout);
}

std::string in_columns(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream all(text);
    for (std::string line; std::getline(all, line);) lines.push_back(line);
    const auto begin_of = [](const std::string& line) { return std::min(line.find_first_not_of(" \t"), line.size()); };
    const auto caret = [&](std::size_t i) {
        return i < lines.size() && begin_of(lines[i]) < lines[i].size() && lines[i][begin_of(lines[i])] == '^' &&
               lines[i].find_first_not_of('~', begin_of(lines[i]) + 1) == std::string::npos;
    };
    std::string out;
    for (std::size_t i = 0; i < lines.size(); ++i) {
        const std::size_t indent = begin_of(lines[i]);
        const bool kept = lines[i].size() <= terminal_columns || caret(i) || caret(i + 1);
        out +=
            (kept ? lines[i] : std::string(indent, ' ') + wrapped(lines[i], indent, std::max<std::size_t>(indent, 4))) +
            "\n";
    }
    return out;
}

void complain(const std::string& text) {
    std::fputs((on_terminal ? in_columns(text) : text + (text.ends_with('\n') ? "" : "\n")).c_str(), stderr);
}

int guarded(const std::function<int()>& verb) {
    const auto ended = [](const std::string& text, int code) {
        complain(text);
        return code;
    };
    try {
        const int code = verb();
        // A report that nobody got is no success: a full disk, a closed pipe that
        // is ignored.
        std::cout.flush();  // the help is written there
        if (std::fflush(stdout) != 0 || std::ferror(stdout) != 0 || !std::cout)
            return ended("lastack: standard output cannot be written", exit_bad_input);
        if (interrupted() && code == exit_limit)
            return ended(fmt::format("lastack: {}: this is what there was until then, and no more", why_interrupted()),
                         code);
        return code;
    } catch (const UsageError& error) {
        return ended(std::string("lastack: ") + error.what(), exit_usage);
    } catch (const Interrupted& error) {
        return ended(fmt::format("lastack: {}: {}", why_interrupted(), error.what()), exit_limit);
    } catch (const SpecError& error) {
        return ended(error.what(), exit_bad_input);
    } catch (const ModelError& error) {
        return ended(std::string("lastack: the profile breaks its own declarations: ") + error.what(), exit_bad_input);
    } catch (const TraceFormatError& error) {
        return ended(std::string("lastack: not a trace: ") + error.what(), exit_bad_input);
    } catch (const VectorFormatError& error) {
        return ended(std::string("lastack: not a test vector: ") + error.what(), exit_bad_input);
    } catch (const BaselineError& error) {
        return ended(std::string("lastack: ") + error.what(), exit_bad_input);
    } catch (const MergeError& error) {
        return ended(std::string("lastack: ") + error.what(), exit_bad_input);
    } catch (const RequirementMissed& error) {
        return ended(error.what(), exit_limit);
    } catch (const TargetUnavailable& error) {
        return ended(std::string("lastack: skipped: ") + error.what(), exit_skipped);
    } catch (const TargetLost& error) {
        return ended(std::string("lastack: the target cannot be driven: ") + error.what(), exit_limit);
    } catch (const std::length_error& error) {
        return ended(std::string("lastack: too large: ") + error.what(), exit_limit);
    } catch (const std::bad_alloc&) {
        return ended("lastack: out of memory", exit_limit);
    } catch (const std::filesystem::filesystem_error& error) {
        return ended(fmt::format("lastack: {}: {}", error.path1().string(), error.code().message()), exit_bad_input);
    } catch (const std::exception& error) {
        return ended(std::string("lastack: internal error: ") + error.what(), exit_internal);
    }
}

int exit_code_of(const CheckReport& report) {
    if (report.claims.empty()) return exit_vacuous;  // nothing was asked, so nothing was answered
    int code = exit_ok;
    if (interrupted()) return exit_limit;
    for (const CheckResult& result : report.claims) {
        if (result.as_expected) continue;
        if (result.is_open()) {
            if (code == exit_ok) code = exit_limit;
        } else if (result.claim->kind == Claim::Kind::ends) {
            if (code != exit_safety) code = exit_deadlock;
        } else if (result.vacuous() && !result.trace) {
            if (code == exit_ok) code = exit_vacuous;
        } else if (result.claim->kind == Claim::Kind::recoverable || is_liveness(result.claim->kind)) {
            if (code != exit_safety && code != exit_deadlock) code = exit_liveness;
        } else {
            code = exit_safety;
        }
    }
    return code;
}

}  // namespace lastack
