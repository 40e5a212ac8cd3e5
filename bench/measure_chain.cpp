// `./dev measure chain`: the speed of the main job, each figure beside its target.
//
// Exploration: CPU time of exploring the system `lossy` of specs/linux.spec, tables built on the way, median of five.
// Driving: wall time of at least 1,000 vectors without a timer to wait for (those of all claims, and of each rule in
// each state), all through one TUN, median of five; each vector has a connection of its own, and its verdict must be
// pass. Exit code 0 only where every target is met; 77 where the kernel cannot be driven.
#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <vector>

#include "bench/figures.h"
#include "checker/claims/check.h"
#include "generators/suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/checker/exploring.h"
#include "tests/places.h"

namespace {

using namespace lastack;
using bench::line;
using bench::median;

constexpr int runs = 5;
constexpr double states_per_second_target = 1e6;
constexpr double states_target = 1e6;
constexpr std::size_t vectors_target = 1000;
constexpr double drive_seconds_target = 5;

bool measure_exploration(const Spec& spec) {
    std::vector<double> rates;
    Coverage coverage;
    for (int i = 0; i < runs; ++i) {
        coverage = testing::explore(spec, *spec.system("lossy"));
        rates.push_back(static_cast<double>(coverage.states) / coverage.seconds);
    }
    const double rate = median(rates);
    bool met = line("states of linux.spec, system lossy", fmt::format("{}", coverage.states), ">= 1,000,000",
                    static_cast<double>(coverage.states) >= states_target && coverage.complete);
    met &=
        line("states per CPU second", fmt::format("{:.2f} M", rate / 1e6), ">= 1 M", rate >= states_per_second_target);
    const auto [low, high] = std::minmax_element(rates.begin(), rates.end());
    fmt::print("  (five runs, {:.2f} to {:.2f} M states/s; {} transitions; {:.1f} bytes a state)\n", *low / 1e6,
               *high / 1e6, coverage.transitions,
               static_cast<double>(coverage.bytes) / static_cast<double>(coverage.states));
    return met;
}

bool has_wait(const TestVector& vector) {
    return std::any_of(vector.steps.begin(), vector.steps.end(),
                       [](const VectorStep& step) { return step.kind == VectorStep::Kind::wait; });
}

bool uses_choice(const Profile& profile, const Trace& trace) {
    for (const TraceStep& step : trace.steps) {
        for (const std::string& name : step.rules) {
            const Rule* rule = profile.rule(name);
            if (step.end == 0 && rule && rule->may) return true;
        }
    }
    return false;
}

std::vector<TestVector> short_vectors(const Spec& spec, std::size_t& distinct) {
    // A vector about a choice is inconclusive where the kernel chooses otherwise: only rules that are none.
    GoalReport goals = cover_rules(spec, {});
    const Profile& profile = *spec.profile(spec.subject);
    std::erase_if(goals.goals, [&](const Goal& goal) { return uses_choice(profile, goal.trace); });
    SuiteOptions options;
    options.look_us =
        0;  // how long silence is watched at the end is the user's choice; what is measured is the driving
    Suite suite = make_suite(spec, check(spec, {}), options);
    add_goals(spec, goals, options, suite);
    std::vector<TestVector> vectors = std::move(suite.vectors);
    std::erase_if(vectors, has_wait);
    distinct = vectors.size();
    while (!vectors.empty() && vectors.size() < vectors_target) vectors.push_back(vectors[vectors.size() - distinct]);
    return vectors;
}

bool measure_driving(const Spec& spec, Target& target) {
    std::size_t distinct = 0;
    const std::vector<TestVector> vectors = short_vectors(spec, distinct);
    std::vector<double> seconds;
    std::size_t passed = 0, all = 0;
    for (int i = 0; i < runs; ++i) {
        const auto start = std::chrono::steady_clock::now();
        const std::vector<TestRun> results = drive(target, vectors, {});
        seconds.push_back(std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
        all += results.size();
        passed += static_cast<std::size_t>(std::count_if(
            results.begin(), results.end(), [](const TestRun& run) { return run.verdict == Verdict::pass; }));
    }
    const double time = median(seconds);
    bool met = line("vectors without a long timer, one TUN", fmt::format("{}", vectors.size()), ">= 1,000",
                    vectors.size() >= vectors_target);
    met &= line("wall time to drive them", fmt::format("{:.2f} s", time), "< 5 s", time < drive_seconds_target);
    met &= line("verdicts that are pass, of all five runs", fmt::format("{} of {}", passed, all), "all", passed == all);
    const auto [low, high] = std::minmax_element(seconds.begin(), seconds.end());
    fmt::print("  (five runs, {:.2f} to {:.2f} s; {} distinct vectors, repeated; {})\n", *low, *high, distinct,
               target.description());
    return met;
}

}  // namespace

int main() {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/linux.spec");
    bool met = measure_exploration(spec);
    try {
        const auto target = make_linux_target();
        met &= measure_driving(spec, *target);
    } catch (const TargetUnavailable& error) {
        fmt::print("chain: the running kernel cannot be driven: {}\n", error.what());
        return 77;
    }
    fmt::print("chain: {}\n", met ? "every target is met" : "a target is missed");
    return met ? 0 : 1;
}
