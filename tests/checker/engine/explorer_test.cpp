#include "checker/engine/explorer.h"

#include <doctest/doctest.h>

#include <set>

#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;

// Each end counts to three by itself: 4 x 4 states, 2 x 12 steps, 6 levels.
Spec counters() {
    return spec_from(R"(profile counter "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
var n : 0..3
on call up rule up "it" cites "none" ESTABLISHED [n < 3] { n += 1 }
}
system grid "" ends counter A, counter B network 1 calls A { up } B { up })");
}

const SystemDecl& lossy() { return system_named(shipped_spec("rfc9293.spec"), "lossy"); }

// The states of a run, in order of discovery.
std::vector<SystemState> states_of_run(std::uint64_t max_states) {
    System system(shipped_spec("rfc9293.spec"), lossy());
    Explorer explorer(system);
    Bounds bounds;
    bounds.max_states = max_states;
    explorer.run(bounds);
    std::vector<SystemState> states;
    for (std::uint64_t i = 0; i < explorer.size(); ++i) states.push_back(explorer.state(i));
    return states;
}

struct Counting : ExplorationHooks {
    Needs needs() const override { return {true, true, false}; }
    std::uint64_t states = 0, steps = 0, expansions = 0, ends = 0;
    bool state(std::uint64_t index, const SystemState&) override {
        CHECK(index == states);
        ++states;
        return true;
    }
    bool step(std::uint64_t, const SystemState&, SystemState&, const SystemStep&) override {
        ++steps;
        return true;
    }
    bool expanded(std::uint64_t, const SystemState&, bool leaves) override {
        ++expansions;
        ends += !leaves;
        return true;
    }
};

}  // namespace

TEST_CASE("A grid of four by four: 16 states, 24 transitions, 6 levels after the first") {
    const Spec spec = counters();
    const Coverage coverage = explore(spec, spec.systems[0]);
    CHECK(coverage.states == 16);
    CHECK(coverage.transitions == 24);
    CHECK(coverage.depth == 6);
    CHECK(coverage.complete);
    CHECK_FALSE(coverage.limited);
    CHECK_FALSE(coverage.interrupted);
    CHECK(coverage.locals[0] == 4);
}

TEST_CASE("Hooks see each state, step and expansion once, and which state no step leaves") {
    const Spec spec = counters();
    System system(spec, spec.systems[0]);
    Explorer explorer(system);
    Counting counting;
    explorer.run({}, counting);
    CHECK(counting.states == 16);
    CHECK(counting.steps == 24);
    CHECK(counting.expansions == 16);
    CHECK(counting.ends == 1);
}

TEST_CASE("A hook that returns false ends the exploration, which is not complete then") {
    struct Third : ExplorationHooks {
        Needs needs() const override { return {true, false, false}; }
        bool state(std::uint64_t index, const SystemState&) override { return index != 2; }
    };
    const Spec spec = counters();
    System system(spec, spec.systems[0]);
    Explorer explorer(system);
    Third third;
    const Coverage coverage = explorer.run({}, third);
    CHECK(explorer.size() == 3);
    CHECK_FALSE(coverage.complete);
}

TEST_CASE("The bound on states ends the exploration and is told") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    Bounds bounds;
    bounds.max_states = 20'000;
    const Coverage coverage = explore(spec, lossy(), bounds);
    CHECK(coverage.limited);
    CHECK_FALSE(coverage.complete);
    CHECK_FALSE(coverage.interrupted);
    CHECK(coverage.states >= 20'000);
    CHECK(coverage.states < 200'000);  // polled now and then
}

TEST_CASE("A bound on memory ends an exploration with a part, near the bound") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    Bounds bounds;
    bounds.max_bytes = 16'000'000;
    for (const int threads : {1, 2}) {
        bounds.threads = threads;
        const Coverage coverage = explore(spec, system_named(spec, "lossy"), bounds);
        CHECK(coverage.out_of_memory);
        CHECK(coverage.limited);
        CHECK_FALSE(coverage.complete);
        CHECK(coverage.states > 100'000);
        CHECK(coverage.bytes < 2 * bounds.max_bytes);
    }
}

TEST_CASE("Whoever stops the exploration gets what was found so far") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    Bounds bounds;
    int asked = 0;
    bounds.stop = [&] { return ++asked == 3; };
    std::uint64_t reported = 0;
    bounds.progress = [&](const Progress& so_far) {
        CHECK(so_far.waiting <= so_far.states);
        CHECK(so_far.states >= reported);
        reported = so_far.states;
    };
    const Coverage coverage = explore(spec, lossy(), bounds);
    CHECK(asked == 3);
    CHECK(coverage.interrupted);
    CHECK_FALSE(coverage.complete);
    CHECK_FALSE(coverage.limited);
    CHECK(coverage.states >= reported);
}

TEST_CASE("Two runs find the same states in the same order") {
    const auto states = states_of_run(60'000);
    CHECK(states.size() >= 60'000);
    CHECK(states == states_of_run(60'000));
    std::set<std::vector<std::uint64_t>> distinct;
    for (const SystemState& state : states) distinct.insert({state.end[0], state.end[1], state.bag[0], state.bag[1]});
    CHECK(distinct.size() == states.size());
}

TEST_CASE("A path consists of steps, begins at the start and is as long as its end is deep") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    System system(spec, lossy());
    Explorer explorer(system);
    Bounds bounds;
    bounds.max_states = 30'000;
    ExplorationHooks hooks;
    explorer.run(bounds, hooks);
    int deepest = 0;
    for (std::uint64_t index = 0; index < 16'000; index += 997) {
        const auto path = explorer.path_to(index, hooks);
        REQUIRE(path.front() == 0);
        REQUIRE(path.back() == index);
        CHECK(static_cast<int>(path.size()) - 1 == explorer.depth_of(index));
        for (std::size_t i = 0; i + 1 < path.size(); ++i) {
            const SystemState wanted = explorer.state(path[i + 1]);
            bool found = false;
            system.expand(explorer.state(path[i]),
                          [&](const SystemState& next, const SystemStep&) { found |= next == wanted; });
            REQUIRE(found);
        }
        deepest = std::max(deepest, explorer.depth_of(index));
    }
    CHECK(deepest > 3);
}

TEST_CASE("Depths along the order of discovery never fall") {
    const Spec spec = counters();
    System system(spec, spec.systems[0]);
    Explorer explorer(system);
    explorer.run({});
    std::vector<int> depths;
    for (std::uint64_t i = 0; i < explorer.size(); ++i) depths.push_back(explorer.depth_of(i));
    CHECK(depths == std::vector<int>{0, 1, 1, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 5, 5, 6});
}

}  // namespace lastack
