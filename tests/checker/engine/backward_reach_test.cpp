#include "checker/engine/backward_reach.h"

#include <doctest/doctest.h>

#include <map>

#include "tests/checker/reachable.h"
#include "tests/checker/small_systems.h"

namespace lastack {

namespace {

using namespace testing;

// Sees each step: the explorer works out no lists then.
struct EveryStep : ExplorationHooks {
    Needs needs() const override { return {false, true, false}; }
};

// The states from which one of these can be reached, by edges turned round and a walk along them.
std::set<StateNumbers> reaching(System& system, const std::function<bool(const SystemState&)>& wanted) {
    std::map<StateNumbers, std::vector<StateNumbers>> before;
    std::vector<StateNumbers> queue;
    std::set<StateNumbers> reach;
    for (const SystemState& state : reachable_states(system)) {
        if (wanted(state) && reach.insert(numbers_of(state)).second) queue.push_back(numbers_of(state));
        system.expand(state, [&](const SystemState& next, const SystemStep&) {
            before[numbers_of(next)].push_back(numbers_of(state));
        });
    }
    for (std::size_t i = 0; i < queue.size(); ++i) {
        const StateNumbers at = queue[i];
        for (const StateNumbers& earlier : before[at]) {
            if (reach.insert(earlier).second) queue.push_back(earlier);
        }
    }
    return reach;
}

// Compares with the walk above, and returns how many states are outside.
std::size_t outside_agrees(const Small& small, const StateTest& test, bool every_step) {
    const SystemDecl decl = decl_of(small);
    System system(shipped_spec(small.file), decl);
    const std::set<StateNumbers> right = reaching(system, test.holds);
    Explorer explorer(system);
    EveryStep walking;
    REQUIRE((every_step ? explorer.run({}, walking) : explorer.run({})).complete);
    const std::optional<StateSet> set = states_that_reach(explorer, test, {});
    REQUIRE(set);
    std::size_t outside = 0, wrong = 0;
    std::optional<std::uint64_t> first;
    for (std::uint64_t index = 0; index < explorer.size(); ++index) {
        const bool in = set->has(explorer.place(index));
        wrong += in != right.contains(numbers_of(explorer.state(index)));
        if (!in && !first) first = index;
        outside += !in;
    }
    CHECK(wrong == 0);
    CHECK(first_outside(explorer, *set) == first);
    return outside;
}

}  // namespace

TEST_CASE("The states that can reach some are those that a walk along the turned edges finds" *
          doctest::test_suite("slow")) {
    std::size_t with_outside = 0, all = 0;
    for (const Small& small : all_small_systems()) {
        CAPTURE(small.file);
        CAPTURE(small.network.capacity);
        const StateTest tests[] = {
            {[](const SystemState& state) { return state.end[0] % 7 == 3; }, true},
            {[](const SystemState& state) { return state.end[0] + state.end[1] == 9; }, true},
            {[](const SystemState& state) { return state.end[0] == 0 && state.bag[0] == 0 && state.bag[1] == 0; },
             false},
            {[](const SystemState& state) { return state.bag[0] % 5 == 2 && state.end[1] > 4; }, false},
            {[](const SystemState& state) { return state.losses + state.duplicates == 1; }, false},
        };
        for (const StateTest& test : tests) {
            for (const bool every_step : {false, true}) {
                CAPTURE(every_step);
                with_outside += outside_agrees(small, test, every_step) > 0;
                ++all;
            }
        }
    }
    CHECK(with_outside > all / 2);
}

TEST_CASE("What nothing passes is reached from nowhere, and what everything passes from everywhere") {
    const Small& small = small_rfc9293.front();
    const SystemDecl decl = decl_of(small);
    System system(shipped_spec(small.file), decl);
    Explorer explorer(system);
    const std::uint64_t states = explorer.run({}).states;
    const auto none = states_that_reach(explorer, {[](const SystemState&) { return false; }, true}, {});
    CHECK(first_outside(explorer, none.value()) == 0);
    std::uint64_t asked = 0;
    const auto all = states_that_reach(explorer, {[&](const SystemState&) { return ++asked > 0; }, false}, {});
    CHECK(first_outside(explorer, all.value()) == std::nullopt);
    CHECK(asked > 0);
    CHECK(asked <= states);
}

TEST_CASE("Whoever stops the search gets nothing") {
    const Small& small = small_rfc9293.front();
    const SystemDecl decl = decl_of(small);
    System system(shipped_spec(small.file), decl);
    Explorer explorer(system);
    explorer.run({});
    CHECK_FALSE(states_that_reach(explorer, {[](const SystemState&) { return false; }, true}, [] { return true; }));
}

}  // namespace lastack
