// `./dev measure harness [PART...]`: what driving costs, and how often it errs.
//
// - kernel: 10,000 vectors that wait for no timer of more than 1.5 s on the running kernel, in under 10 s.
// - time-wait: 15,000 connections in TIME-WAIT at once last about as long as one does: at most 1.1 times.
// - lwip: at least 20,000 small vectors a second behind the adapter of lwIP, in virtual time.
// - busy: `default` on the kernel, 100 times, while every processor has other work: nothing refuted, no error, at most
//   1 % inconclusive behind their three tries, those on another course left out.
// - machine: the suite `timers` on a kernel in a virtual machine in at most two minutes, boot included, twice with the
//   same bytes; none of those that the running kernel is asked, too (at most 10 s long), is confirmed by one and
//   refuted by the other. What the profile leaves open two kernels may decide otherwise: such differences are listed.
//
// Suites are those of specs/linux.spec, made by the command. A part that cannot be driven here is left out.
#include <fmt/format.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "bench/figures.h"
#include "generators/suite_file.h"
#include "harness/adapter_link.h"
#include "harness/driver.h"
#include "harness/records.h"
#include "harness/targets.h"
#include "report/goal_tally.h"
#include "tests/harness/hand_vectors.h"
#include "tests/places.h"
#include "tests/support.h"

namespace {

using namespace lastack;
using bench::line;
using Clock = std::chrono::steady_clock;

constexpr int tries = 3;  // as of the command

double seconds_since(Clock::time_point began) { return std::chrono::duration<double>(Clock::now() - began).count(); }

std::vector<TestVector> suite(const std::string& name) {
    const testing::TemporaryDirectory here;
    int code = 1;
    const std::string said = testing::run(testing::quoted(testing::command_path()) + " generate " +
                                              testing::quoted(testing::source_dir() + "/specs/linux.spec") +
                                              " --suite " + name + " -o " + testing::quoted(here.path().string()),
                                          &code);
    if (code != 0) throw std::runtime_error("the suite " + name + " was not made: " + said);
    return suite_from_lines(testing::read_file(here.path() / (name + ".jsonl")));
}

struct Counts {
    std::map<Verdict, std::size_t> of;
    std::size_t all = 0, other_courses = 0;  // of the inconclusive ones, those that leave nothing open
    void add(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
        for (const TestRun& run : runs) ++of[run.verdict];
        const std::vector<bool> others = on_other_courses(vectors, runs);
        other_courses += static_cast<std::size_t>(std::count(others.begin(), others.end(), true));
        all += runs.size();
    }
    std::size_t open() { return of[Verdict::inconclusive] - other_courses; }
    std::string text() const {
        std::string text;
        for (const auto& [verdict, count] : of) text += fmt::format(" {} {}", count, to_string(verdict));
        if (other_courses > 0) text += fmt::format(" ({} on another course, which leave nothing open)", other_courses);
        return text;
    }
};

bool kernel_part() {
    const auto target = make_linux_target();
    const std::vector<TestVector> some = suite("default");
    std::vector<TestVector> vectors;
    while (vectors.size() < 10'000) vectors.push_back(some[vectors.size() % some.size()]);
    const auto began = Clock::now();
    Counts counts;
    counts.add(vectors, drive(*target, vectors, {}));
    const double took = seconds_since(began);
    fmt::print("{} vectors, of {} different ones:{}\n", vectors.size(), some.size(), counts.text());
    return line("10,000 vectors on the kernel", fmt::format("{:.1f} s", took), "< 10 s", took < 10);
}

// The application closes first, and the connection is gone when TIME-WAIT is over.
TestVector waits_for_time_wait() {
    TestVector vector = hand::active_close();
    vector.steps.push_back(hand::then(hand::wait("time_wait", {55'000'000, 80'000'000}, 2), {}, "CLOSED"));
    return vector;
}

double time_waits(Target& target, int count) {
    DriveOptions options;
    options.at_once = count;
    options.longest_us = 200'000'000;
    const auto began = Clock::now();
    Counts counts;
    const std::vector<TestVector> all(static_cast<std::size_t>(count), waits_for_time_wait());
    counts.add(all, drive(target, all, options));
    const double took = seconds_since(began);
    fmt::print("{} at once, {:.1f} s:{}\n", count, took, counts.text());
    std::fflush(stdout);
    return counts.of[Verdict::pass] == counts.all ? took : -1;
}

bool time_wait_part() {
    const auto target = make_linux_target();
    const double one = time_waits(*target, 1), many = time_waits(*target, 15'000);
    const bool met = one > 0 && many > 0 && many < 1.1 * one;
    return line("15,000 TIME-WAITs, times of one", fmt::format("{:.2f}", many / one), "<= 1.1", met);
}

bool lwip_part() {
    const std::string program = testing::command_path().substr(0, testing::command_path().rfind('/')) + "/adapter/lwip";
    if (::access(program.c_str(), X_OK) != 0) throw TargetUnavailable("no adapter of lwIP: " + program);
    const auto target = make_adapter_target({AdapterPlace::Kind::exec, program}, {});
    std::vector<TestVector> vectors;
    for (int i = 0; i < 40'000; ++i) vectors.push_back(i % 2 == 0 ? hand::passive_close() : hand::abort_call());
    std::vector<double> rates;
    Counts counts;
    for (int i = 0; i < 3; ++i) {
        const auto began = Clock::now();
        counts.add(vectors, drive(*target, vectors, {}));
        rates.push_back(static_cast<double>(vectors.size()) / seconds_since(began));
    }
    fmt::print("{} vectors:{}\n", counts.all, counts.text());
    const double rate = bench::median(rates);
    return line("small vectors a second on lwIP", fmt::format("{:.0f}", rate), ">= 20,000",
                rate >= 20'000 && counts.of[Verdict::pass] == counts.all);
}

// Children that keep every processor busy.
class Load {
public:
    Load() {
        const pid_t parent = ::getpid();
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                while (::getppid() == parent) {
                }
                ::_exit(0);
            }
            children_.push_back(child);
        }
    }
    Load(const Load&) = delete;
    Load& operator=(const Load&) = delete;
    ~Load() {
        for (const pid_t child : children_) {
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
    }

private:
    std::vector<pid_t> children_;
};

bool busy_part(int times) {
    const std::vector<TestVector> vectors = suite("default");
    const auto target = make_linux_target();
    const Load load;
    DriveOptions options;
    options.tries = tries;
    Counts counts;
    const auto began = Clock::now();
    for (int i = 0; i < times; ++i) {
        const std::vector<TestRun> runs = drive(*target, vectors, options);
        for (const TestRun& run : runs)
            if (run.verdict == Verdict::fail || run.verdict == Verdict::error)
                fmt::print("  {}: {}\n", run.vector_id, run.reason);
        counts.add(vectors, runs);
    }
    fmt::print("{} runs of {} vectors in {:.0f} s:{}\n", times, vectors.size(), seconds_since(began), counts.text());
    const std::size_t wrong = counts.of[Verdict::fail], errors = counts.of[Verdict::error];
    const double open = 100.0 * static_cast<double>(counts.open()) / static_cast<double>(counts.all);
    bool met = line("refuted on a busy machine", fmt::format("{}", wrong), "0", wrong == 0);
    met &= line("errors on a busy machine", fmt::format("{}", errors), "0", errors == 0);
    return line("inconclusive on a busy machine", fmt::format("{:.2f} %", open), "<= 1 %", open <= 1) && met;
}

std::string bytes_of(const std::vector<TestRun>& runs) {
    std::string bytes;
    for (const TestRun& run : runs) put_record(bytes, run);
    return bytes;
}

bool machine_part() {
    const auto machine = make_vm_target("");
    const std::vector<TestVector> vectors = suite("timers");
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    options.tries = tries;
    std::vector<double> took;
    std::array<std::vector<TestRun>, 2> runs;
    for (std::vector<TestRun>& one : runs) {
        const auto began = Clock::now();
        one = drive(*machine, vectors, options);
        took.push_back(seconds_since(began));
    }
    Counts counts;
    counts.add(vectors, runs[0]);
    fmt::print("{}, {} vectors:{}\n", machine->description(), vectors.size(), counts.text());
    const double longest = std::max(took[0], took[1]);
    bool met =
        line("timers on linux-vm, the longer of two", fmt::format("{:.0f} s", longest), "<= 120 s", longest <= 120);
    const bool same = bytes_of(runs[0]) == bytes_of(runs[1]);
    met &= line("both runs have the same bytes", same ? "yes" : "no", "yes", same);

    const auto kernel = make_linux_target();
    DriveOptions usual;
    usual.tries = tries;
    const std::vector<TestRun> here = drive(*kernel, vectors, usual);
    std::size_t compared = 0, against = 0;
    for (std::size_t i = 0; i < here.size(); ++i) {
        if (here[i].verdict == Verdict::skipped) continue;
        ++compared;
        if (here[i].verdict == runs[0][i].verdict) continue;
        against += here[i].verdict != Verdict::inconclusive && runs[0][i].verdict != Verdict::inconclusive;
        fmt::print("  {}: {} here, {} there: {}{}\n", vectors[i].id, to_string(here[i].verdict),
                   to_string(runs[0][i].verdict), here[i].reason, runs[0][i].reason);
    }
    return line(fmt::format("of {} verdicts, against those of here", compared), fmt::format("{}", against), "0",
                against == 0) &&
           met;
}

}  // namespace

int main(int argc, char** argv) {
    return bench::run_parts({{"kernel", kernel_part},
                             {"time-wait", time_wait_part},
                             {"lwip", lwip_part},
                             {"busy", [] { return busy_part(100); }},
                             {"busy-short", [] { return busy_part(5); }},
                             {"machine", machine_part}},
                            {argv + 1, argv + argc});
}
