// The verb `fmt` as a user runs it.
#include <doctest/doctest.h>

#include "tests/cli/command.h"

using command::has;
using command::invoke;
using lastack::testing::quoted;
using lastack::testing::read_file;
using lastack::testing::run;

namespace {

const std::string untidy = "use   \"a.spec\"\nclaim c \"it\" cites \"none\" on s invariant  A in{CLOSED,LISTEN}\n";
const std::string tidy = "use \"a.spec\"\n\nclaim c \"it\" cites \"none\" on s  invariant A in {CLOSED, LISTEN}\n";

}  // namespace

TEST_CASE("fmt lays files out in their places and names those that it changes") {
    const lastack::testing::TemporaryDirectory here;
    const std::string one = here.write("one.spec", untidy), two = here.write("two.spec", tidy);
    const auto outcome = invoke("fmt " + quoted(one) + " " + quoted(two));
    CHECK(outcome.code == 0);
    CHECK(outcome.out == one + "\n");
    CHECK(outcome.err == "");
    CHECK(read_file(one) == tidy);
    CHECK(read_file(two) == tidy);
    CHECK(invoke("fmt " + quoted(one)).out == "");
}

TEST_CASE("fmt takes a directory: all .spec files below it") {
    const lastack::testing::TemporaryDirectory here;
    std::filesystem::create_directory(here.path() / "below");
    here.write("below/one.spec", untidy);
    const std::string other = here.write("note.txt", untidy);
    CHECK(invoke("fmt " + quoted(here.path().string())).code == 0);
    CHECK(read_file(here.path() / "below" / "one.spec") == tidy);
    CHECK(read_file(other) == untidy);
    std::filesystem::create_directory(here.path() / "empty");
    CHECK(invoke("fmt " + quoted((here.path() / "empty").string())).code == 64);
}

TEST_CASE("fmt --check changes nothing, names the files, and ends with 20 where there are any") {
    const lastack::testing::TemporaryDirectory here;
    const std::string one = here.write("one.spec", untidy), two = here.write("two.spec", tidy);
    const auto outcome = invoke("fmt --check " + quoted(one) + " " + quoted(two));
    CHECK(outcome.code == 20);
    CHECK(outcome.out == one + "\n");
    CHECK(read_file(one) == untidy);
    CHECK(invoke("fmt --check " + quoted(two)).code == 0);
}

TEST_CASE("fmt reads standard input and writes standard output") {
    const lastack::testing::TemporaryDirectory here;
    const std::string command = quoted(lastack::testing::command_path()), file = quoted(here.write("one.spec", untidy));
    CHECK(run(command + " fmt - < " + file) == tidy);
    int code = -1;
    run(command + " fmt --check - < " + file, &code);
    CHECK(code == 20);
}

TEST_CASE("fmt shows the place of what is no spec, and leaves the file alone") {
    const lastack::testing::TemporaryDirectory here;
    const std::string bad = here.write("bad.spec", "claim c \"it\" on s invarant quiet\n");
    const auto outcome = invoke("fmt " + quoted(bad));
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, bad + ":1:19: error: expected"));
    CHECK(has(outcome.err, "did you mean 'invariant'?"));
    CHECK(read_file(bad) == "claim c \"it\" on s invarant quiet\n");
    const auto absent = invoke("fmt " + quoted((here.path() / "absent.spec").string()));
    CHECK(absent.code == 65);
    CHECK(has(absent.err, "cannot read the file"));
}
