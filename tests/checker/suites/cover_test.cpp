#include "checker/suites/cover.h"

#include <doctest/doctest.h>

#include <set>

#include "checker/suites/goals.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;

TEST_CASE(
    "the greedy cover takes what gains most first, of equal gains the shorter one, and nothing that gains nothing") {
    CHECK(greedy_cover({}).empty());
    CHECK(greedy_cover({{{0}, 1}, {{0, 1}, 9}}) == std::vector<bool>{false, true});
    CHECK(greedy_cover({{{0, 1}, 9}, {{0, 1}, 2}}) == std::vector<bool>{false, true});
    CHECK(greedy_cover({{{0, 1}, 2}, {{0, 1}, 2}}) == std::vector<bool>{true, false});
    CHECK(greedy_cover({{{}, 1}}) == std::vector<bool>{false});
    // The one with four goals comes first, and then the other two make it superfluous.
    CHECK(greedy_cover({{{0, 1, 2}, 1}, {{3, 4, 5}, 1}, {{0, 1, 3, 4}, 1}}) == std::vector<bool>{true, true, false});
}

TEST_CASE("what a walk reaches is at least what it was planned for, and a cover reaches what all walks do") {
    const Profile profile = hand::tiny_profile();
    TesterOptions options;
    options.calls = {"send", "close", "shutdown_wr", "abort"};
    const TesterGraph graph(profile, limits_of(profile, {{"retries", 1}}), options);
    const std::unique_ptr<Goals> goals = make_goals("transitions,timers,loss", graph, 1);
    const Walks walks = walks_to(graph, *goals, {});
    std::vector<Coverer> coverers;
    std::size_t planned = 0, reached = 0;
    for (const Walk& walk : walks.walks) {
        coverers.push_back({goals_reached(*goals, walk), walk.steps.size()});
        const std::set<std::uint32_t> all(coverers.back().reaches.begin(), coverers.back().reaches.end());
        for (const std::uint32_t goal : walk.goals) CHECK(all.contains(goal));
        planned += walk.goals.size();
        reached += all.size();
    }
    CHECK(reached > planned);  // what others were to reach is reached on the way
    const std::vector<bool> kept = greedy_cover(coverers);
    std::set<std::uint32_t> of_kept, of_all;
    std::size_t dropped = 0;
    for (std::size_t i = 0; i < kept.size(); ++i) {
        of_all.insert(coverers[i].reaches.begin(), coverers[i].reaches.end());
        if (kept[i]) of_kept.insert(coverers[i].reaches.begin(), coverers[i].reaches.end());
        dropped += !kept[i];
    }
    CHECK(of_kept == of_all);
    CHECK(of_all.size() + walks.missed.size() == goals->size());
    CHECK(dropped > 0);
}
