// Threads that share a level do so without a data race, as far as GCC's thread sanitizer can tell.
#include <doctest/doctest.h>

#include <set>
#include <sstream>
#include <string>

#include "tests/places.h"
#include "tests/support.h"

using namespace lastack::testing;

namespace {

// The program that the sanitizer watches (tests/tsan/), or nothing, having said why.
std::string watched_program(const char* test) {
    if (tsan_program().empty()) {
        MESSAGE("SKIPPED: " << test << ": another sanitizer is built in, or the compiler has no thread sanitizer");
        return "";
    }
    int exit_code = 0;
    const std::string told = run(quoted(tsan_program()) + " race", &exit_code);
    if (told.find("unexpected memory mapping") == std::string::npos) return tsan_program();
    MESSAGE("SKIPPED: " << test << ": the thread sanitizer does not start under this kernel's layout of addresses");
    return "";
}

}  // namespace

TEST_CASE("the thread sanitizer reports a race that is there") {
    const std::string program = watched_program("the thread sanitizer reports a race that is there");
    if (program.empty()) return;
    int exit_code = 0;
    const std::string told = run(quoted(program) + " race", &exit_code);
    CHECK(exit_code != 0);
    CHECK(told.find("WARNING: ThreadSanitizer: data race") != std::string::npos);
}

TEST_CASE("two and three threads explore without a race, and find what one finds" * doctest::test_suite("slow")) {
    const std::string program =
        watched_program("two and three threads explore without a race, and find what one finds");
    if (program.empty()) return;
    int exit_code = 0;
    const std::string told = run(quoted(program), &exit_code);
    CAPTURE(told);
    CHECK(exit_code == 0);
    CHECK(told.find("ThreadSanitizer") == std::string::npos);
    std::multiset<std::string> found;
    std::istringstream lines(told);
    for (std::string line; std::getline(lines, line);) found.insert(line);
    CHECK(found.size() == 6);
    for (const std::string how : {"2 direct", "3 hash"}) {
        CAPTURE(how);
        CHECK(found.contains("d0_r1_c2 " + how + ": 145376 states, 894726 transitions, depth 17"));
        CHECK(found.contains("crossing " + how + ": 138370 states, 1029553 transitions, depth 22"));
        CHECK(found.contains("reopened " + how + ": 227539 states, 882849 transitions, depth 29"));
    }
}
