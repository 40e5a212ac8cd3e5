// lastack check --save-traces: which files there are, and that `lastack step` can follow each of them.
#include <doctest/doctest.h>

#include <filesystem>
#include <set>
#include <string>

#include "tests/cli/command.h"
#include "tests/places.h"

using command::has;
using command::invoke;
using command::one_way;
using command::shipped;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

std::set<std::string> names_in(const fs::path& directory) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
    return names;
}

}  // namespace

TEST_CASE("check --save-traces writes each trace three times, into a directory that it makes") {
    const TemporaryDirectory here;
    const fs::path there = here.path() / "new" / "traces";
    const SpecFile spec(one_way(command::acknowledged + command::heard));
    const auto outcome = invoke("check --save-traces " + quoted(there.string()) + " " + spec.word());
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "1 traces written to " + there.string()));
    // `acknowledged` holds: it has no counterexample.
    CHECK(names_in(there) == std::set<std::string>{"heard.itf.json", "heard.mmd", "heard.svg"});
    CHECK(has(lastack::testing::read_file(there / "heard.svg"), "Witness of heard: the closer learns"));
}

TEST_CASE("a claim's name with a slash becomes a file's name with a dot") {
    const TemporaryDirectory here;
    const SpecFile spec(one_way("claim a/b \"it closes\" on lossy reachable A in FIN_WAIT_1 expect holds"));
    CHECK(invoke("check --json --save-traces " + quoted(here.path().string()) + " " + spec.word()).code == 0);
    CHECK(names_in(here.path()) == std::set<std::string>{"a.b.itf.json", "a.b.mmd", "a.b.svg"});
}

TEST_CASE("lastack step follows each saved trace of the shipped small systems to its end" *
          doctest::test_suite("slow")) {
    const TemporaryDirectory here;
    const std::string claims = "--claim W01 --claim W05-one --claim W10-lost ";
    REQUIRE(invoke("check --save-traces " + quoted(here.path().string()) + " " + claims + shipped("linux.spec")).code ==
            0);
    for (const std::string claim : {"W01", "W05-one", "W10-lost"}) {
        CAPTURE(claim);
        const std::string file = (here.path() / (claim + ".itf.json")).string();
        const std::string script = here.write("script", "load " + file + "\n");
        int code = -1;
        const std::string said =
            lastack::testing::run(quoted(lastack::testing::command_path()) + " step " + shipped("linux.spec") +
                                      " --system polite <" + quoted(script),
                                  &code);
        CHECK(code == 0);
        CHECK(has(said, claim == "W05-one" ? "Step 6 of 6" : "Step 8 of 8"));
    }
}

TEST_CASE("a trace of a profile of the file that is not its last can be followed with that profile") {
    const TemporaryDirectory here;
    const SpecFile spec(one_way("profile patient extends one_way { replace limit retries = 3 in 0..5 }\n" +
                                command::heard +
                                "claim over \"the FIN goes out for ever\" on lossy\n"
                                "  always eventually A in FIN_WAIT_2 expect violated\n"));
    for (const std::string profile : {"one_way", "patient"}) {
        const std::string named = "--profile " + profile + " ";
        CHECK(invoke("check " + named + "--save-traces " + quoted(here.path().string()) + " " + spec.word()).code == 0);
        for (const std::string claim : {"heard", "over"}) {
            CAPTURE(claim);
            const std::string script =
                here.write("script", "load " + (here.path() / (claim + ".itf.json")).string() + "\n");
            int code = -1;
            const std::string said = lastack::testing::run(quoted(lastack::testing::command_path()) + " step " + named +
                                                               spec.word() + " --system lossy <" + quoted(script),
                                                           &code);
            CAPTURE(said);
            CHECK(code == 0);
            CHECK_FALSE(has(said, "Step 0 of 0\n  nothing"));
        }
    }
}

TEST_CASE("a directory that cannot be made is told") {
    const SpecFile spec(one_way(command::heard));
    const auto outcome = invoke("check --save-traces /dev/null/x " + spec.word());
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, "/dev/null"));
}

TEST_CASE("the picture of README.md is what the command draws") {
    const TemporaryDirectory here;
    CHECK(invoke("check " + shipped("linux.spec") + " --claim W15-lost --save-traces " + quoted(here.path().string()))
              .code == 0);
    CHECK(lastack::testing::read_file(here.path() / "W15-lost.svg") ==
          lastack::testing::read_file(lastack::testing::source_dir() + "/docs/last-ack-lost.svg"));
}
