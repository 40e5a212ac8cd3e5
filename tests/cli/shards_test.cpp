// A suite in shares: each vector is in one of them, and together they say what one run says.
#include <doctest/doctest.h>

#include <string>

#include "tests/cli/command.h"

using command::has;
using command::invoke;
using command::shipped;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::TemporaryDirectory;

TEST_CASE("shares of a suite, merged, are the whole") {
    const TemporaryDirectory here;
    const std::string out = here.path().string(), suite = quoted(out + "/states.jsonl");
    REQUIRE(invoke("generate " + shipped("rfc9293.spec") + " --suite states --ip 4 -o " + quoted(out)).code == 0);
    const std::string run = "run " + suite + " --target sim --spec " + shipped("rfc9293.spec") + " --json";
    std::string files;
    for (const std::string share : {"1/3", "2/3", "3/3"}) {
        const command::Outcome part = invoke(run + " --shard " + share);
        CHECK(part.code == 0);
        files += " " + quoted(here.write("part" + share.substr(0, 1), part.out));
    }
    const std::string whole = quoted(here.write("whole", invoke(run).out));
    CHECK(invoke("report merge" + files + " -o -").out == invoke("report merge " + whole + " -o -").out);
    const command::Outcome told = invoke("report merge" + files + " -o " + quoted(out + "/merged.json"));
    CHECK(told.code == 0);
    CHECK(has(told.out, " 0 refuted"));
    CHECK_FALSE(read_file(out + "/merged.json").empty());

    const command::Outcome twice = invoke("report merge " + whole + files);
    CHECK(twice.code == 65);
    CHECK(has(twice.err, " is in "));
}

TEST_CASE("a share that is none is refused before anything is driven") {
    for (const std::string share : {"0/3", "4/3", "1", "1/", "a/b", "1/20000"}) {
        const command::Outcome outcome = invoke("run nothing.jsonl --shard " + share);
        CHECK(outcome.code == 64);
        CHECK(has(outcome.err, "K/N with 1 <= K <= N <= 10000"));
    }
    CHECK(invoke("run --suite states --spec " + shipped("rfc9293.spec") + " --target sim --shard 1/2").code == 64);
}
