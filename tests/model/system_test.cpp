// The product of two endpoints and a network, on a profile small enough to count by hand: `ping` sends one segment,
// and the end that gets it is CLOSED.
#include "model/system.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;
using Kind = SystemStep::Kind;

Spec ping(const std::string& network) {
    return spec_from(R"(profile ping "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
limit pings = 1 in 0..9
segment PING { seq 0; ack 0 }
on call ping rule ping "it" cites "none" ESTABLISHED { send PING }
on call pair rule pair "it" cites "none" ESTABLISHED { send PING; send PING with seq 1 }
on segment step all rule got "it" cites "none" ESTABLISHED -> CLOSED
}
system one "" ends ping A, ping B network )" +
                     network + " calls A { ping pair } B { }\n");
}

struct Taken {
    SystemState next;
    Kind kind;
    int end;
};

std::vector<Taken> steps_of(System& system, const SystemState& state) {
    std::vector<Taken> steps;
    system.expand(state, [&](const SystemState& next, const SystemStep& step) {
        steps.push_back({next, step.kind, step.end});
    });
    return steps;
}

std::vector<Kind> kinds(const std::vector<Taken>& steps) {
    std::vector<Kind> all;
    for (const Taken& step : steps) all.push_back(step.kind);
    return all;
}

// The state after the first step.
SystemState after_first(System& system, const SystemState& state) { return steps_of(system, state).at(0).next; }

}  // namespace

TEST_CASE("A network that does nothing only delivers") {
    const Spec spec = ping("1");
    System system(spec, spec.systems[0]);
    CHECK(kinds(steps_of(system, system.initial())) == std::vector<Kind>{Kind::spontaneous});  // the pair has no room
    const SystemState sent = after_first(system, system.initial());
    CHECK(system.bags(0).content(sent.bag[0]).size() == 1);
    CHECK(sent.bag[1] == 0);
    const auto steps = steps_of(system, sent);
    REQUIRE(kinds(steps) == std::vector<Kind>{Kind::deliver});
    CHECK(steps[0].end == 1);  // the receiver
    CHECK(steps[0].next.bag[0] == 0);
    CHECK(system.machine(1).control_state(steps[0].next.end[1]) == 1);
}

TEST_CASE("Where nothing may be lost a segment without room cuts the step, and is counted") {
    const Spec spec = ping("1");
    System system(spec, spec.systems[0]);
    steps_of(system, system.initial());
    CHECK(system.cuts() == 1);
    steps_of(system, after_first(system, system.initial()));
    CHECK(system.cuts() == 1 + 1 + 2);  // the pair again, then ping and pair from the full state
}

TEST_CASE("Where segments may be lost one without room is lost, and the step stays") {
    const Spec spec = ping("1 loses");
    System system(spec, spec.systems[0]);
    const auto steps = steps_of(system, system.initial());
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].next == steps[1].next);  // of the pair only the first is in flight
    CHECK(system.cuts() == 0);
}

TEST_CASE("A budget counts what the network loses and what overflows") {
    const Spec spec = ping("1 loses at most 1");
    System system(spec, spec.systems[0]);
    const auto steps = steps_of(system, system.initial());
    REQUIRE(steps.size() == 2);
    CHECK(steps[0].next.losses == 0);
    CHECK(steps[1].next.losses == 1);
    const auto spent = steps_of(system, steps[1].next);
    CHECK(kinds(spent) == std::vector<Kind>{Kind::deliver});  // no more overflow, no more loss
    const auto left = kinds(steps_of(system, steps[0].next));
    CHECK(std::count(left.begin(), left.end(), Kind::lose) == 1);
}

TEST_CASE("A budget counts duplications; without one they are not part of the state") {
    const Spec bounded = ping("2 duplicates at most 1"), free = ping("2 duplicates");
    System counted(bounded, bounded.systems[0]), uncounted(free, free.systems[0]);
    for (System* system : {&counted, &uncounted}) {
        const SystemState sent = after_first(*system, system->initial());
        const auto steps = steps_of(*system, sent);
        const auto doubled =
            std::find_if(steps.begin(), steps.end(), [](const Taken& step) { return step.kind == Kind::duplicate; });
        REQUIRE(doubled != steps.end());
        CHECK(system->bags(0).content(doubled->next.bag[0]).size() == 2);
        CHECK(doubled->end == 0);
        CHECK(doubled->next.duplicates == (system == &counted ? 1 : 0));
    }
}

TEST_CASE("In order only the first segment is delivered; with reordering each distinct one") {
    for (const bool reorders : {false, true}) {
        const Spec spec = ping(reorders ? "2 reorders" : "2");
        System system(spec, spec.systems[0]);
        const SystemState two = steps_of(system, system.initial()).at(1).next;  // the pair
        const auto steps = kinds(steps_of(system, two));
        CHECK(std::count(steps.begin(), steps.end(), Kind::deliver) == (reorders ? 2 : 1));
    }
}

TEST_CASE("A queue loses and doubles its head only; with reordering any segment may be lost or doubled") {
    for (const bool reorders : {false, true}) {
        const Spec spec = ping(reorders ? "3 loses duplicates reorders" : "3 loses duplicates");
        System system(spec, spec.systems[0]);
        const SystemState two = steps_of(system, system.initial()).at(1).next;  // the pair
        const auto first = system.bags(0).content(two.bag[0]).front();
        for (const Kind kind : {Kind::lose, Kind::duplicate}) {
            int count = 0;
            for (const Taken& step : steps_of(system, two)) {
                if (step.kind != kind) continue;
                ++count;
                if (reorders) continue;
                const auto left = system.bags(0).content(step.next.bag[0]);
                CHECK(left.size() == (kind == Kind::lose ? 1 : 3));
                CHECK((left.front() == first) == (kind == Kind::duplicate));
            }
            CHECK(count == (reorders ? 2 : 1));
        }
    }
}

TEST_CASE("Steps come in the same order each time") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    System first(spec, system_named(spec, "lossy")), second(spec, system_named(spec, "lossy"));
    SystemState one = first.initial(), other = second.initial();
    for (int i = 0; i < 8; ++i) {
        const auto left = steps_of(first, one), right = steps_of(second, other);
        REQUIRE(left.size() == right.size());
        for (std::size_t k = 0; k < left.size(); ++k) CHECK(left[k].next == right[k].next);
        one = left[left.size() / 2].next;
        other = right[right.size() / 2].next;
    }
}

TEST_CASE("A limit outside its range, or one that no profile has, is a mistake in the spec") {
    const std::string profile = R"(profile ping "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
limit pings = 1 in 0..9
on call ping rule ping "it" cites "none" ESTABLISHED -> CLOSED
}
system one "" ends ping A, ping B network 1 calls A { ping } B { } )";
    CHECK_THROWS_AS(
        [&] {
            const Spec spec = spec_from(profile + "limit pings = 10");
            System system(spec, spec.systems[0]);
        }(),
        SpecError);
    CHECK_THROWS_AS(
        [&] {
            const Spec spec = spec_from(profile + "limit pongs = 1");
            System system(spec, spec.systems[0]);
        }(),
        SpecError);
}

}  // namespace lastack
