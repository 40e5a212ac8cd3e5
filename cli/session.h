// What every verb shares: exit codes, interruption, the progress line, and how failures reach the user.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <stdexcept>
#include <string>

#include "checker/claims/check.h"

namespace lastack {

enum ExitCode : int {
    exit_ok = 0,  // everything as expected
    exit_vacuous = 10,
    exit_deadlock = 11,
    exit_safety = 12,
    exit_liveness = 13,
    exit_conformance = 20,   // a target did what a vector does not allow, or a refutation that was expected is gone
    exit_inconclusive = 21,  // no failure, but a run without a verdict
    exit_limit = 30,         // unknown: a limit was hit, the run was interrupted, or a test could not be carried out
    exit_usage = 64,
    exit_bad_input = 65,
    exit_internal = 70,
    exit_skipped = 77,  // nothing could be driven
};

// After SIGINT or SIGTERM: finish with what there is, which a verb has a second for. Whatever is not over by then ends
// without its result: the file that is being written is removed, a message says so, the exit code is exit_limit. A
// second signal ends the process at once.
void watch_for_interrupts();
bool interrupted();
// The same once this time is over: --timeout.
void end_after(std::chrono::milliseconds time);
// "interrupted", or that the time of --timeout is over.
const char* why_interrupted();
// Readable once interrupted() is true: for whoever waits in poll().
int interrupt_descriptor();

// An interrupt came where nothing could be said yet: exit 30. what() says what was left out.
class Interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// One line on standard error that overwrites itself; silent where that is not a terminal.
class ProgressLine {
public:
    ProgressLine();
    ~ProgressLine() { clear(); }
    void activity(const std::string& what);
    void states(const Progress& so_far);
    void runs(std::size_t done, std::size_t all);
    void clear();

private:
    void show(const std::string& text);
    bool terminal_;
    bool shown_ = false;
    std::string activity_;
    std::chrono::steady_clock::time_point began_, last_;
};

// On standard output, with the words of verdicts in colour where that is a terminal that has some and NO_COLOR is not
// set (https://no-color.org).
void say(const std::string& text);

// In lines of at most 80 columns where words allow it; a line of a spec that is drawn with a caret below it stays as it
// is.
std::string in_columns(const std::string& text);
// On standard error: for people in_columns(), for a program, or a log that is searched, a line as it is.
void complain(const std::string& text);

// Arguments that are understood one by one and make no sense together: exit 64.
class UsageError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// Runs a verb; what it throws becomes a message on standard error and an exit code.
int guarded(const std::function<int()>& verb);

// The exit code that a check deserves by itself: exit_limit after an interrupt.
int exit_code_of(const CheckReport& report);

}  // namespace lastack
