// What is worked out once for each half gives the same steps as the system gives for each state.
#include "checker/engine/halves.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "checker/engine/budget_layers.h"
#include "tests/checker/reachable.h"
#include "tests/checker/small_systems.h"

namespace lastack {

namespace {

using namespace testing;

// Where the steps of a state lead, in order; and how many were cut.
struct Steps {
    std::vector<StateNumbers> next;
    std::uint64_t cuts = 0;
    bool operator==(const Steps&) const = default;
};

Steps steps_of_system(System& system, const SystemState& state) {
    Steps steps;
    const std::uint64_t before = system.cuts();
    system.expand(state, [&](const SystemState& next, const SystemStep&) { steps.next.push_back(numbers_of(next)); });
    steps.cuts = system.cuts() - before;
    std::sort(steps.next.begin(), steps.next.end());
    return steps;
}

// The steps of a state put together from the lists of its two halves, which are filled on the way.
class Pairing {
public:
    explicit Pairing(System& system) : layers_(system.network(), 1), halves_{{system, 0}, {system, 1}} {}

    Steps steps(const SystemState& state) {
        steps_ = {};
        layer_ = layers_.of(state);
        const Half pair[2] = {half(state, 0), half(state, 1)};
        for (int end = 0; end < 2; ++end) {
            halves_[end].fill(pair[end]);
            for (const HalfStep step : halves_[end].internal(pair[end])) take(step, end, pair[1 - end]);
            for (const Emission sent : halves_[end].emissions(pair[end])) {
                halves_[1 - end].fill_receive(pair[1 - end], sent.segment);
                for (const HalfStep step : halves_[1 - end].receive(pair[1 - end], sent.segment))
                    take(step, 1 - end, sent.rest);
            }
        }
        std::sort(steps_.next.begin(), steps_.next.end());
        return steps_;
    }

    bool leaves(const SystemState& state) {
        return halves_[0].leaves(half(state, 0)) || halves_[1].leaves(half(state, 1));
    }

    Halves& halves(int end) { return halves_[end]; }

private:
    Half half(const SystemState& state, int end) { return halves_[end].find_or_add(state.end[end], state.bag[end]); }

    void take(HalfStep step, int end, Half beside) {
        const std::int32_t layer = layers_.after(layer_, step.cost());
        if (layer == BudgetLayers::none) {
            steps_.cuts += step.reaction();
            return;
        }
        SystemState next;
        const Half pair[2] = {end == 0 ? step.after() : beside, end == 1 ? step.after() : beside};
        for (int i = 0; i < 2; ++i) {
            next.end[i] = halves_[i].local(pair[i]);
            next.bag[i] = halves_[i].bag(pair[i]);
        }
        layers_.put_into(next, static_cast<std::uint32_t>(layer));
        steps_.next.push_back(numbers_of(next));
    }

    BudgetLayers layers_;
    Halves halves_[2];
    std::uint32_t layer_ = 0;
    Steps steps_;
};

struct Compared {
    std::uint64_t states = 0, different = 0, cuts = 0, stuck = 0, wrong_about_leaving = 0;
};

Compared compare(System& system, bool tidy) {
    Compared result;
    Pairing pairing(system);
    for (const SystemState& state : reachable_states(system)) {
        ++result.states;
        if (tidy && result.states % 64 == 0) pairing.halves(static_cast<int>(result.states / 64 % 2)).tidy();
        const Steps wanted = steps_of_system(system, state);
        result.different += pairing.steps(state) != wanted;
        const bool leaves = wanted.cuts > 0 || std::any_of(wanted.next.begin(), wanted.next.end(),
                                                           [&](const auto& next) { return next != numbers_of(state); });
        result.wrong_about_leaving += pairing.leaves(state) != leaves;
        result.stuck += !leaves;
        result.cuts += wanted.cuts;
    }
    return result;
}

System small_system(const Small& small, SystemDecl& decl) {
    decl = decl_of(small);
    return System(shipped_spec(small.file), decl);
}

const Small closing_on_a_queue{"rfc9293.spec", "rfc9293", "rfc9293", in_order(2), closing, closing, 0, 1};

}  // namespace

TEST_CASE("Two halves give the steps of each state of many small systems: where they lead, and how many are cut") {
    std::uint64_t cuts = 0, stuck = 0, costly = 0;
    const std::vector<Small> systems = all_small_systems();
    for (std::size_t i = 0; i < systems.size(); ++i) {
        CAPTURE(i);
        SystemDecl decl;
        System system = small_system(systems[i], decl);
        const Compared compared = compare(system, i % 2 == 0);
        CHECK(compared.states > 20);
        CHECK(compared.different == 0);
        CHECK(compared.wrong_about_leaving == 0);
        cuts += compared.cuts;
        stuck += compared.stuck;
        costly += systems[i].network.loss_budget >= 0;
    }
    // The comparison met what it is about.
    CHECK(cuts > 0);
    CHECK(stuck > 0);
    CHECK(costly > 3);
}

TEST_CASE("A half has one number, and all halves of a block have one local state") {
    SystemDecl decl;
    System system = small_system(closing_on_a_queue, decl);
    Halves halves(system, 0);
    std::set<std::pair<LocalId, BagId>> known;
    std::set<Half> distinct;
    for (const SystemState& state : reachable_states(system)) {
        const Half half = halves.find_or_add(state.end[0], state.bag[0]);
        CHECK(halves.local(half) == state.end[0]);
        CHECK(halves.bag(half) == state.bag[0]);
        CHECK(halves.find(state.end[0], state.bag[0]) == half);
        known.insert({state.end[0], state.bag[0]});
        distinct.insert(half);
    }
    CHECK(halves.size() == known.size());
    CHECK(distinct.size() == known.size());
    CHECK_FALSE(halves.find(static_cast<LocalId>(system.machine(0).size()), 0));
}

TEST_CASE("More halves of one local state than a block holds go on in another block") {
    SystemDecl decl;
    System system = small_system(closing_on_a_queue, decl);
    Halves halves(system, 1);
    // Contents need not exist to be numbered.
    for (BagId bag = 0; bag < 5000; ++bag) {
        halves.find_or_add(0, bag);
        if (bag % 10 == 0) halves.find_or_add(1, bag);
    }
    CHECK(halves.size() == 5500);
    CHECK(halves.blocks() == (5000 + 63) / 64 + (500 + 63) / 64);
    for (BagId bag = 0; bag < 5000; ++bag) {
        const auto half = halves.find(0, bag);
        REQUIRE(half);
        REQUIRE(halves.local(*half) == 0);
        REQUIRE(halves.bag(*half) == bag);
        REQUIRE(halves.find(1, bag).has_value() == (bag % 10 == 0));
    }
}

TEST_CASE("Lists are filled once, and known from then on") {
    SystemDecl decl;
    System system = small_system(closing_on_a_queue, decl);
    Halves halves(system, 0);
    const Half half = halves.find_or_add(0, 0);
    CHECK((halves.known(half >> half_block_bits) >> (half & 63) & 1) == 0);
    CHECK(halves.fill(half));
    CHECK_FALSE(halves.fill(half));
    CHECK((halves.known(half >> half_block_bits) >> (half & 63) & 1) == 1);
    // A segment that B sends: its FIN.
    const SegmentId segment = system.machine(1).spontaneous(0)[0].sent[0];
    CHECK(halves.known_receive(half >> half_block_bits, segment) == 0);
    CHECK(halves.fill_receive(half, segment));
    CHECK_FALSE(halves.fill_receive(half, segment));
    CHECK(halves.known_receive(half >> half_block_bits, segment) == 1ull << (half & 63));
    CHECK(halves.known_receive(half >> half_block_bits, 40'000) == 0);
    CHECK_FALSE(halves.receive(half, segment).empty());
}

}  // namespace lastack
