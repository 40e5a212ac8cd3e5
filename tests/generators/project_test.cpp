// The projection of a trace to a vector, on traces of specs/linux.spec: what the tester does, in which order, with
// which byte offsets and in which windows of time. A unit of text is 100 bytes here; the IUT is an end of the trace.
#include "generators/project.h"

#include <doctest/doctest.h>

#include <algorithm>

#include "checker/claims/check.h"
#include "tests/spec_support.h"

namespace lastack {

namespace {

using namespace testing;
using Kind = VectorStep::Kind;
using Words = std::vector<std::string>;

constexpr std::int64_t ms = 1000;

const Spec& linux_spec() { return shipped_spec("linux.spec"); }

// The trace that decides a claim.
Trace trace_of(const Spec& spec, const std::string& id) {
    CheckOptions options;
    options.only_claims = {id};
    return check(spec, options).claims.at(0).trace.value();
}

Projection projected(const std::string& id, int end, const ProjectionOptions& options = {}) {
    const Claim& claim = claim_named(linux_spec(), id);
    const PlainSystem plain(linux_spec(), system_named(linux_spec(), claim.system));
    return project(plain, claim, trace_of(linux_spec(), id), end, options);
}

TestVector vector_of(const std::string& id, int end, const ProjectionOptions& options = {}) {
    const Projection projection = projected(id, end, options);
    REQUIRE_MESSAGE(projection.vector.has_value(), projection.reason);
    return *projection.vector;
}

// A step in one line: what is done, then what must come back.
std::string line(const VectorStep& step) {
    std::string text;
    if (step.kind == Kind::call) text = "call " + step.call;
    if (step.kind == Kind::send) text = "send " + to_string(step.segment);
    if (step.kind == Kind::wait) text = "wait " + step.timer;
    for (const Expected& expected : step.expect) text += " -> " + to_string(expected.segment);
    return text;
}

Words lines(const TestVector& vector) {
    Words all;
    for (const VectorStep& step : vector.steps) all.push_back(line(step));
    return all;
}

bool same(const Window& window, std::int64_t earliest_ms, std::int64_t latest_ms) {
    return window.earliest_us == earliest_ms * ms && window.latest_us == latest_ms * ms;
}

Anchor acting(int step) { return {Anchor::Event::action, step}; }
Anchor after(int step) { return {Anchor::Event::completion, step}; }

const Alternative* alternative(const VectorStep& step, const WireSegment& segment, const std::string& rule) {
    const auto place = std::find_if(step.alternatives.begin(), step.alternatives.end(), [&](const Alternative& each) {
        return each.segment == segment && each.rule == rule;
    });
    return place == step.alternatives.end() ? nullptr : &*place;
}

WireSegment wire(std::int64_t seq, std::int64_t acknowledged, bool fin, int len = 0) {
    WireSegment segment;
    segment.seq = seq;
    segment.ack = acknowledged;
    segment.fin = fin;
    segment.len = len;
    return segment;
}

}  // namespace

TEST_CASE("The usual close as the active side's tester sees it") {
    const TestVector vector = vector_of("W01", 0);
    CHECK(lines(vector) == Words{"call close -> FIN,ACK seq=1 ack=1", "send ACK seq=1 ack=2",
                                 "send FIN,ACK seq=1 ack=2 -> ACK seq=2 ack=2", "wait time_wait"});
    CHECK(vector.steps[0].states == Words{"FIN_WAIT_1"});
    CHECK(vector.steps[1].states == Words{"FIN_WAIT_2"});
    CHECK(vector.steps[2].states == Words{"TIME_WAIT"});
    CHECK(vector.steps[3].states == Words{"CLOSED"});
    CHECK(same(vector.steps[3].window, 60'000, 67'500));
    CHECK(vector.steps[3].window.since == acting(2));
    CHECK(vector.id.find("W01/A") == 0);
    CHECK(vector.endpoint == "A");
    REQUIRE(vector.claims.size() == 1);
    CHECK(vector.claims[0].id == "W01");
    CHECK(vector.claims[0].sense == VectorClaim::Sense::witness);
    CHECK(vector.claims[0].sentence == vector.goal);
    CHECK_FALSE(vector.limits.empty());
    CHECK_FALSE(vector.refuted_expected);
    CHECK(vector.profile == "linux");
    CHECK(vector.system == "polite");
}

TEST_CASE("The usual close as the passive side's tester sees it: the ACK of its FIN may be delayed, our FIN may not") {
    const TestVector vector = vector_of("W01", 1);
    CHECK(lines(vector) == Words{"send FIN,ACK seq=1 ack=1", "wait delack -> ACK seq=1 ack=2",
                                 "call close -> FIN,ACK seq=1 ack=2", "send ACK seq=2 ack=2"});
    CHECK(vector.steps[0].signals == Words{"eof"});
    CHECK(vector.steps[0].states == Words{"CLOSE_WAIT"});
    CHECK(same(vector.steps[1].expect[0].window, 0, 200));
    CHECK(same(vector.steps[2].expect[0].window, 0, 0));
    CHECK(vector.steps[2].expect[0].rule == "close_passive");
    CHECK(vector.steps[2].states == Words{"LAST_ACK"});
    CHECK(vector.steps[3].states == Words{"CLOSED"});
}

TEST_CASE("A retransmission that the profile allows is an alternative with which the plan goes on") {
    const VectorStep close = vector_of("W01", 0).steps[0];
    const Alternative* again = alternative(close, wire(0, 0, true), "again");
    REQUIRE(again != nullptr);
    CHECK(same(again->window, 200, 260));
    CHECK(again->then == Alternative::Then::go_on);
}

TEST_CASE("A lost FIN: its sender waits for the timer; its receiver never sees the loss") {
    const TestVector sender = vector_of("W08-lost", 0);
    CHECK(lines(sender) == Words{"call close -> FIN,ACK seq=1 ack=1", "wait rto -> FIN,ACK seq=1 ack=1",
                                 "send FIN,ACK seq=1 ack=2 -> ACK seq=2 ack=2"});
    CHECK(sender.steps[1].window.since == acting(0));
    CHECK(sender.steps[1].expect[0].window.since == acting(0));
    CHECK(same(sender.steps[1].window, 200, 260));
    CHECK(same(sender.steps[1].expect[0].window, 200, 260));
    CHECK(sender.steps[1].expect[0].rule == "again");
    CHECK(sender.steps[1].note.find("the network loses FIN,ACK seq=1 ack=1 from A") != std::string::npos);

    const TestVector receiver = vector_of("W08-lost", 1);
    CHECK(lines(receiver) ==
          Words{"send FIN,ACK seq=1 ack=1", "call close -> FIN,ACK seq=1 ack=2", "send ACK seq=2 ack=2"});
}

TEST_CASE("Each further retransmission waits twice as long, measured from the one before; after the last one there is "
          "silence") {
    const TestVector vector = vector_of("W03-half-open", 0);
    CHECK(lines(vector) == Words{"call close -> FIN,ACK seq=1 ack=1", "wait rto -> FIN,ACK seq=1 ack=1",
                                 "wait rto -> FIN,ACK seq=1 ack=1", "wait rto"});
    const std::pair<int, int> windows[] = {{0, 0}, {200, 260}, {400, 520}, {800, 1040}};
    for (std::size_t i = 1; i < 4; ++i) {
        CAPTURE(i);
        CHECK(vector.steps[i].window.since == (i == 1 ? acting(0) : after(static_cast<int>(i) - 1)));
        CHECK(same(vector.steps[i].window, windows[i].first, windows[i].second));
    }
    CHECK(vector.steps[3].expect.empty());
    CHECK(vector.steps[3].states == Words{"CLOSED"});
    CHECK(vector.steps[3].rules == Words{"give_up"});
}

TEST_CASE("Simultaneous closes look the same from both ends") {
    const Words crossing{"call close -> FIN,ACK seq=1 ack=1", "send FIN,ACK seq=1 ack=1 -> ACK seq=2 ack=2",
                         "send ACK seq=2 ack=2"};
    for (int end = 0; end < 2; ++end) {
        const TestVector vector = vector_of("W05-one", end);
        CHECK(lines(vector) == crossing);
        CHECK(vector.claims.at(0).sense == VectorClaim::Sense::counterexample);
        CHECK(vector.endpoint == (end == 0 ? "A" : "B"));
        CHECK(vector.steps[1].states == Words{"CLOSING"});
        CHECK(vector.steps[2].states == Words{"TIME_WAIT"});
        // A retransmitted FIN now acknowledges the peer's.
        CHECK(alternative(vector.steps[1], wire(0, 1, true), "again") != nullptr);
    }
}

TEST_CASE("Half-closed: text counts in bytes, a FIN counts one, and the application reads what came") {
    const TestVector vector = vector_of("W12-stays", 0);
    REQUIRE(vector.steps.size() == 3);
    CHECK(line(vector.steps[0]) == "call shutdown_wr -> FIN,ACK seq=1 ack=1");
    CHECK(vector.steps[1].segment == wire(0, 1, false, 100));
    CHECK(vector.steps[1].expect[0].segment == wire(1, 100, false));
    CHECK(vector.steps[2].call == "recv");
    CHECK(vector.steps[2].bytes == 100);
    CHECK(vector.steps[2].states == Words{"FIN_WAIT_2"});

    ProjectionOptions large;
    large.unit_bytes = 1460;
    large.ip = 6;
    const TestVector wide = vector_of("W12-stays", 0, large);
    CHECK(wide.steps[1].segment.len == 1460);
    CHECK(wide.steps[1].expect[0].segment.ack == 1460);
    CHECK(wide.steps[2].bytes == 1460);
    CHECK(wide.ip == 6);
    CHECK(wide.unit_bytes == 1460);
    CHECK(wide.id != vector.id);
}

TEST_CASE("Where the trace delays an acknowledgment, one that comes anyway is an alternative") {
    const TestVector vector = vector_of("W12-stays", 1);
    REQUIRE(vector.steps.size() == 3);
    const VectorStep& fin_arrives = vector.steps[0];
    CHECK(line(fin_arrives) == "send FIN,ACK seq=1 ack=1");
    const Alternative* owed = alternative(fin_arrives, wire(0, 1, false), "owed");
    REQUIRE(owed != nullptr);
    CHECK(same(owed->window, 0, 200));
    CHECK(owed->then == Alternative::Then::inconclusive);  // the plan is about an end that does not send it
    CHECK(line(vector.steps[1]) == "call send -> DATA,ACK seq=1 ack=2 len=100");
    CHECK(vector.steps[1].bytes == 100);
}

TEST_CASE("A vector names the settings and the clauses it stands on") {
    const TestVector vector = vector_of("W08-lost", 0);
    const std::pair<std::string, std::string> fin_timeout{"tcp_fin_timeout", "1"};
    CHECK(std::find(vector.settings.begin(), vector.settings.end(), fin_timeout) != vector.settings.end());
    REQUIRE(vector.clauses.size() > 1);
    CHECK(vector.clauses.at(0) == claim_named(linux_spec(), "W08-lost").cites);
    const std::string& retransmits = linux_spec().profile("linux")->rule("again")->cites;
    CHECK(std::find(vector.clauses.begin(), vector.clauses.end(), retransmits) != vector.clauses.end());
    CHECK(vector.goal == claim_named(linux_spec(), "W08-lost").sentence);
}

TEST_CASE("An endpoint that takes no step has no vector, and the reason is told") {
    const Projection projection = projected("W03-half-open", 1);  // B never hears of the close
    CHECK_FALSE(projection.vector.has_value());
    CHECK(projection.reason == "the endpoint takes no step");
}

TEST_CASE("A trace whose timers cannot expire in its order has no vector, and the reason is told") {
    // The model is untimed: it lets either timer expire first.
    const Spec spec = spec_from(R"(profile timed "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
timer soon = 100 ms to 200 ms
timer late = 1 s to 2 s
segment ACK { seq 0; ack 0 }
on call close rule both "starts two timers" cites "none" ESTABLISHED { start soon; start late }
on timer soon rule soon "the shorter one" cites "none" ESTABLISHED { send ACK }
on timer late rule late "the longer one" cites "none" ESTABLISHED -> CLOSED
}
system one "for tests" ends timed A, timed B network 1 loses calls A { close } B { }
claim in-order "the shorter one first" cites "none" on one reachable A expires soon then A expires late
claim late-only "the longer one while the shorter runs" cites "none" on one reachable A expires late and A runs soon)");
    const PlainSystem plain(spec, spec.systems[0]);
    const auto attempt = [&](const std::string& id) {
        return project(plain, claim_named(spec, id), trace_of(spec, id), 0, {});
    };
    REQUIRE(attempt("in-order").vector.has_value());
    const VectorStep second = attempt("in-order").vector->steps.at(2);
    CHECK(second.window.since == acting(0));
    CHECK(same(second.window, 1000, 2000));
    const Projection impossible = attempt("late-only");
    CHECK_FALSE(impossible.vector.has_value());
    CHECK(impossible.reason == "timer soon would expire before timer late does");
}

TEST_CASE("The same trace gives the same vector") {
    CHECK(vector_of("W01", 1) == vector_of("W01", 1));
    CHECK(vector_of("W03-half-open", 0) == vector_of("W03-half-open", 0));
}

TEST_CASE("Before a FIN that starts TIME-WAIT anew, more time passes than the timer's interval is wide") {
    const TestVector vector = vector_of("W16-restart", 0);
    std::size_t pause = 0;
    while (pause < vector.steps.size() && vector.steps[pause].timer != "pause") ++pause;
    REQUIRE(pause + 2 < vector.steps.size());
    // 60 to 67.5 s: after 7.6 s more, an old timer is over before a new one may be.
    CHECK(same(vector.steps[pause].window, 7600, 7600));
    CHECK(vector.steps[pause].expect.empty());
    CHECK(vector.steps[pause + 1].kind == VectorStep::Kind::send);
    CHECK(vector.steps[pause + 1].segment.fin);
    const VectorStep& expiry = vector.steps.back();
    CHECK(expiry.timer == "time_wait");
    CHECK(expiry.window.since == acting(static_cast<int>(pause) + 1));
    CHECK(same(expiry.window, 60000, 67500));
}

// FIN-WAIT-2 after shutdown() has no limit: no timer runs that could end the silence.
TEST_CASE("A silence that nothing may end is looked at as long as was asked for, and the state after it, too") {
    ProjectionOptions options;
    options.look_us = 7'000'000;
    const TestVector vector = vector_of("W12-stays", 0, options);
    CHECK(vector.settle_us == 7'000'000);
    CHECK(vector.settled_states == Words{"FIN_WAIT_2"});
    // Where a timer runs, here that of TIME-WAIT, the look ends before the timer may.
    options.look_us = 100'000'000;
    const TestVector ends_by_timer = vector_of("W08-lost", 0, options);
    CHECK(ends_by_timer.settled_states == Words{"TIME_WAIT"});
    CHECK(ends_by_timer.settle_us < 60'000'000);
}

TEST_CASE("No alternative opens before the timer that sends it may expire") {
    const TestVector vector = vector_of("W01", 0);
    for (const VectorStep& step : vector.steps) {
        for (const Alternative& way : step.alternatives) {
            if (way.rule == "again") CHECK(way.window.earliest_us >= 200'000);  // TCP_RTO_MIN
        }
    }
}

}  // namespace lastack
