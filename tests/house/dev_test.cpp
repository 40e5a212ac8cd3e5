// The count that `./dev test` prints last: people and CI believe it, so it has to follow from what the tests printed.
#include <doctest/doctest.h>

#include <string>

#include "tests/places.h"
#include "tests/support.h"

namespace {

struct Outcome {
    std::string output;
    int code = -1;

    std::string last_line() const {
        const auto end = output.find_last_not_of('\n');
        const auto start = output.rfind('\n', end);
        return output.substr(start + 1, end - start);
    }
};

// What `./dev test` makes of a log with this text, as after a test program that ended with `exit_code`; `marked` tests
// were left out by doctest::skip, `slow` ones by --quick. Only what goes to standard output: the count has to be its
// last line.
Outcome summary(const std::string& log, int exit_code, int marked = 0, int slow = 0) {
    using namespace lastack::testing;
    const TemporaryDirectory directory;
    const std::string dev = quoted(source_dir() + "/dev"), file = quoted(directory.write("tests.log", log));
    Outcome outcome;
    outcome.output =
        run(dev + " note-end " + file + " " + std::to_string(exit_code) + " a_test.cpp && " + dev + " summary " + file +
                " " + std::to_string(marked) + " " + std::to_string(slow) + " 2>/dev/null",
            &outcome.code);
    return outcome;
}

// The end of what a doctest program prints.
std::string count(const std::string& passed, const std::string& failed, const std::string& skipped) {
    return "[doctest] test cases: 10 | " + passed + " passed | " + failed + " failed | " + skipped +
           " skipped\n[doctest] assertions: 99 | 99 passed | 0 failed |\n";
}

}  // namespace

TEST_CASE("a good run counts as doctest counts it") {
    const auto outcome = summary(count("10", " 0", "0"), 0);
    CHECK(outcome.last_line() == "10 passed, 0 failed, 0 skipped");
    CHECK(outcome.code == 0);
}

TEST_CASE("a failed test makes the run fail") {
    const auto outcome = summary(count(" 9", " 1", "0"), 1);
    CHECK(outcome.last_line() == "9 passed, 1 failed, 0 skipped");
    CHECK(outcome.code == 1);
}

TEST_CASE("a test that says SKIPPED is no passed one, counts once, and is named at the end") {
    const auto outcome = summary("SKIPPED: a kernel is driven: no TUN: denied\nSKIPPED: a kernel is driven: IPv6\n"
                                 "SKIPPED: spin agrees: spin is missing\n" +
                                     count("10", " 0", "1"),
                                 0, 1);
    CHECK(outcome.output.find("  a kernel is driven: ") != std::string::npos);
    CHECK(outcome.output.find("  spin agrees: spin is missing\n") != std::string::npos);
    CHECK(outcome.last_line() == "8 passed, 0 failed, 3 skipped");
    CHECK(outcome.code == 0);
}

TEST_CASE("tests that doctest skips are counted, with the reason that another test gave") {
    const auto outcome =
        summary("a.cpp:5: MESSAGE: skipped, the tests of the target linux: no TUN\n" + count(" 6", " 0", "4"), 0, 4);
    CHECK(outcome.output.find("  4 test cases that are marked with doctest::skip\n") != std::string::npos);
    CHECK(outcome.output.find("    the tests of the target linux: no TUN\n") != std::string::npos);
    CHECK(outcome.last_line() == "6 passed, 0 failed, 4 skipped");
}

TEST_CASE("a test that skipped a part and then failed is a failed one") {
    const auto outcome = summary("TEST CASE:  a kernel is driven\n\na.cpp:3: ERROR: CHECK( x ) is NOT correct!\n"
                                 "SKIPPED: a kernel is driven: IPv6\n" +
                                     count(" 9", " 1", "0"),
                                 1);
    CHECK(outcome.last_line() == "9 passed, 1 failed, 0 skipped");
    CHECK(outcome.code == 1);
}

TEST_CASE("a run that ended without a count, or badly after a good one, fails") {
    CHECK(summary("Segmentation fault\n", 139).last_line() == "0 passed, 1 failed, 0 skipped");
    CHECK(summary("Segmentation fault\n", 139).code == 1);
    CHECK(summary("", 0).code == 1);
    CHECK(summary(count("10", " 0", "0"), 23).code == 1);
    CHECK(summary(count("10", " 0", "0"), 23).last_line() == "10 passed, 1 failed, 0 skipped");
}

TEST_CASE("what was not asked for is not skipped") {
    CHECK(summary(count(" 4", " 0", "6"), 0).last_line() == "4 passed, 0 failed, 0 skipped");
}

TEST_CASE("the runs of several files are counted together, and one that crashed is a failure beside them") {
    const std::string both = count(" 4", " 0", "6") + count(" 5", " 1", "4");
    CHECK(summary(both, 0).last_line() == "9 passed, 1 failed, 0 skipped");
    CHECK(summary(both + "[dev] b_test.cpp printed no count\n", 0).last_line() == "9 passed, 2 failed, 0 skipped");
    CHECK(summary(both + "[dev] b_test.cpp printed no count\n", 0).code == 1);
}

TEST_CASE("slow tests that a quick run leaves out are said to be left out, and are no passed ones") {
    const auto outcome = summary(count("10", " 0", "3"), 0, 0, 3);
    CHECK(outcome.output.find("  3 slow test cases, which --quick leaves out\n") != std::string::npos);
    CHECK(outcome.last_line() == "10 passed, 0 failed, 3 skipped");
    CHECK(outcome.code == 0);
}
