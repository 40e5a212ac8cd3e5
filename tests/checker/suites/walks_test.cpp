#include <doctest/doctest.h>

#include <set>

#include "checker/suites/goals.h"
#include "checker/suites/tours.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;

namespace {

struct Tiny {
    Profile profile = hand::tiny_profile();
    TesterGraph graph;

    explicit Tiny(bool each_segment = false)
        : graph(profile, limits_of(profile, {{"retries", 1}}), options(each_segment)) {}

    static TesterOptions options(bool each_segment) {
        TesterOptions options;
        options.calls = {"send", "close", "shutdown_wr", "abort"};
        options.each_segment = each_segment;
        return options;
    }
};

// A walk is a run from the first state: each step begins where the one before it ended.
bool is_run(const TesterGraph& graph, const Walk& walk) {
    std::uint32_t vertex = 0;
    for (const WalkStep& step : walk.steps) {
        if (step.vertex != vertex || !graph.reaction(graph.block(vertex), step.input)) return false;
        vertex = step.edge.to;
    }
    return true;
}

}  // namespace

TEST_CASE("walks reach each goal of a suite once, and are runs of the endpoint") {
    const Tiny tiny;
    for (const std::string suite : {"states", "transitions", "pairs", "ways", "reactions", "calls", "loss", "timers"}) {
        CAPTURE(suite);
        const std::unique_ptr<Goals> goals = make_goals(suite, tiny.graph, 1);
        REQUIRE(goals);
        const Walks walks = walks_to(tiny.graph, *goals, {});
        std::multiset<std::uint32_t> reached;
        for (const Walk& walk : walks.walks) {
            CHECK(is_run(tiny.graph, walk));
            reached.insert(walk.goals.begin(), walk.goals.end());
        }
        CHECK(reached.size() + walks.missed.size() == goals->size());
        CHECK(std::set<std::uint32_t>(reached.begin(), reached.end()).size() == reached.size());
        CHECK(reached.size() * 5 >= goals->size() * 4);
    }
}

TEST_CASE("every control state of the small profile is a goal of its ways, and is reached") {
    const Tiny tiny;
    const std::unique_ptr<Goals> goals = make_goals("ways", tiny.graph, 1);
    const Walks walks = walks_to(tiny.graph, *goals, {});
    std::set<std::string> entered;
    for (const Walk& walk : walks.walks)
        for (const WalkStep& step : walk.steps) entered.insert(tiny.graph.lts().control_state(step.edge.to));
    for (const std::string state :
         {"FIN_WAIT_1", "FIN_WAIT_2", "CLOSING", "TIME_WAIT", "CLOSE_WAIT", "LAST_ACK", "CLOSED"})
        CHECK(entered.contains(state));
}

TEST_CASE("without waits no walk has a timer") {
    const Tiny tiny;
    const std::unique_ptr<Goals> goals = make_goals("reactions", tiny.graph, 1);
    WalkOptions options;
    options.longest_wait_us = 0;
    for (const Walk& walk : walks_to(tiny.graph, *goals, options).walks)
        for (const WalkStep& step : walk.steps) CHECK_FALSE(tiny.graph.is_timer(step.input));
}

TEST_CASE("a timer is waited for only where it ends before the others, and leaves time to act before that") {
    const Tiny tiny;
    TimedSteps time(tiny.graph);
    const auto input = [&](const std::string& name) {
        for (std::uint32_t i = 0; i < tiny.graph.alphabet().inputs.size(); ++i)
            if (tiny.graph.alphabet().inputs[i].name == name) return i;
        return ~0U;
    };
    TimedVertex at = time.start();
    CHECK_FALSE(time.can(at, input("rto")));  // it does not run
    at = time.after(at, tiny.graph.planned(at.vertex, input("close")));
    CHECK(tiny.graph.lts().control_state(at.vertex) == "FIN_WAIT_1");
    REQUIRE(at.timers.size() == 1);
    CHECK(at.timers[0].low == 1'000'000);  // rto = 1 s
    CHECK(time.can(at, input("rto")));
    CHECK(time.can(at, input("abort")));
    at = time.after(at, tiny.graph.planned(at.vertex, input("rto")));
    REQUIRE(at.timers.size() == 1);
    CHECK(at.timers[0].low == 2'000'000);  // doubled out of its own expiry
}

TEST_CASE("tours are runs that reach what greedy walks reach, in no more steps, and here in fewer") {
    std::size_t greedy_steps = 0, steps = 0;
    for (const int data : {0, 1, 2}) {
        const Profile profile = hand::tiny_profile();
        const TesterGraph graph(profile, limits_of(profile, {{"data", data}, {"retries", 2}}), Tiny::options(false));
        for (const std::string suite : {"transitions", "reactions", "ways"}) {
            CAPTURE(data);
            CAPTURE(suite);
            const std::unique_ptr<Goals> goals = make_goals(suite, graph, 1);
            const Walks greedy = walks_to(graph, *goals, {}), tours = tours_to(graph, *goals, {});
            CHECK(tours.missed == greedy.missed);
            CHECK(tours.steps() <= greedy.steps());
            std::multiset<std::uint32_t> reached;
            for (const Walk& walk : tours.walks) {
                CHECK(is_run(graph, walk));
                reached.insert(walk.goals.begin(), walk.goals.end());
            }
            CHECK(reached.size() == goals->size() - greedy.missed.size());
            CHECK(std::set<std::uint32_t>(reached.begin(), reached.end()).size() == reached.size());
            greedy_steps += greedy.steps();
            steps += tours.steps();
        }
    }
    CHECK(steps < greedy_steps);
}
