// `./dev measure truth`: is what the tool says right? Each figure is a count of wrong answers, beside its target.
//
//   sim        every shipped profile's vectors, with those of --cover, played by that profile with each `may` both ways
//   random     2,000 random profiles from spec to verdict
//   pairs      500 pairs of random profiles that differ in one rule: diff and mutate beside brute force
//   specs      5,000 random specs: the engines and the judges of claims
//   kernel     the gate on the running kernel, 40 times with both processors idle and 40 times with both kept busy
//   settings   the kernel under other settings beside the profile under the same ones; up to 200 s
//   children   an empty child of each profile, the claims of the four-way close and of the catalogue, within 300,000
//              states
//   signals    SIGINT and SIGTERM in each long phase of each verb
//   suite      the tests, three times with both processors kept busy, by `./dev test` (half an hour)
//
// Arguments name the parts to run; without any, all. Exit code 0 only where every part ran and met its targets.
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "bench/figures.h"
#include "bench/measured_child.h"
#include "checker/claims/check.h"
#include "generators/suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/cli/interruptions.h"
#include "tests/harness/setting_sweep.h"
#include "tests/places.h"
#include "tests/random/judge_checks.h"
#include "tests/random/judge_pairs.h"
#include "tests/random/judge_vectors.h"

namespace {

using namespace lastack;
using namespace lastack::testing;

const std::string source = lastack::testing::source_dir();
const std::vector<std::string> family{"rfc793", "rfc9293", "rfc9293-literal", "rfc1337", "rfc5961",
                                      "linux",  "lwip",    "account"};

bool none(const std::string& what, std::size_t wrong) {
    return bench::line(what, fmt::format("{}", wrong), "0", wrong == 0);
}

void tell(const std::vector<std::string>& lines) {
    for (std::size_t i = 0; i < std::min<std::size_t>(lines.size(), 8); ++i) fmt::print("    {}\n", lines[i]);
}

// Keeps every processor busy for as long as it lives, by processes of its own.
class Busy {
public:
    Busy() {
        for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
            const pid_t child = ::fork();
            if (child == 0) {
                while (::getppid() != 1) continue;  // asking is work enough, and ends when whoever started it is gone
                ::_exit(0);
            }
            children_.push_back(child);
        }
    }
    ~Busy() {
        for (const pid_t child : children_) {
            ::kill(child, SIGKILL);
            ::waitpid(child, nullptr, 0);
        }
    }
    Busy(const Busy&) = delete;
    Busy& operator=(const Busy&) = delete;

private:
    std::vector<pid_t> children_;
};

// ---- sim

bool shipped_on_sim() {
    bool met = true;
    for (const std::string& name : family) {
        const Spec spec = read_spec(source + "/specs/" + name + ".spec");
        VectorTally tally;
        if (!spec.systems.empty()) tally = play_all(spec, vectors_of(spec, nullptr, 100'000'000), 0);
        fmt::print("{}: {} runs, {} passed, {} inconclusive\n", name, tally.runs, tally.passed, tally.inconclusive);
        met &= none(name + ": failed or in error", tally.failed + tally.errors);
        tell(tally.reasons);
    }
    return met;
}

// ---- random

bool random_profiles() {
    const VectorTally vectors = judge_vectors(1, 2000);
    fmt::print("{} random profiles, {} vectors, {} not made, {} runs: {} passed, {} inconclusive\n", vectors.specs,
               vectors.vectors, vectors.not_made, vectors.runs, vectors.passed, vectors.inconclusive);
    bool met = none("random profiles: vectors refuted", vectors.failed);
    met &= none("random profiles: errors", vectors.errors);
    met &= none("random profiles: read back otherwise", vectors.rewritten);
    const double share = 100.0 * static_cast<double>(vectors.plain_inconclusive) /
                         static_cast<double>(std::max<std::size_t>(vectors.plain_runs, 1));
    met &=
        bench::line("inconclusive where no rule is a choice", fmt::format("{:.2f} %", share), "<= 10 %", share <= 10);
    tell(vectors.reasons);
    return met;
}

bool random_pairs() {
    RandomKnobs drivable;
    drivable.drivable = true;
    PairCounts pairs = judge_pairs(1, 720, {}, 1);
    pairs += judge_pairs(1, 80, drivable, 1);
    fmt::print("{} pairs: {} alike, {} different ({} shown by a vector, {} differ in choices only), {} mutants, {} of "
               "them equivalent\n",
               pairs.pairs, pairs.same, pairs.different, pairs.shown, pairs.branching, pairs.mutants, pairs.equivalent);
    bool met = bench::line("pairs", fmt::format("{}", pairs.pairs), ">= 500", pairs.pairs >= 500);
    met &= none("pairs: diff or mutate says otherwise", pairs.wrong.size());
    tell(pairs.wrong);
    fmt::print("different, without a vector that tells them apart: {}\n", pairs.not_shown.size());
    tell(pairs.not_shown);
    return met;
}

bool random_specs() {
    bool met = true;
    const JudgedChecks checks = judge_checks(1, 5001);
    fmt::print("{} random specs with {} claims: {} hold, {} violated, {} unknown, {} traces\n", checks.specs,
               checks.claims, checks.holds, checks.violated, checks.unknown, checks.traces);
    met &= none("random specs: engines or judges differ", checks.failure.empty() ? 0 : 1);
    if (!checks.failure.empty()) fmt::print("{}\n", checks.failure);
    return met;
}

// ---- kernel

struct GateCount {
    std::size_t runs = 0, confirmed = 0, inconclusive = 0, wrong = 0;
    std::vector<std::string> reasons;
};

void gate_once(Target& target, const std::vector<TestVector>& vectors, GateCount& count) {
    const std::vector<TestRun> runs = drive(target, vectors, {});
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const Verdict verdict = runs[i].verdict;
        if (verdict == Verdict::skipped) continue;
        ++count.runs;
        count.confirmed += verdict == Verdict::pass;
        count.inconclusive += verdict == Verdict::inconclusive;
        const bool expected = vectors[i].refuted_expected ? verdict != Verdict::pass : verdict != Verdict::fail;
        if (expected && verdict != Verdict::error) continue;
        ++count.wrong;
        count.reasons.push_back(fmt::format("{} {}: {}", runs[i].vector_id, to_string(verdict), runs[i].reason));
    }
}

bool kernel_gate() {
    const Spec spec = read_spec(source + "/specs/linux.spec");
    const std::vector<TestVector> vectors = make_suite(spec, check(spec, {})).vectors;
    bool met = true;
    for (const bool busy : {false, true}) {
        std::optional<Busy> load;
        if (busy) load.emplace();
        GateCount count;
        for (int i = 0; i < 40; ++i) {
            const auto target = make_linux_target();
            gate_once(*target, vectors, count);
        }
        fmt::print("{}: {} runs of a vector, {} confirmed, {} inconclusive\n", busy ? "busy" : "idle", count.runs,
                   count.confirmed, count.inconclusive);
        met &= none(fmt::format("the gate, 40 times, {}: wrong verdicts", busy ? "busy" : "idle"), count.wrong);
        tell(count.reasons);
    }
    return met;
}

bool settings_sweep() {
    const std::vector<SweepRow> rows = sweep(settings_to_sweep(), 200, 1);
    fmt::print("{}", sweep_table(rows));
    const std::vector<std::string> faults = faults_of(rows);
    tell(faults);
    return none("settings: not as the profile says", faults.size());
}

// ---- the command

// The last line of a check, "237 claims: 230 as expected, 0 not, 7 unknown", of a profile
// that is named on the command line.
std::string claims_line(const std::string& file, const std::string& profile) {
    const bench::Took run = bench::run_measured(
        {lastack::testing::command_path(), "check", file, "--profile", profile, "--max-states", "300000"});
    const std::size_t line = run.output.rfind(" claims: ");
    if (line == std::string::npos) return fmt::format("no answer, exit {}", run.code);
    const std::size_t begin = run.output.rfind('\n', line) + 1;
    return run.output.substr(begin, run.output.find('\n', line) - begin);
}

bool empty_children() {
    bool met = true;
    const TemporaryDirectory here;
    for (const std::string& name : family) {
        for (const std::string claims : {"four-way-close", "properties"}) {
            if (name == "account" && claims == "properties") continue;  // it has no part in the catalogue
            const std::string uses =
                fmt::format("use \"{0}/specs/{1}.spec\"\nuse \"{0}/specs/{2}.spec\"\n", source, name, claims);
            const std::string of_parent = claims_line(here.write("parent.spec", uses), name);
            const std::string of_child = claims_line(
                here.write("child.spec", uses + fmt::format("profile child extends {} {{ }}\n", name)), "child");
            met &= bench::line(fmt::format("{}, an empty child of {}", claims, name),
                               of_child == of_parent ? "alike" : "differs", "alike", of_child == of_parent);
            fmt::print("    {}\n", of_child);
        }
    }
    return met;
}

bool signals() {
    std::vector<std::string> wrong;
    std::size_t tried = 0;
    double slowest = 0;
    for (const int signal : {SIGINT, SIGTERM}) {
        const TemporaryDirectory here;
        bench::run_measured({"/usr/bin/mkfifo", here.path() / "fifo"});
        for (const command::Phase& phase : command::long_phases(here.path().string())) {
            const command::Interrupted ended = command::interrupted_in(phase, signal);
            ++tried;
            slowest = std::max(slowest, ended.seconds);
            if (!ended.reached || ended.code != 30 || ended.seconds > 1)
                wrong.push_back(fmt::format("{}, signal {}: reached {}, exit {}, {:.2f} s", phase.name, signal,
                                            ended.reached, ended.code, ended.seconds));
        }
    }
    fmt::print("{} interruptions, the slowest took {:.2f} s\n", tried, slowest);
    tell(wrong);
    return none("interruptions: over a second, or not exit 30", wrong.size());
}

bool suite_when_busy() {
    const Busy load;
    std::size_t bad = 0;
    for (int i = 0; i < 3; ++i) {
        const bench::Took run = bench::run_measured({source + "/dev", "test"});
        const std::size_t end = run.output.find_last_not_of('\n');
        fmt::print("  {}\n", run.output.substr(run.output.rfind('\n', end) + 1, 60));
        bad += run.code != 0;
    }
    return none("the tests, 3 times, busy: runs that fail", bad);
}

}  // namespace

int main(int argc, char** argv) {
    const std::vector<std::pair<std::string, std::function<bool()>>> parts{
        {"sim", shipped_on_sim},      {"random", random_profiles}, {"pairs", random_pairs},
        {"specs", random_specs},      {"kernel", kernel_gate},     {"settings", settings_sweep},
        {"children", empty_children}, {"signals", signals},        {"suite", suite_when_busy}};
    return bench::run_parts(parts, {argv + 1, argv + argc});
}
