// Runs that were found in time, driven: a FIN that comes again just before TIME-WAIT ends, and just after.
#include <doctest/doctest.h>
#include <fmt/format.h>

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

// B sends its FIN again 1, 3, 7, 15, 31, 63, 123, 183, 243 ... s after the first one, and what it sends gets lost but
// for the first FIN and the `last` one. The condition on TIME-WAIT and the RTO says which of them is the last one
// inside (docs/time.md): the 8th for 240 s, the 6th for lwIP's 120 s.
std::string patient_peer(const std::string& file, const std::string& profile, int last) {
    const std::string names = profile + " A, rfc9293 B";
    return "use \"" + source_dir() + "/specs/" + file + ".spec\"\n" +
           "system patient \"A waits, B sends its FIN again and again\"\n"
           "  ends " +
           names +
           "  network 2 loses at most 12 reorders delay 0 ms to 10 ms\n"
           "  calls A { close } B { close }  limit data = 0, buffer = 0, repack = 0, retries = 10\n" +
           fmt::format("claim inside \"the last FIN that finds TIME-WAIT\" cites \"none\" on patient\n"
                       "  reachable A in TIME_WAIT then A in TIME_WAIT and B.tries == {} and A gets [seg.fin]\n"
                       "claim outside \"and the next one\" cites \"none\" on patient\n"
                       "  reachable A in TIME_WAIT then A in CLOSED and A.how == graceful and B.tries == {} and A gets "
                       "[seg.fin]\n",
                       last, last + 1);
}

// As `lastack generate` has it: the steps of the run, at its times.
TestVector vector_of(const Spec& spec, const std::string& id) {
    const Claim& claim = claim_named(spec, id);
    const SystemDecl& decl = system_named(spec, claim.system);
    const TimedAnswer answer = decide_timed(spec, decl, claim, {});
    REQUIRE(answer.trace);
    const PlainSystem plain(spec, decl);
    REQUIRE(replay(plain, *answer.trace) == "");
    Projection made = project(plain, claim, *answer.trace, 0, {});
    INFO(made.reason);
    REQUIRE(made.vector);
    return *made.vector;
}

void drive_both(const std::string& file, const std::string& profile, int expiries, std::int64_t last_us,
                Target& target) {
    const Spec spec = parse_spec(patient_peer(file, profile, expiries), "test.spec");
    DriveOptions options;
    options.longest_us = 1'000'000'000'000;
    for (const std::string id : {"inside", "outside"}) {
        CAPTURE(id);
        const std::vector<TestVector> vectors{vector_of(spec, id)};
        const std::vector<Expected>& expected = vectors[0].steps.back().expect;
        REQUIRE(expected.size() == 1);
        CHECK(expected[0].segment.rst == (id == "outside"));
        const std::vector<TestRun> runs = drive(target, vectors, options);
        REQUIRE(runs.size() == 1);
        INFO(runs[0].reason);
        CHECK(runs[0].verdict == Verdict::pass);
        CHECK(runs[0].duration_us > (id == "inside" ? last_us : last_us + 60'000'000));
    }
}

}  // namespace

TEST_CASE("a FIN that comes again just inside and just outside of TIME-WAIT: the profile played") {
    const Spec spec = parse_spec(patient_peer("rfc9293", "rfc9293", 8), "test.spec");
    const SystemDecl& decl = system_named(spec, "patient");
    const auto target = make_sim_target(*spec.profile("rfc9293"), limits_at(spec, decl, 0));
    drive_both("rfc9293", "rfc9293", 8, 183'000'000, *target);
}

TEST_CASE("a FIN that comes again just inside and just outside of TIME-WAIT: lwIP") {
    if (lwip_command().empty()) {
        MESSAGE("SKIPPED: a FIN that comes again: liblwip-dev is missing");
        return;
    }
    const auto target = make_adapter_target(child(lwip_command()), {});
    drive_both("lwip", "lwip_prompt", 6, 63'000'000, *target);
}
