#include "checker/crew.h"

#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <set>
#include <stdexcept>
#include <string>

namespace lastack {

TEST_CASE("Each of a crew does its own part of every piece of work, and is the same thread each time") {
    Crew crew(3);
    REQUIRE(crew.size() == 3);
    std::vector<int> done(3);
    std::vector<std::set<std::thread::id>> who(3);
    for (int piece = 0; piece < 500; ++piece) {
        crew.run([&](std::size_t number) {
            ++done[number];
            who[number].insert(std::this_thread::get_id());
        });
        REQUIRE(done == std::vector<int>(3, piece + 1));  // all are back when run() is
    }
    for (const auto& threads : who) CHECK(threads.size() == 1);
    CHECK(who[0] == std::set{std::this_thread::get_id()});
    CHECK(who[1] != who[2]);
}

TEST_CASE("A crew of one works in the thread of its caller") {
    Crew crew(1);
    std::thread::id worker;
    crew.run([&](std::size_t number) {
        CHECK(number == 0);
        worker = std::this_thread::get_id();
    });
    CHECK(worker == std::this_thread::get_id());
}

TEST_CASE("What one of a crew throws reaches the caller when the others are done, and the crew goes on") {
    Crew crew(3);
    std::atomic<int> done{0};
    const auto fails = [&](std::size_t number) {
        if (number > 0) throw std::runtime_error(std::to_string(number));
        ++done;
    };
    CHECK_THROWS_WITH(crew.run(fails), "1");
    CHECK(done == 1);
    crew.run([&](std::size_t) { ++done; });
    CHECK(done == 4);
}

TEST_CASE("Where the system has no more threads to give, all parts are done all the same") {
#ifdef __SANITIZE_ADDRESS__
    MESSAGE("SKIPPED: Where the system has no more threads to give, all parts are done all the same: "
            "the address sanitizer takes more addresses than can be bounded");
#else
    const pid_t child = fork();
    REQUIRE(child >= 0);
    if (child == 0) {
        // Not one more stack: addresses for 1 MB beyond what is there.
        std::uint64_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages;
        const std::uint64_t bytes = pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE)) + (1 << 20);
        const rlimit bound{bytes, bytes};
        setrlimit(RLIMIT_AS, &bound);
        std::set<std::thread::id> who;
        int done = 0;
        Crew crew(3);
        for (int piece = 0; piece < 2; ++piece) {
            crew.run([&](std::size_t number) {
                done += 1 << (4 * number);
                who.insert(std::this_thread::get_id());
            });
        }
        _exit(done == 0x222 && who.size() == 1 ? 0 : 1);
    }
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    CHECK(WIFEXITED(status));
    CHECK(WEXITSTATUS(status) == 0);
#endif
}

TEST_CASE("A crew that never worked ends") { const Crew crew(4); }

}  // namespace lastack
