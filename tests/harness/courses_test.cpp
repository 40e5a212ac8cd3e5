// Where the implementation takes another course than was planned, the vector of that course goes on in the same
// connection (harness/courses.h).
#include "harness/courses.h"

#include <doctest/doctest.h>

#include "harness/driver.h"
#include "harness/targets.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;
using namespace hand;

namespace {

// The small profile, which acknowledges text once or, by `may`, twice.
std::vector<TestRun> run_all(const std::vector<TestVector>& vectors, SimPlay::May may, int at_once = 1) {
    const Profile profile = tiny_profile();
    SimPlay play;
    play.may = may;
    const auto target = make_sim_target(profile, limits_of(profile), play);
    DriveOptions options;
    options.at_once = at_once;
    return drive(*target, vectors, options);
}

VectorStep also(VectorStep step, const WireSegment& segment) {
    step.alternatives.push_back({segment, soon, Alternative::Then::inconclusive, "text_twice"});
    return step;
}

VectorStep maybe_then(VectorStep step, const WireSegment& segment) {
    step.expect.push_back({segment, soon, "text_twice", true});
    return step;
}

// Both begin with text. The one plans one acknowledgment, the other two; both then close.
TestVector once(const std::string& state = "FIN_WAIT_1") {
    return vector_of(
        "once", {also(then(send(data(0, 0)), {ack(0, 100)}), ack(0, 100)), then(call("close"), {fin(0, 100)}, state)});
}
TestVector twice(const std::string& state = "FIN_WAIT_1") {
    return vector_of("twice", {maybe_then(then(send(data(0, 0)), {ack(0, 100)}), ack(0, 100)),
                               then(call("close"), {fin(0, 100)}, state)});
}

int sent(const TestRun& run) {
    int count = 0;
    for (const Observed& one : run.observed) count += one.kind == Observed::Kind::sent;
    return count;
}

}  // namespace

TEST_CASE("the vector of the course that was taken goes on, and needs no connection of its own") {
    const auto runs = run_all({once(), twice()}, SimPlay::May::always);
    CHECK(runs[0].verdict == Verdict::inconclusive);
    CHECK(runs[0].left_path);
    CHECK(runs[0].went_on_as == "twice");
    CHECK(runs[0].failed_step == 0);
    CHECK(runs[0].reason == "ACK seq=1 ack=101 is allowed here, rule text_twice but leaves the planned path");
    CHECK(runs[1].vector_id == "twice");
    CHECK(runs[1].verdict == Verdict::pass);
    CHECK(sent(runs[1]) == 1);
    // One exchange: the same instants, in both.
    REQUIRE(runs[0].observed.size() == runs[1].observed.size());
    CHECK(runs[0].observed.back().text == "FIN_WAIT_1");
    CHECK(runs[1].observed.back().step == 1);
}

TEST_CASE("a segment that does not come is another vector's course, too") {
    const auto runs = run_all({twice(), once()}, SimPlay::May::never);
    CHECK(runs[0].verdict == Verdict::inconclusive);
    CHECK(runs[0].went_on_as == "once");
    CHECK(runs[1].verdict == Verdict::pass);
    CHECK(runs[1].observed.size() == runs[0].observed.size());
}

TEST_CASE("of several that went on one after the other the last one is named") {
    TestVector first = once(), second = twice(), third = twice();
    const VectorStep more = then(send(data(100, 0)), {ack(0, 200)});
    first.steps[1] = also(more, ack(0, 200));
    second.id = "twice, once";
    second.steps[1] = also(more, ack(0, 200));
    third.id = "twice, twice";
    third.steps[1] = maybe_then(more, ack(0, 200));
    const auto runs = run_all({first, second, third}, SimPlay::May::always);
    CHECK(runs[0].went_on_as == "twice, twice");
    CHECK(runs[0].failed_step == 0);
    CHECK(runs[1].went_on_as == "twice, twice");
    CHECK(runs[2].verdict == Verdict::pass);
}

TEST_CASE("who goes on judges as ever") {
    const auto runs = run_all({once(), twice("FIN_WAIT_2")}, SimPlay::May::always);
    CHECK(runs[0].verdict == Verdict::inconclusive);
    CHECK(runs[1].verdict == Verdict::fail);
    CHECK(runs[1].failed_step == 1);
}

TEST_CASE("a vector that is under way itself is refuted by another one's connection, and not confirmed in vain") {
    for (const int at_once : {1, 2, 3}) {
        CAPTURE(at_once);
        const auto runs = run_all({once(), twice("FIN_WAIT_2"), twice()}, SimPlay::May::always, at_once);
        CHECK(runs[0].verdict == Verdict::inconclusive);
        CHECK(runs[1].verdict == Verdict::fail);
        CHECK(runs[2].verdict == Verdict::pass);
    }
}

TEST_CASE("nobody goes on whose beginning is another one, or to whom what came would have been wrong") {
    std::vector<TestVector> others(6, twice());
    others[0].steps[0].segment = data(0, 1);            // sends something else
    others[1].tester_isn = 1;                           // counts from elsewhere
    others[2].steps[0].expect[1].segment = ack(0, 99);  // does not expect what came
    others[3].steps[0].expect[1].window = {100'000, 200'000};
    others[4].steps.insert(others[4].steps.begin(), call("recv", "would_block", 1));
    others[5].steps.push_back(then(send(ack(100, 1)), {}, "CLOSED"));
    others[5].steps.push_back(send(data(100, 1)));  // wants a listener that none is left of
    for (const TestVector& other : others) {
        const auto runs = run_all({once(), other}, SimPlay::May::always);
        CHECK(runs[0].verdict == Verdict::inconclusive);
        CHECK(runs[0].went_on_as.empty());
    }
    // What makes them so is needed: as it is, it goes on.
    CHECK(run_all({once(), twice()}, SimPlay::May::always)[0].went_on_as == "twice");
}

TEST_CASE("each step back leads to those that are the same up to its action") {
    const std::vector<TestVector> vectors{once(), twice(), active_close(), once("CLOSED")};
    Courses courses(vectors, {0, 1, 2, 3});
    using Others = std::vector<const TestVector*>;
    CHECK(courses.beside(vectors[0], 0) == Others{&vectors[1], &vectors[3]});
    CHECK(courses.beside(vectors[0], 1) == Others{&vectors[3]});  // what `twice` expects before is longer
    CHECK(courses.beside(vectors[2], 0).empty());
    CHECK(Courses(vectors, {0, 2}).beside(vectors[0], 0).empty());
}
