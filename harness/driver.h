// The driver plays the tester of many vectors at once against one target and gives each a verdict.
//
// A run: open (SYN, SYN-ACK, ACK, accept), the steps in order, settle. While a step is not complete every packet of
// its connection must be the next expected one or an allowed alternative inside its window. See docs/verdicts.md.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "generators/vector.h"
#include "harness/target.h"

namespace lastack {

enum class Verdict {
    pass,
    fail,          // the IUT did what the vector does not allow, or did not do what it requires
    inconclusive,  // the IUT did what is allowed but the planned path was left
    error,         // the test could not be carried out: a fault of ours or of the set-up
    skipped,       // not run, with the reason
};
std::string to_string(Verdict verdict);

// One thing that happened in a run, in order.
struct Observed {
    std::int64_t at_us = 0;  // after the end of the opening
    int step = -1;           // index into the vector's steps; -1 while settling
    enum class Kind { call, sent, received, state, signal, silence } kind = Kind::call;
    WireSegment segment;  // sent, received
    std::string text;     // "close() = ok", "TIME_WAIT", "eof"; for received: how it was judged, "expected", ...
};

struct TestRun {
    std::string vector_id;
    Verdict verdict = Verdict::error;
    std::string reason;  // empty for pass; else one sentence: what came, what was allowed
    int failed_step = -1;
    bool left_path = false;                 // inconclusive, since the IUT took another course that the profile allows
    std::string went_on_as;                 // and the vector with this id went on in the same connection, to a verdict
    std::vector<std::string> tries_before;  // the reasons of the inconclusive tries before this one, in order
    std::vector<Observed> observed;
    std::int64_t duration_us = 0;
};

struct DriveOptions {
    int at_once = 1000;                    // connections in progress at the same time; fewer where calls block
    int company = 0;                       // other connections beside each vector's (harness/company.h)
    std::int64_t longest_us = 10'000'000;  // a vector that may take longer is skipped with the reason
    int tries = 1;                         // of a vector that stays inconclusive
    std::int64_t slack_us = 30'000;        // added to the late end of every window: scheduling of tester and IUT
    std::function<bool()> stop;            // polled; true ends the run early, unfinished vectors are skipped
    std::function<void(std::size_t done, std::size_t all)> progress;
};

// A driver that runs where the implementation is: a target that has one is not driven from here.
class InsideDriver {
public:
    virtual ~InsideDriver() = default;
    virtual std::vector<TestRun> drive(const std::vector<TestVector>& vectors, const DriveOptions& options) = 0;
};

// Verdicts in the order of the vectors. Vectors are grouped by their setup (settings, limits, size of a unit);
// each group runs together. An inconclusive vector is driven again, since what a profile leaves open an implementation
// may decide otherwise the next time; a target that decides it by itself does so then (Target::vary).
std::vector<TestRun> drive(Target& target, const std::vector<TestVector>& vectors, const DriveOptions& options);

}  // namespace lastack
