#include "checker/engine/thread_team.h"

#include <doctest/doctest.h>
#include <pthread.h>

#include <set>
#include <stdexcept>
#include <string>

namespace lastack {

namespace {

// While this lives, a new thread wants a stack of more addresses than a process has, and so cannot start.
class NoNewThreads {
public:
    NoNewThreads() {
        REQUIRE(pthread_getattr_default_np(&before_) == 0);
        pthread_attr_t without{};
        REQUIRE(pthread_attr_init(&without) == 0);
        REQUIRE(pthread_attr_setstacksize(&without, std::size_t{1} << 48) == 0);
        REQUIRE(pthread_setattr_default_np(&without) == 0);
        pthread_attr_destroy(&without);
    }
    ~NoNewThreads() {
        pthread_setattr_default_np(&before_);
        pthread_attr_destroy(&before_);
    }
    NoNewThreads(const NoNewThreads&) = delete;
    NoNewThreads& operator=(const NoNewThreads&) = delete;

private:
    pthread_attr_t before_{};
};

}  // namespace

TEST_CASE("Each of a team does its own part of every piece of work, and is the same thread each time") {
    ThreadTeam team(3);
    REQUIRE(team.size() == 3);
    std::vector<int> done(3);
    std::vector<std::set<std::thread::id>> who(3);
    for (int piece = 0; piece < 500; ++piece) {
        team.run([&](std::size_t number) {
            ++done[number];
            who[number].insert(std::this_thread::get_id());
        });
        REQUIRE(done == std::vector<int>(3, piece + 1));  // all are back when run() is
    }
    for (const auto& threads : who) CHECK(threads.size() == 1);
    CHECK(who[0] == std::set{std::this_thread::get_id()});
    CHECK(who[1] != who[2]);
}

TEST_CASE("A team of one works in the thread of its caller") {
    ThreadTeam team(1);
    std::thread::id worker;
    team.run([&](std::size_t number) {
        CHECK(number == 0);
        worker = std::this_thread::get_id();
    });
    CHECK(worker == std::this_thread::get_id());
}

TEST_CASE("What one of a team throws reaches the caller when the others are done, and the team goes on") {
    ThreadTeam team(3);
    std::atomic<int> done{0};
    const auto fails = [&](std::size_t number) {
        if (number > 0) throw std::runtime_error(std::to_string(number));
        ++done;
    };
    CHECK_THROWS_WITH(team.run(fails), "1");
    CHECK(done == 1);
    team.run([&](std::size_t) { ++done; });
    CHECK(done == 4);
}

TEST_CASE("Where the system has no threads to give, the caller does all parts; later there may be some") {
    ThreadTeam team(3);
    int done = 0;
    std::set<std::thread::id> who;
    {
        const NoNewThreads none;
        for (int piece = 0; piece < 2; ++piece) {
            team.run([&](std::size_t number) {
                done += 1 << (4 * number);
                who.insert(std::this_thread::get_id());
            });
        }
    }
    CHECK(done == 0x222);
    CHECK(who == std::set{std::this_thread::get_id()});
    std::vector<std::thread::id> workers(3);
    team.run([&](std::size_t number) { workers[number] = std::this_thread::get_id(); });
    CHECK(std::set(workers.begin(), workers.end()).size() == 3);
}

TEST_CASE("A team that never worked ends") { const ThreadTeam team(4); }

}  // namespace lastack
