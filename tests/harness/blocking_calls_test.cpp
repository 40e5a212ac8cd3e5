// Calls that block, poll, and a second descriptor: the driver against a small profile, in virtual time, and the running
// kernel against vectors whose outcome POSIX.1-2017 and RFC 9293 3.10.4 fix.
#include <doctest/doctest.h>

#include "generators/walk_suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/kernel.h"
#include "tests/harness/story.h"

using namespace lastack;
using namespace hand;

namespace {

// A read that waits is woken by text or by a reset; after a second it is not any more.
const std::string reader_text = R"(
profile reader "a read that waits" cites "POSIX.1-2017 recv" {
states ESTABLISHED initial, CLOSED final forgets
limit asks = 0 in 0..1 driven 1 in calls
timer patience = 1 s
var reads : flag
var rcv_nxt : 0..1
blocked while reads
segment ACK { seq 0; ack rcv_nxt }
on call recv_wait
  rule wait "nothing is there" cites "POSIX.1-2017 recv" ESTABLISHED { set reads; start patience; returns blocked }
on call poll
  rule ask "nothing to read, room to write" cites "POSIX.1-2017 poll" ESTABLISHED [asks == 1] { returns out }
on timer patience
  rule over "a second is enough" cites "POSIX.1-2017 recv" ESTABLISHED { clear reads; returns timeout }
on segment
  step all "one"
    rule text "text wakes a read" cites "RFC 9293 3.10.3"
      ESTABLISHED [seg.len > 0 and seg.seq == 0 and rcv_nxt == 0]
        { rcv_nxt := 1; send ACK; stop patience; if reads { returns text }; clear reads }
    rule reset "a reset does" cites "RFC 9293 3.10.3"
      ESTABLISHED [seg.rst] -> CLOSED { if reads { returns reset } }
}
)";

Profile reader(const std::string& what = "", const std::string& by = "") {
    std::string text = reader_text;
    if (!what.empty()) text.replace(text.find(what), what.size(), by);
    return parse_spec(text, "reader.spec").profiles[0];
}

VectorStep waits(const std::string& name, int bytes = 0) { return call(name, "blocked", bytes); }

VectorStep returning(VectorStep step, const std::string& result) {
    step.returned = result;
    return step;
}

TestRun play(const TestVector& vector, const Profile& profile = reader()) {
    const auto target = make_sim_target(profile, limits_of(profile));
    return drive(*target, {vector}, {}).at(0);
}

std::vector<TestVector> blocking(int ip) {
    return {
        vector_of("text wakes a read",
                  {waits("recv_wait", 100), returning(then(send(data(0, 0)), {ack(0, 100)}, "ESTABLISHED"), "text")},
                  ip),
        vector_of("the end wakes a read",
                  {waits("recv_wait", 100), returning(then(send(fin(0, 0)), {ack(0, 1)}, "CLOSE_WAIT"), "eof")}, ip),
        vector_of("a reset wakes a read",
                  {waits("recv_wait", 100), returning(then(send(rst(0)), {}, "CLOSED"), "reset")}, ip),
        vector_of("a close waits for the ACK of its FIN",
                  {then(waits("close_linger"), {fin(0, 0)}, "FIN_WAIT_1"),
                   returning(then(send(ack(0, 1)), {}, "FIN_WAIT_2"), "closed")},
                  ip),
        vector_of("a close waits where the peer has closed",
                  {then(send(fin(0, 0)), {ack(0, 1)}, "CLOSE_WAIT", "eof"),
                   then(waits("close_linger"), {fin(0, 1)}, "LAST_ACK"),
                   returning(then(send(ack(1, 1)), {}, "CLOSED"), "closed")},
                  ip),
    };
}

std::vector<TestVector> others(int ip) {
    return {
        vector_of("the first close of two descriptors sends nothing",
                  {call("dup"), then(call("close_one"), {}, "ESTABLISHED"),
                   then(send(data(0, 0)), {ack(0, 100)}, "ESTABLISHED"), call("recv", "ok", 100),
                   then(call("close"), {fin(0, 100)}, "FIN_WAIT_1")},
                  ip),
        vector_of("a shutdown acts whoever has a descriptor",
                  {call("dup"), then(call("shutdown_wr"), {fin(0, 0)}, "FIN_WAIT_1"),
                   then(call("close_one"), {}, "FIN_WAIT_1"), then(call("close"), {}, "FIN_WAIT_1")},
                  ip),
        vector_of("what is ready",
                  {call("poll", "out"), then(send(data(0, 0)), {ack(0, 100)}, "ESTABLISHED"), call("poll", "in_out"),
                   call("recv", "ok", 100), then(send(fin(100, 0)), {ack(0, 101)}, "CLOSE_WAIT", "eof"),
                   call("poll", "in_out_rdhup"), then(call("shutdown_wr"), {fin(0, 101)}, "LAST_ACK"),
                   call("poll", "in_out_rdhup_hup")},
                  ip),
        vector_of("an error is ready until it was told",
                  {then(send(rst(0)), {}, "CLOSED", "reset"), call("poll", "in_out_rdhup_hup_err"),
                   call("recv", "reset", 1), call("poll", "in_out_rdhup_hup")},
                  ip),
    };
}

}  // namespace

TEST_CASE("a read that blocked returns when the vector says, and not before") {
    const TestVector woken =
        vector_of("woken", {waits("recv_wait", 100), returning(then(send(data(0, 0)), {ack(0, 100)}), "text")});
    CHECK(play(woken).verdict == Verdict::pass);
    TestVector other = woken;
    other.steps[1].returned = "eof";
    CHECK(play(other).reason == "the call that blocked has returned text, eof was expected");
    other.steps[1].returned_optional = true;
    CHECK(play(other).verdict == Verdict::inconclusive);
    other.steps[1].returned_optional = false;
    other.steps[1].returned.clear();
    CHECK(play(other).reason == "the call that blocked has returned text, that it waits was expected");
    const Profile deaf = reader("if reads { returns text }; clear reads", "stop patience");
    CHECK(play(woken, deaf).reason == "the call that blocked still waits, text was expected");
}

TEST_CASE("a read that blocked ends with its timer, neither sooner nor later") {
    TestVector timed = vector_of(
        "timed", {waits("recv_wait", 100), returning(wait("patience", {1'000'000, 1'000'000}, 0), "timeout")});
    CHECK_MESSAGE(play(timed).verdict == Verdict::pass, story(play(timed)));
    CHECK(play(timed, reader("patience = 1 s", "patience = 2 s")).reason ==
          "the call that blocked still waits, timeout was expected");
    CHECK(play(timed, reader("patience = 1 s", "patience = 500 ms")).reason ==
          "the call that blocked has returned timeout, that it waits was expected before patience may expire");
    TestVector silent = vector_of("silent", {waits("recv_wait", 100)});
    silent.settle_us = 1'500'000;
    CHECK(play(silent).reason == "the call that blocked has returned timeout, that it waits was expected");
}

TEST_CASE("the suite of calls has a call that blocks, how it returns, and the systems of limits that are its own") {
    WalkSuiteOptions options;
    const WalkSuiteResult calls = make_walk_suite(reader(), "calls", options);
    const std::set<std::string> goals(calls.goal_names.begin(), calls.goal_names.end());
    CHECK(goals.contains("recv_wait/established/plain/blocked"));
    CHECK(goals.contains("returns/text/data-ack/established/reads/established"));
    CHECK(goals.contains("returns/timeout/patience/established/reads/established"));
    CHECK(goals.contains("returns/reset/rst-ack/established/reads/closed"));
    CHECK(goals.contains("poll/established/plain/out"));
    const auto has_poll = [](const WalkSuiteResult& made) {
        return std::any_of(made.goal_names.begin(), made.goal_names.end(),
                           [](const std::string& goal) { return goal.find("poll") != std::string::npos; });
    };
    CHECK_FALSE(has_poll(make_walk_suite(reader(), "transitions", options)));
    CHECK_FALSE(has_poll(make_walk_suite(reader(), "default", options)));
    const WalkSuiteResult united = make_walk_suite(reader(), "transitions,calls", options);
    CHECK(std::find(united.goal_names.begin(), united.goal_names.end(), "calls/poll/established/plain/out") !=
          united.goal_names.end());
    // The vectors say which limits they are about: the profile passes its own, one with a mistake does not.
    for (const std::string wrong : {"", "returns text", "returns timeout", "returns out"}) {
        CAPTURE(wrong);
        const Profile profile = wrong.empty() ? reader() : reader(wrong, "returns eof");
        const auto target = make_sim_target(profile, limits_of(profile));
        bool failed = false;
        for (const TestRun& run : drive(*target, calls.suite.vectors, {})) failed |= run.verdict == Verdict::fail;
        CHECK(failed == !wrong.empty());
    }
}

TEST_CASE("the kernel wakes calls that block, many at a time" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    std::vector<TestVector> many;
    for (const int ip : {4, 6}) {
        if (ip == 6 && target->endpoints().iut6.empty()) continue;
        for (int i = 0; i < 10; ++i)
            for (TestVector& vector : blocking(ip)) many.push_back(std::move(vector));
    }
    for (const TestRun& run : drive(*target, many, {})) CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}

TEST_CASE("the kernel says what is ready, and keeps a connection as long as one descriptor is left" *
          hand::needs_kernel()) {
    const auto target = make_linux_target();
    for (const TestVector& vector : others(4)) {
        const TestRun run = drive(*target, {vector}, {}).at(0);
        CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
    }
}

// RFC 9293 has no such call: 1 s is the linger time that the harness asks for.
TEST_CASE("the kernel's close does not wait longer than its linger time" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    TestVector vector = vector_of("in vain", {then(waits("close_linger"), {fin(0, 0)}, "FIN_WAIT_1"),
                                              returning(wait("linger", {1'000'000, 1'010'000}, -1), "closed")});
    vector.steps[1].window.since = {Anchor::Event::action, 0};
    const Window whenever{0, 2'000'000, {Anchor::Event::action, 0}};
    for (VectorStep& step : vector.steps)
        step.alternatives.push_back({fin(0, 0), whenever, Alternative::Then::go_on, "again"});
    const TestRun run = drive(*target, {vector}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}

// A run that ends while a call waits leaves no thread: the target could not be destroyed.
TEST_CASE("a call that still waits when its run ends is woken" * hand::needs_kernel()) {
    const auto target = make_linux_target();
    const TestRun run = drive(*target, {vector_of("unwoken", {waits("recv_wait", 1)})}, {}).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, story(run));
}
