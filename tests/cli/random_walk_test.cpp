// `walk`: what is found is told, kept in a file, and found again by the command that is printed.
#include <doctest/doctest.h>

#include <filesystem>
#include <string>

#include "tests/cli/command.h"
#include "tests/harness/adapters.h"
#include "tests/harness/kernel.h"
#include "tests/harness/tiny_profile.h"

using command::has;
using command::invoke;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;
namespace fs = std::filesystem;

TEST_CASE("a walk that finds nothing ends with 0, says how far it came and writes nothing") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("tiny.spec", hand::tiny_text));
    const fs::path file = here.path() / "found.jsonl";
    const auto outcome = invoke("walk " + spec + " --target sim --walks 300 -o " + quoted(file.string()));
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "Walks by lot, seed 1: the endpoint tiny has "));
    CHECK(has(outcome.out, "\n  300 walks of "));
    CHECK(has(outcome.out, " 0 refuted"));
    CHECK(has(outcome.out, "\n  0 findings"));
    CHECK(command::too_wide(outcome.out).empty());
    CHECK_FALSE(fs::exists(file));
    CHECK(invoke("walk " + spec + " --target sim --require linux").code == 30);
    CHECK(invoke("walk " + spec + " --walks 0").code == 64);
    CHECK(invoke("walk " + spec + " --seconds nan").code == 64);
}

TEST_CASE("what a stack does otherwise than a profile is shrunk, kept, and refuted again by the file") {
    const std::string lwip = lastack::testing::lwip_command();
    if (lwip.empty()) {
        MESSAGE("SKIPPED: what a stack does otherwise than a profile: no lwIP");
        return;
    }
    const TemporaryDirectory here;
    const std::string file = quoted((here.path() / "found.jsonl").string());
    const std::string target = " --target exec:" + lwip;
    const auto found = invoke("walk " + command::shipped("rfc9293.spec") + target +
                              " --unit 1 --no-waits --findings 2 --seed 3 -o " + file);
    CHECK(found.code == 20);
    CHECK(has(found.out, "was refuted; the shortest that is left of it has "));
    CHECK(has(found.out, "again: lastack run "));
    CHECK(has(found.out, "\n  2 findings"));
    const auto again = invoke("run " + file + target);
    CHECK(again.code == 20);
    CHECK(has(again.out, " 2 refuted"));
}

TEST_CASE("lwIP walks as its profile says") {
    const std::string lwip = lastack::testing::lwip_command();
    if (lwip.empty()) {
        MESSAGE("SKIPPED: lwIP walks as its profile says: no lwIP");
        return;
    }
    const TemporaryDirectory here;
    const auto outcome = invoke(
        "walk " + command::shipped("lwip.spec") + " --profile lwip_prompt --unit 1 --limit data=0" +
        " --walks 1000 --target exec:" + lwip + " --require lwip -o " + quoted((here.path() / "found.jsonl").string()));
    INFO(outcome.out);
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "\n  0 findings"));
}

// What it may find is in docs/findings.md.
TEST_CASE("the running kernel walks for a second" * hand::needs_kernel()) {
    const TemporaryDirectory here;
    const auto outcome =
        invoke("walk " + command::shipped("linux.spec") + " --limit data=0 --seconds 1 --target linux" +
               " --require linux -o " + quoted((here.path() / "found.jsonl").string()));
    INFO(outcome.out);
    CHECK((outcome.code == 0 || outcome.code == 20));
    CHECK(has(outcome.out, "Target: Linux "));
    CHECK(has(outcome.out, " 0 errors"));
}
