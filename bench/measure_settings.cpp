// `./dev measure settings`: the running kernel under other settings does what the profile linux says with them.
//
// Thirteen configurations, IPv4 and IPv6, each in a namespace of its own and all at once; the longest vector takes two
// minutes. Exit code 0 only where no vector fails and each claim was confirmed in one of its ways; 77 where the kernel
// cannot be driven.
#include <fmt/format.h>

#include "bench/figures.h"
#include "tests/harness/setting_sweep.h"

int main() {
    using namespace lastack;
    try {
        make_linux_target();
    } catch (const TargetUnavailable& error) {
        fmt::print("settings: the running kernel cannot be driven: {}\n", error.what());
        return 77;
    }
    constexpr double longest = 200;
    const std::vector<testing::SweepRow> rows = testing::sweep(testing::settings_to_sweep(), longest);
    fmt::print("{}", testing::sweep_table(rows));
    const std::vector<std::string> faults = testing::faults_of(rows);
    for (const std::string& fault : faults) fmt::print("  {}\n", fault);
    const bool met = bench::line("verdicts that are not as the profile says", fmt::format("{}", faults.size()), "0",
                                 faults.empty() && !rows.empty());
    fmt::print("settings: {}\n", met ? "every target is met" : "a target is missed");
    return met ? 0 : 1;
}
