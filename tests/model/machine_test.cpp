// The fast machine answers as the plain interpreter does, over whatever local states and segments an exploration meets.
#include "model/machine.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "model/plain.h"
#include "tests/checker/exploring.h"

namespace lastack {

namespace {

using namespace testing;

// What an outcome says, in the words of the plain interpreter.
Reaction told(const Machine& machine, const Outcome& outcome, const SegmentTable& table) {
    Reaction reaction;
    reaction.after = machine.decode(outcome.after);
    for (int i = 0; i < outcome.sent_count; ++i) reaction.sent.push_back(table[outcome.sent[i]]);
    const Label& label = machine.label(outcome.label);
    reaction.rules = label.rules;
    reaction.signals = label.signals;
    reaction.result = label.result;
    reaction.started = label.started;
    return reaction;
}

std::vector<Reaction> plain_ways(const Machine& machine, const EndState& end, const Input& input) {
    return plain_react(machine.profile(), machine.limits(), end, input);
}

struct Compared {
    std::size_t answers = 0, differences = 0;
    std::string first;
};

void compare(const Machine& machine, const EndState& end, const std::vector<Reaction>& fast,
             const std::vector<Reaction>& plain, const std::string& input, Compared& count) {
    count.answers += plain.size();
    if (fast == plain) return;
    if (count.differences++ == 0) count.first = input + " in " + describe(machine.profile(), machine.limits(), end);
}

// Every local state of one end against every call, timer and segment that the system has met.
void compare_end(System& system, int end, Compared& count) {
    Machine& machine = system.machine(end);
    const SegmentTable& out = system.sent_by(end);
    const SegmentTable& in = system.sent_by(1 - end);
    const std::size_t locals = machine.size();
    const std::size_t kinds = in.size();
    for (LocalId local = 0; local < locals; ++local) {
        const EndState here = machine.decode(local);
        std::vector<Reaction> fast, plain;
        for (const Outcome& outcome : machine.spontaneous(local)) fast.push_back(told(machine, outcome, out));
        for (const Handler& handler : machine.profile().handlers) {
            const auto& calls = system.decl().calls[end];
            const bool allowed =
                handler.trigger == Trigger::call && std::find(calls.begin(), calls.end(), handler.name) != calls.end();
            if (!allowed) continue;
            for (Reaction& way : plain_ways(machine, here, {Trigger::call, handler.name, {}}))
                plain.push_back(std::move(way));
        }
        for (const TimerDecl& timer : machine.profile().timers) {
            for (Reaction& way : plain_ways(machine, here, {Trigger::timer, timer.name, {}}))
                plain.push_back(std::move(way));
        }
        // The order of calls is the system's own; what each of them does is compared.
        std::sort(fast.begin(), fast.end());
        std::sort(plain.begin(), plain.end());
        compare(machine, here, fast, plain, "calls and timers", count);
        for (SegmentId id = 0; id < kinds; ++id) {
            const Segment segment = in[id];
            fast.clear();
            for (const Outcome& outcome : machine.receive(local, id, in)) fast.push_back(told(machine, outcome, out));
            compare(machine, here, fast, plain_ways(machine, here, {Trigger::segment, "", segment}),
                    to_string(segment, {}), count);
        }
    }
}

Compared compare_system(const Spec& spec, const std::string& name) {
    System system(spec, system_named(spec, name));
    Explorer explorer(system);
    Bounds bounds;
    bounds.max_states = 20'000;
    explorer.run(bounds);
    Compared count;
    for (int end = 0; end < 2; ++end) compare_end(system, end, count);
    return count;
}

}  // namespace

TEST_CASE("The machine answers every input as the plain interpreter does: states, segments, rules, signals, results, "
          "timers, order") {
    const struct {
        std::string file, system;
    } cases[] = {{"rfc9293.spec", "polite"},         {"rfc9293.spec", "lossy"},   {"rfc9293.spec", "repacked"},
                 {"rfc9293.spec", "windows"},        {"rfc9293.spec", "holes"},   {"rfc9293.spec", "reading"},
                 {"rfc9293.spec", "impatient"},      {"rfc9293.spec", "opening"}, {"rfc9293.spec", "crossing"},
                 {"rfc9293-literal.spec", "lossy"},  {"rfc793.spec", "lossy"},    {"rfc1337.spec", "lossy"},
                 {"linux.spec", "polite"},           {"linux.spec", "lossy"},     {"linux.spec", "half_closed"},
                 {"linux.spec", "windows"},          {"linux.spec", "opening"},   {"account.spec", "account_polite"},
                 {"bench/tcpclose-sizes.spec", "m2"}};
    for (const auto& each : cases) {
        CAPTURE(each.file);
        CAPTURE(each.system);
        const Compared count = compare_system(shipped_spec(each.file), each.system);
        CHECK(count.answers > 400);
        CHECK_MESSAGE(count.differences == 0, count.first);
    }
}

TEST_CASE("Each local state and input is evaluated once") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    SegmentTable out, in;
    Machine machine(*spec.profile("rfc9293"), limits_of(*spec.profile("rfc9293")), {"close"}, out);
    const SegmentId id = in.intern(fin(1, 1));
    const auto first = machine.receive(0, id, in);
    const std::size_t evaluated = machine.evaluations();
    CHECK(first.size() == 2);  // acknowledged now or later
    CHECK(machine.receive(0, id, in).data() == first.data());
    CHECK(machine.evaluations() == evaluated);
}

TEST_CASE("Only the given calls are inputs of a machine") {
    const Profile& profile = *shipped_spec("rfc9293.spec").profile("rfc9293");
    SegmentTable out;
    Machine silent(profile, limits_of(profile), {}, out);
    CHECK(silent.spontaneous(silent.initial()).empty());
    Machine closes(profile, limits_of(profile), {"close"}, out);
    REQUIRE(closes.spontaneous(0).size() == 1);
    CHECK(closes.label(closes.spontaneous(0)[0].label).rules == std::vector<std::string>{"close_active"});
}

TEST_CASE("Many kinds of segment make the machine's table wider, and nothing is lost") {
    const Profile& profile = *shipped_spec("rfc9293.spec").profile("rfc9293");
    SegmentTable out, in;
    Machine machine(profile, limits_of(profile), {"close"}, out);
    const EndState start = machine.decode(0);
    for (int seq = 0; seq < 6; ++seq) {
        for (int acknowledged = 0; acknowledged < 8; ++acknowledged) in.intern(ack(seq, acknowledged));
    }
    REQUIRE(in.size() == 48);
    for (SegmentId id = 0; id < in.size(); ++id) machine.receive(0, id, in);
    for (SegmentId id = 0; id < in.size(); ++id) {
        const auto ways = plain_react(profile, machine.limits(), start, {Trigger::segment, "", in[id]});
        const auto outcomes = machine.receive(0, id, in);
        REQUIRE(outcomes.size() == ways.size());
        CHECK(machine.label(outcomes[0].label).rules == ways[0].rules);
    }
}

TEST_CASE("The machine refuses what the plain interpreter refuses") {
    const Spec spec = spec_from(R"(profile tiny "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
var n : 0..1
on call up    rule up    "it" cites "none" ESTABLISHED { n += 2 }
on call both  rule one   "it" cites "none" ESTABLISHED [n >= 0] { n := 0 }
              rule other "it" cites "none" ESTABLISHED [n < 1] { n := 0 }
})");
    const Profile& profile = *spec.profile("tiny");
    for (const char* call : {"up", "both"}) {
        SegmentTable out;
        Machine machine(profile, limits_of(profile), {call}, out);
        CHECK_THROWS_AS(machine.spontaneous(0), ModelError);
        CHECK_THROWS_AS(plain_react(profile, {}, plain_initial(profile), {Trigger::call, call, {}}), ModelError);
    }
}

}  // namespace lastack
