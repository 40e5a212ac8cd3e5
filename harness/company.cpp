#include "harness/company.h"

namespace lastack {
namespace {

constexpr std::int64_t longest_delay_us = 500'000;  // of an ACK: RFC 9293 3.8.6.3

VectorStep sending(const WireSegment& segment) {
    VectorStep step;
    step.kind = VectorStep::Kind::send;
    step.segment = segment;
    return step;
}

void expect(VectorStep& step, const WireSegment& segment, std::int64_t latest_us) {
    Expected expected;
    expected.segment = segment;
    expected.window = {0, latest_us, {}};
    step.expect.push_back(expected);
}

}  // namespace

TestVector neighbour_of(const TestVector& vector) {
    TestVector neighbour;
    neighbour.id = vector.id + " (a neighbour)";
    neighbour.profile = vector.profile;
    neighbour.subject = vector.subject;
    neighbour.ip = vector.ip;
    neighbour.unit_bytes = vector.unit_bytes;
    neighbour.window = vector.window;
    neighbour.options = vector.options;
    neighbour.tester_isn = vector.tester_isn;

    VectorStep fin = sending({.seq = 0, .ack = 0, .fin = true});
    expect(fin, {.seq = 0, .ack = 1}, longest_delay_us);
    VectorStep close;
    close.kind = VectorStep::Kind::call;
    close.call = "close";
    close.result = "ok";
    expect(close, {.seq = 0, .ack = 1, .fin = true}, 0);
    neighbour.steps = {fin, close, sending({.seq = 1, .ack = 1})};
    return neighbour;
}

void take_neighbour(const TestRun& neighbour, TestRun& run) {
    if (neighbour.verdict == Verdict::pass || run.verdict == Verdict::fail || run.verdict == Verdict::error) return;
    if (neighbour.verdict != Verdict::fail && run.verdict != Verdict::pass) return;
    run.verdict = neighbour.verdict;
    run.reason = "another connection of the same listener did not stay as it was: " + neighbour.reason;
    run.failed_step = -1;
}

}  // namespace lastack
