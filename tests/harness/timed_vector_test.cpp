// Runs that were found in time, driven: a FIN that comes again just before TIME-WAIT ends, and just after.
#include <doctest/doctest.h>

#include <string>

#include "checker/zones/timed_claims.h"
#include "generators/project.h"
#include "harness/driver.h"
#include "harness/targets.h"
#include "model/language/read_spec.h"
#include "tests/harness/adapters.h"
#include "tests/spec_support.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

// B sends its FIN again at 1, 3, 7 ... s, for longer than TIME-WAIT lasts at A, and hears no acknowledgment. That there
// is a run with a FIN inside, and one with a FIN outside, is what the condition on the two says (docs/time.md).
std::string patient_peer(const std::string& profile) {
    return "use \"" + source_dir() + "/specs/" + profile + ".spec\"\n" +
           "system patient \"A waits, B sends its FIN again and again\"\n"
           "  ends " +
           profile +
           " A, rfc9293 B  network 2 loses at most 12 reorders delay 0 ms to 10 ms\n"
           "  calls A { close } B { close }  limit data = 0, buffer = 0, repack = 0, retries = 10\n"
           "claim inside \"a FIN comes again in TIME-WAIT\" cites \"none\" on patient\n"
           "  reachable A in TIME_WAIT then A in TIME_WAIT and A gets [seg.fin]\n"
           "claim outside \"and one behind it\" cites \"none\" on patient\n"
           "  reachable A in TIME_WAIT then A in CLOSED and A.how == graceful then A gets [seg.fin]\n";
}

TestVector vector_of(const Spec& spec, const std::string& id) {
    const Claim& claim = claim_named(spec, id);
    const SystemDecl& decl = system_named(spec, claim.system);
    const TimedAnswer answer = decide_timed(spec, decl, claim, {});
    REQUIRE(answer.trace);
    const PlainSystem plain(spec, decl);
    REQUIRE(replay(plain, *answer.trace) == "");
    const Projection made = project(plain, claim, *answer.trace, 0, {});
    INFO(made.reason);
    REQUIRE(made.vector);
    TestVector vector = *made.vector;
    if (id == "outside") return vector;
    // The FIN comes when the run that has it as late as possible has it: just before the timer may end.
    const Profile& profile = plain.profile(0);
    const TimerDecl& timer = profile.timers[static_cast<std::size_t>(profile.timer("time_wait"))];
    VectorStep pause;
    pause.kind = VectorStep::Kind::wait;
    pause.timer = "pause";
    pause.window = {timer.earliest_us - 100'000, timer.earliest_us - 100'000};
    vector.steps.insert(vector.steps.end() - 1, pause);
    return vector;
}

void drive_both(const std::string& profile, Target& target) {
    const Spec spec = parse_spec(patient_peer(profile), "test.spec");
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    for (const std::string id : {"inside", "outside"}) {
        CAPTURE(id);
        const std::vector<TestVector> vectors{vector_of(spec, id)};
        const std::vector<Expected>& last = vectors[0].steps.back().expect;
        REQUIRE(last.size() == 1);
        CHECK(last[0].segment.rst == (id == "outside"));
        const std::vector<TestRun> runs = drive(target, vectors, options);
        REQUIRE(runs.size() == 1);
        INFO(runs[0].reason);
        CHECK(runs[0].verdict == Verdict::pass);
        CHECK(runs[0].duration_us > 20'000'000);
    }
}

}  // namespace

TEST_CASE("a FIN that comes again just inside and just outside of TIME-WAIT: the profile played") {
    const Spec spec = parse_spec(patient_peer("rfc9293"), "test.spec");
    const SystemDecl& decl = system_named(spec, "patient");
    const auto target = make_sim_target(*spec.profile("rfc9293"), limits_at(spec, decl, 0));
    drive_both("rfc9293", *target);
}

TEST_CASE("a FIN that comes again just inside and just outside of TIME-WAIT: lwIP") {
    if (lwip_command().empty()) {
        MESSAGE("SKIPPED: a FIN that comes again: liblwip-dev is missing");
        return;
    }
    const auto target = make_adapter_target(child(lwip_command()), {});
    drive_both("lwip", *target);
}
