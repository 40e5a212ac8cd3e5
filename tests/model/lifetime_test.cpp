// What outlives a TCB, first states, zero windows, eras and started timers: the plain interpreter and the fast machine,
// each against what the rules say.
#include <doctest/doctest.h>

#include "model/machine.h"
#include "model/system.h"
#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;

// A socket that is opened again and again: `lives` counts its connections, `got` dies with each.
const char* const reborn = R"(profile reborn "for tests" cites "none" {
states ESTABLISHED initial, LISTEN, CLOSED final forgets
timer rto = 1 s
timer late = 2 s
kept lives : 0..3 = 1
history all : 0..9
var got : 0..3
segment ACK { seq 0; ack 0; zero_window got == 2; era lives }
segment PROBE { seq 0; zero_window }
on call close
  rule close "it" cites "none" any but CLOSED -> CLOSED { got := 2; send ACK; send PROBE; start late }
on call open
  rule open "it" cites "none" CLOSED [lives < 3] -> LISTEN { lives += 1; start late; start rto; start late; send ACK }
on call wait
  rule wait "it" cites "none" ESTABLISHED { start rto }
  may rule rest "it" cites "none" ESTABLISHED { stop rto }
on segment
  step only
    rule closed_window "it" cites "none" any [seg.zero_window] { got := 1; all += 1 }
    rule open_window "it" cites "none" any [not seg.zero_window] { got := 0 }
}
system pair ends reborn A, reborn B network 2 calls A { close open wait } B { open } starts B in CLOSED
)";

const Outcome& only(std::span<const Outcome> outcomes, Machine& machine, const std::string& rule) {
    for (const Outcome& outcome : outcomes) {
        if (machine.label(outcome.label).rules == std::vector<std::string>{rule}) return outcome;
    }
    throw std::out_of_range("no outcome of rule " + rule);
}

}  // namespace

TEST_CASE("A kept variable survives where the TCB is forgotten, as history does; a plain variable does not") {
    const Spec spec = spec_from(reborn);
    const Profile& profile = *spec.profile("reborn");
    Player end(profile);
    end.get([] {
        Segment probe;
        probe.zero_window = true;
        return probe;
    }());
    CHECK(end.value("got") == 1);
    end.call("close");
    CHECK(end.value("got") == 0);
    CHECK(end.value("all") == 1);
    CHECK(end.value("lives") == 1);
    end.call("open");
    CHECK(end.value("lives") == 2);
    end.call("close");
    CHECK(end.value("lives") == 2);

    SegmentTable out;
    Machine machine(profile, limits_of(profile), {"close", "open"}, out);
    LocalId local = machine.initial();
    for (const char* rule : {"close", "open", "close"}) local = only(machine.spontaneous(local), machine, rule).after;
    CHECK(machine.decode(local) == [&] {
        EndState closed = plain_initial(profile, "CLOSED");
        closed.values[static_cast<std::size_t>(profile.variable("lives"))] = 2;
        return closed;
    }());
}

TEST_CASE("Windows and eras are those of the moment of sending") {
    const Spec spec = spec_from(reborn);
    const Profile& profile = *spec.profile("reborn");
    Player end(profile);
    const Reaction close = end.call("close");
    REQUIRE(close.sent.size() == 2);
    CHECK(to_string(close.sent[0], {}) == "ACK seq=0 ack=0 wnd=0 era=1");
    CHECK(to_string(close.sent[1], {}) == "EMPTY seq=0 wnd=0");
    const Reaction open = end.call("open");
    REQUIRE(open.sent.size() == 1);
    CHECK(to_string(open.sent[0], {}) == "ACK seq=0 ack=0 era=2");

    SegmentTable out;
    Machine machine(profile, limits_of(profile), {"close", "open"}, out);
    const Outcome closed = only(machine.spontaneous(0), machine, "close");
    REQUIRE(closed.sent_count == 2);
    CHECK(out[closed.sent[0]] == close.sent[0]);
    CHECK(out[closed.sent[1]] == close.sent[1]);
    const Outcome opened = only(machine.spontaneous(closed.after), machine, "open");
    CHECK(out[opened.sent[0]] == open.sent[0]);
}

TEST_CASE("A label tells the timers that were started, each time, also where entering a state stops them") {
    const Spec spec = spec_from(reborn);
    const Profile& profile = *spec.profile("reborn");
    SegmentTable out;
    Machine machine(profile, limits_of(profile), {"close", "open"}, out);
    const Outcome closed = only(machine.spontaneous(0), machine, "close");
    CHECK(machine.label(closed.label).started == std::vector<int>{1});
    CHECK(machine.decode(closed.after).armed == std::vector<bool>{false, false});
    const Outcome opened = only(machine.spontaneous(closed.after), machine, "open");
    CHECK(machine.label(opened.label).started == std::vector<int>{1, 0, 1});
}

TEST_CASE("Labels that differ only in the started timers are two") {
    const Spec spec = spec_from(R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
timer rto = 1 s
var n : 0..1
on call wait
  rule wait "it" cites "none"
    ESTABLISHED { if n == 0 { start rto }; n := 1 }
})");
    const Profile& profile = *spec.profile("tiny");
    SegmentTable out;
    Machine machine(profile, limits_of(profile), {"wait"}, out);
    const Outcome first = machine.spontaneous(0)[0];
    const Outcome second = machine.spontaneous(first.after)[0];
    CHECK(second.after == first.after);
    CHECK(first.label != second.label);
    CHECK(machine.label(first.label).rules == machine.label(second.label).rules);
    CHECK(machine.label(first.label).started == std::vector<int>{0});
    CHECK(machine.label(second.label).started.empty());
}

TEST_CASE("Ends begin where the system says, with the first values of their variables") {
    const Spec spec = spec_from(reborn);
    const Profile& profile = *spec.profile("reborn");
    const SystemDecl& decl = system_named(spec, "pair");
    System system(spec, decl);
    const SystemState start = system.initial();
    CHECK(system.machine(0).decode(start.end[0]) == plain_initial(profile));
    CHECK(system.machine(1).decode(start.end[1]) == plain_initial(profile, "CLOSED"));
    CHECK(profile.states[static_cast<std::size_t>(system.machine(1).control_state(start.end[1]))].name == "CLOSED");
    CHECK(plain_initial(profile, "CLOSED").values == plain_initial(profile).values);
    CHECK(start_at(spec, decl, 0) == profile.initial_state());
    // B can only open: `close` is not among its calls, and nothing is in flight.
    int steps_of_b = 0;
    system.expand(start, [&](const SystemState&, const SystemStep& step) { steps_of_b += step.end == 1; });
    CHECK(steps_of_b == 1);
}

TEST_CASE("A field beyond a byte is refused by both interpreters") {
    const Spec spec = spec_from(R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
var n : 0..255 = 255
segment S { seq 0; era n + 1 }
on call go rule go "it" cites "none" ESTABLISHED { send S }
})");
    const Profile& profile = *spec.profile("tiny");
    SegmentTable out;
    Machine machine(profile, limits_of(profile), {"go"}, out);
    CHECK_THROWS_AS(machine.spontaneous(0), ModelError);
    CHECK_THROWS_AS(plain_react(profile, {}, plain_initial(profile), {Trigger::call, "go", {}}), ModelError);
}

}  // namespace lastack
