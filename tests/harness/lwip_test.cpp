// Debian's lwIP behind its adapter: whole suites of its profile, and what ends its process.
#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "generators/walk_suite.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/adapters.h"
#include "tests/harness/hand_vectors.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

bool skip_without_lwip(const char* test) {
    if (!lwip_command().empty()) return false;
    MESSAGE("SKIPPED: " << test << ": liblwip-dev is missing");
    return true;
}

}  // namespace

TEST_CASE("lwIP does what its profile says: whole suites of a small endpoint, nothing refuted or left open") {
    if (skip_without_lwip("lwIP does what its profile says")) return;
    const Spec spec = read_spec(source_dir() + "/specs/lwip.spec", "lwip_prompt");
    WalkSuiteOptions options;
    options.unit_bytes = 1;
    options.limits = {{"memory", 1}, {"data", 0}, {"buffer", 0}, {"repack", 0}};
    const auto target = make_adapter_target(child(lwip_command()), {});
    DriveOptions drive_options;
    drive_options.longest_us = 1'000'000'000'000;
    for (const std::string suite : {"transitions", "states", "loss"}) {
        const WalkSuiteResult made = make_walk_suite(*spec.profile("lwip_prompt"), suite, options);
        CAPTURE(suite);
        CHECK(made.vectors > 50);
        for (const TestRun& run : drive(*target, made.suite.vectors, drive_options)) {
            INFO(run.vector_id << ": " << run.reason);
            CHECK(run.verdict == Verdict::pass);
        }
    }
}

// tcp_slowtmr of 2.1.3: an ACK of the probe's byte empties the queue and does not stop the timer.
TEST_CASE("any peer ends the process of Debian's lwIP: persist ticking with empty send buffer") {
    if (skip_without_lwip("any peer ends the process of Debian's lwIP")) return;
    const auto target = make_adapter_target(child(lwip_command()), {});
    if (target->description().find("lwIP 2.1.3") != 0) {
        MESSAGE("SKIPPED: any peer ends the process of Debian's lwIP: another version, " << target->description());
        return;
    }
    const auto shut = [](std::int64_t seq, std::int64_t number) {
        WireSegment segment = hand::ack(seq, number);
        segment.zero_window = true;
        return segment;
    };
    const WireSegment probe{0, 0, 1, false, false, false, true};
    const auto vector = [&](const WireSegment& last) {
        TestVector made = hand::vector_of(
            "a probe and its answer",
            {hand::send(shut(1, 0)), hand::call("send", "ok", 1),
             hand::then(hand::wait("persist", {0, 1'600'000}, -1), {probe}, "ESTABLISHED", "", {0, 1'600'000}),
             hand::send(last), hand::then(hand::wait("pause", {2'000'000, 2'000'000}, -1), {}, "ESTABLISHED")});
        made.profile = made.subject = "hand";
        return made;
    };
    DriveOptions options;
    options.longest_us = 1'000'000'000;
    for (const WireSegment& answer : {shut(1, 1), hand::ack(1, 1)}) {  // also where it opens the window
        const TestRun run = drive(*target, {vector(answer)}, options).at(0);
        CHECK(run.verdict == Verdict::error);
        CHECK(run.reason == "the adapter was ended by signal 6 (Aborted)");
        target->restart();
    }
}

// Only a SYN alone may open the next connection out of TIME-WAIT, and so needs a listener that outlives this one.
TEST_CASE("what comes once TIME-WAIT is over finds nobody, also where a SYN,ACK came in it") {
    if (skip_without_lwip("what comes once TIME-WAIT is over finds nobody")) return;
    WireSegment syn_ack{0, 3, 0, false, true, false, true}, reset = hand::rst_ack(3, 1);
    syn_ack.from_right = reset.ack_from_right = true;
    TestVector vector = hand::active_close();
    vector.profile = vector.subject = "hand";
    vector.steps.push_back(hand::then(hand::send(syn_ack), {reset}, "TIME_WAIT"));
    vector.steps.push_back(hand::then(hand::wait("time_wait", {90'000'000, 120'500'000}, 2), {}, "CLOSED"));
    vector.steps.push_back(
        hand::then(hand::send({10, 0, 0, false, true, false, false}), {hand::rst_ack(-1, 11)}, "CLOSED"));
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    const auto target = make_adapter_target(child(lwip_command()), {});
    const TestRun run = drive(*target, {vector}, options).at(0);
    CHECK_MESSAGE(run.verdict == Verdict::pass, run.reason);
}
