// Explorations by several threads, in a program of its own that the thread sanitizer watches:
// tests/checker/engine/threads_test.cpp runs it and reads what it prints, a line for each exploration.
//
//   explore_in_parallel        explores
//   explore_in_parallel race   adds to one number from two threads, which the sanitizer has to report
#include <fmt/core.h>

#include <exception>
#include <string>
#include <thread>
#include <utility>

#include "tests/checker/exploring.h"

namespace {

using namespace lastack;
using namespace lastack::testing;

// Its hooks want to see somebody else's step in every local state: rows are put off for their sake, too.
struct AskingForIdleSteps : Unwatched {
    Needs needs() const { return {false, false, true}; }
};

void explore_with(const char* file, const char* name, int threads, StripStore::Index index) {
    const Spec& spec = shipped_spec(file);
    System system(spec, system_named(spec, name));
    Explorer explorer(system);
    Bounds bounds;
    bounds.threads = threads;
    bounds.index = index;
    const Coverage coverage = explorer.run(bounds, AskingForIdleSteps{});
    fmt::print("{} {} {}: {} states, {} transitions, depth {}{}\n", name, threads,
               index == StripStore::Index::direct ? "direct" : "hash", coverage.states, coverage.transitions,
               coverage.depth, coverage.complete ? "" : ", not complete");
}

void explore_all() {
    using enum StripStore::Index;
    for (const auto& [threads, index] : {std::pair(2, direct), std::pair(3, hash)}) {
        explore_with("bench/tcpclose.spec", "d0_r1_c2", threads, index);
        explore_with("linux.spec", "crossing", threads, index);
        explore_with("incarnations.spec", "reopened", threads, index);
    }
}

int race() {
    int number = 0;
    const auto add = [&number] {
        for (int i = 0; i < 1000; ++i) ++number;
    };
    {
        const std::jthread other(add);
        add();
    }
    return number;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        if (argc == 2 && std::string(argv[1]) == "race") return race() == 0;
        explore_all();
        return 0;
    } catch (const std::exception& problem) {
        fmt::print(stderr, "{}\n", problem.what());
        return 70;
    }
}
