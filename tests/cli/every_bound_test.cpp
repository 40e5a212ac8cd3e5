// Proofs, bounds in time and conditions, as a user asks for them.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"

using command::acknowledged;
using command::has;
using command::heard;
using command::invoke;
using command::one_way;
using command::shipped;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

const std::string never = R"(
claim never "nobody closes" cites "RFC 9293 3.6" on lossy
  invariant each e: e in ESTABLISHED
  expect violated
)";

}  // namespace

TEST_CASE("what is proved has its certificate, what is violated its run, and the rest is left out") {
    const SpecFile spec(one_way(acknowledged + never + heard));
    const TemporaryDirectory here;
    const command::Outcome outcome = invoke("prove " + spec.word() + " --certificate " + quoted(here.path().string()));
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "acknowledged proved"));
    CHECK(has(outcome.out, "retries >= 0"));
    CHECK(has(outcome.out, "never        violated"));
    CHECK(has(outcome.out, "1 proved, 1 violated, 0 unknown; 1 of other forms left out"));
    CHECK(std::filesystem::exists(here.path() / "acknowledged.txt"));
    CHECK(std::filesystem::exists(here.path() / "acknowledged.1.smt2"));
    CHECK_FALSE(std::filesystem::exists(here.path() / "never.txt"));
    CHECK(has(invoke("check " + spec.word() + " --unbounded").out, "acknowledged for every bound"));
}

TEST_CASE("a claim that no proof can be had of is unknown, and never taken for proved") {
    const SpecFile spec(one_way(heard));
    const command::Outcome outcome = invoke("prove " + spec.word() + " --claim heard");
    CHECK(outcome.code == 30);
    CHECK(has(outcome.out, "heard        unknown"));
    CHECK(invoke("prove " + spec.word() + " --claim other").code == 65);
}

// docs/time.md: from tcp_orphan_retries = 1, RTO 200 to 260 ms: 1.4 s to 1.82 s.
TEST_CASE("bounds tells how long an orphan stays in FIN-WAIT-1") {
    const command::Outcome outcome =
        invoke("bounds " + shipped("linux.spec") + " --system orphans --state FIN_WAIT_1 --losses 0");
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "1.4 s           1.82 s"));
    CHECK_FALSE(has(outcome.out, "TIME-WAIT"));
    const command::Outcome json =
        invoke("bounds " + shipped("linux.spec") + " --system orphans --state FIN_WAIT_1 --json");
    CHECK(json.code == 0);
    CHECK(has(json.out, "\"shortest_us\": 1400000,\n      \"longest_us\": 1820000"));
    CHECK(has(json.out, "\"longest_run\": ["));
    const command::Outcome wrong = invoke("bounds " + shipped("linux.spec") + " --state NOPE");
    CHECK(wrong.code == 64);
    CHECK(has(wrong.err, "profile linux has no state 'NOPE'"));
}

// With three retransmissions and no loss before the last one: 2^3 - 2^2 (docs/time.md).
TEST_CASE("the condition on TIME-WAIT is the one that was derived by hand") {
    const command::Outcome outcome =
        invoke("bounds " + shipped("time.spec") +
               " --condition T09-time --limit retries=3 --limit lost=0 --parameter time_wait=10ms..60s"
               " --parameter rto=200ms..2s --parameter delay=0..200ms");
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "time_wait > 4 rto + delay"));
}

TEST_CASE("a condition as JSON has the points that were tried") {
    const command::Outcome outcome =
        invoke("bounds " + shipped("time.spec") +
               " --condition T09-time --limit retries=1 --limit lost=0 --parameter time_wait=10ms..60s"
               " --parameter rto=200ms..2s --parameter delay=0..200ms --json");
    CHECK(outcome.code == 0);
    for (const std::string part : {"\"holds_where\": [", "\"answer\": \"violated\"", "\"complete\": true"})
        CHECK(has(outcome.out, part));
}
