// The verb `mutate` as a user runs it.
#include <doctest/doctest.h>

#include "tests/checker/small_machine.h"
#include "tests/cli/command.h"

using command::has;
using command::invoke;
using command::SpecFile;
using lastack::testing::small_machine;

namespace {

const std::string claims = R"(
claim heard "the closer learns that it was heard" cites "RFC 9293 3.6" on lossy
  reachable A calls close then A in FIN_WAIT_2
  expect holds shortest 3

claim told "who gives up is told" cites "RFC 9293 3.8.3" on lossy
  step each e: e fires give_up implies e signals timeout
  expect holds
)";

}  // namespace

TEST_CASE("mutate lists what nobody notices, with its place and sentence, and ends with the score") {
    const SpecFile spec(small_machine + claims);
    const auto outcome = invoke("mutate " + spec.word());
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
    CHECK(has(outcome.out, "Mutants of profile small"));
    CHECK(has(outcome.out, "judged by 2 claims on lossy"));
    CHECK(has(outcome.out, "fin: without effect 3 (signal eof)\n    \"the peer's FIN\" ("));
    CHECK(has(outcome.out, "    survived\n"));
    CHECK_FALSE(has(outcome.out, "drop rule close\n"));  // noticed
    CHECK(has(outcome.out, "that could be noticed\n"));
    CHECK(has(invoke("mutate --all " + spec.word()).out, "drop rule close\n"));
}

TEST_CASE("mutate tells the same story twice, with one thread or two") {
    const SpecFile spec(small_machine + claims);
    const std::string once = invoke("mutate --all " + spec.word()).out;
    CHECK(once == invoke("mutate --all " + spec.word()).out);
    CHECK(once == invoke("mutate --all --jobs 2 " + spec.word()).out);
}

TEST_CASE("mutate takes kinds of change, a profile and systems, and refuses unknown ones") {
    const SpecFile spec(small_machine + claims);
    CHECK(has(invoke("mutate --operators rule " + spec.word()).out, "9 mutants"));
    CHECK(has(invoke("mutate --operators rule,case --profile small --system lossy " + spec.word()).out, "13 mutants"));
    const auto profile = invoke("mutate --profile smal " + spec.word());
    CHECK(profile.code == 65);
    CHECK(has(profile.err, "smal"));
    const auto system = invoke("mutate --system losy " + spec.word());
    CHECK(system.code == 65);
    CHECK(has(system.err, "did you mean 'lossy'?"));
    CHECK(invoke("mutate --operators luck " + spec.word()).code == 64);
    CHECK(invoke("mutate --jobs 0 " + spec.word()).code == 64);
}

TEST_CASE("mutate without claims to judge is vacuous") {
    const SpecFile spec(small_machine);
    CHECK(invoke("mutate " + spec.word()).code == 10);
}

TEST_CASE("mutate prints one JSON document on request") {
    const SpecFile spec(small_machine + claims);
    const auto outcome = invoke("mutate --json --operators rule " + spec.word());
    CHECK(outcome.code == 0);
    CHECK(outcome.out.starts_with("{\n  \"format\": \"lastack-mutation/1\""));
    CHECK(has(outcome.out, "\"id\": \"drop rule fin\""));
    CHECK(has(outcome.out, "\"fate\": \"not exercised\""));
    CHECK(has(outcome.out, "\"score_percent\""));
}
