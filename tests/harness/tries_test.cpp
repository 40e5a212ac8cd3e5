// A vector that stays inconclusive is driven again (DriveOptions::tries).
#include <doctest/doctest.h>

#include "harness/targets.h"
#include "tests/harness/hand_vectors.h"
#include "tests/harness/tiny_profile.h"

using namespace lastack;
using namespace hand;

namespace {

// The small profile, which acknowledges text once or, by `may`, twice; planned is once.
std::vector<TestRun> run_in(int tries, bool varies) {
    const Profile profile = tiny_profile();
    SimPlay play;
    play.may = SimPlay::May::always;
    play.varies = varies;
    const auto target = make_sim_target(profile, limits_of(profile), play);
    DriveOptions options;
    options.tries = tries;
    VectorStep step = then(send(data(0, 0)), {ack(0, 100)});
    step.alternatives.push_back({ack(0, 100), soon, Alternative::Then::inconclusive, "text_twice"});
    return drive(*target, {vector_of("once", {step}), vector_of("close", {then(call("close"), {fin(0, 0)})})}, options);
}

const std::string twice = "ACK seq=1 ack=101 is allowed here, rule text_twice but leaves the planned path";

}  // namespace

TEST_CASE("one try is one try") {
    const std::vector<TestRun> runs = run_in(1, true);
    CHECK(runs[0].verdict == Verdict::inconclusive);
    CHECK(runs[0].reason == twice);
    CHECK(runs[0].tries_before.empty());
}

TEST_CASE("a try that comes to a verdict is the last one, and says why those before it did not") {
    const std::vector<TestRun> runs = run_in(3, true);
    CHECK(runs[0].verdict == Verdict::pass);
    CHECK(runs[0].tries_before == std::vector{twice});
    CHECK(runs[1].verdict == Verdict::pass);
    CHECK(runs[1].tries_before.empty());
}

TEST_CASE("an implementation that decides the same each time is tried as often as is asked for") {
    const std::vector<TestRun> runs = run_in(3, false);
    CHECK(runs[0].verdict == Verdict::inconclusive);
    CHECK(runs[0].tries_before == std::vector{twice, twice});
}
