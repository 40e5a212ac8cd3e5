// Where output goes: through devices, FIFOs and links to what is there; whole or not at all beside a file.
#include <doctest/doctest.h>
#include <sys/stat.h>

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
using lastack::testing::read_file;
using lastack::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

const std::string small = quoted(lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec");
const std::string lastack_command = quoted(lastack::testing::command_path());

// The graph of the small spec as it is printed.
const std::string& graph() {
    static const std::string text = invoke("graph " + small).out;
    return text;
}

command::Outcome graph_to(const fs::path& place) { return invoke("graph -o " + quoted(place.string()) + " " + small); }

std::set<std::string> names_in(const fs::path& directory) {
    std::set<std::string> names;
    for (const auto& entry : fs::directory_iterator(directory)) names.insert(entry.path().filename());
    return names;
}

}  // namespace

TEST_CASE("a device stays a device, and its error is told") {
    const TemporaryDirectory here;  // through a link: were it replaced, it would be the link
    const fs::path full = here.path() / "full", null = here.path() / "null";
    fs::create_symlink("/dev/full", full);
    fs::create_symlink("/dev/null", null);
    const auto outcome = graph_to(full);
    CHECK(outcome.code == 65);
    CHECK(outcome.err == "lastack: " + full.string() + ": No space left on device\n");
    CHECK(fs::is_symlink(full));
    CHECK(fs::is_character_file("/dev/full"));
    CHECK(graph_to(null).code == 0);
    CHECK(fs::is_symlink(null));
    CHECK(names_in(here.path()) == std::set<std::string>{"full", "null"});
    const auto exported = invoke("export --as promela --system lossy -o " + quoted(full.string()) + " " + small);
    CHECK(exported.code == 65);
    CHECK(fs::is_symlink(full));
}

TEST_CASE("who reads a FIFO gets all of it, and the FIFO stays one") {
    const TemporaryDirectory here;
    const fs::path fifo = here.path() / "fifo";
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    for (const std::string arguments :
         {"graph -o ", "export --as aut --system lossy -o ", "export --as murphi --system lossy -o "}) {
        CAPTURE(arguments);
        const std::string wanted = invoke(arguments + "- " + small).out;
        int code = -1;
        const std::string got =
            lastack::testing::run("cat " + quoted(fifo.string()) + " & " + lastack_command + " " + arguments +
                                      quoted(fifo.string()) + " " + small + " >/dev/null; code=$?; wait; exit $code",
                                  &code);
        CHECK(code == 0);
        CHECK(got == wanted);
        CHECK(fs::is_fifo(fifo));
    }
}

TEST_CASE("a symbolic link stays, and the file to which it leads is written, whether or not it was there") {
    const TemporaryDirectory here;
    fs::create_directory(here.path() / "sub");
    const fs::path link = here.path() / "link", target = here.path() / "sub" / "target";
    fs::create_symlink("sub/target", link);
    for (int round = 0; round < 2; ++round) {
        CHECK(graph_to(link).code == 0);
        CHECK(fs::is_symlink(link));
        CHECK(read_file(target) == graph());
        CHECK(names_in(here.path() / "sub") == std::set<std::string>{"target"});
        here.write("sub/target", "old");
    }
}

TEST_CASE("a file keeps its permissions, and one that may not be written is not replaced") {
    const TemporaryDirectory here;
    const fs::path file = here.write("graph.dot", "old");
    fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read);
    CHECK(graph_to(file).code == 0);
    CHECK(read_file(file) == graph());
    CHECK((fs::status(file).permissions() & fs::perms::mask) ==
          (fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read));
    CHECK(names_in(here.path()) == std::set<std::string>{"graph.dot"});
}

TEST_CASE("a file that has another one's name with an ending is not touched") {
    const TemporaryDirectory here;
    here.write("graph.dot.partial", "mine");
    CHECK(graph_to(here.path() / "graph.dot").code == 0);
    CHECK(read_file(here.path() / "graph.dot.partial") == "mine");
}

TEST_CASE("a directory is no file to write") {
    const TemporaryDirectory here;
    const auto outcome = graph_to(here.path());
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, ": Is a directory"));
}

TEST_CASE("- is standard output, and so is /dev/stdout") {
    const TemporaryDirectory here;
    CHECK(invoke("graph -o - " + small).out == graph());
    const std::string promela = "export --as promela --system lossy " + small;
    CHECK(invoke(promela + " -o -").out == invoke(promela).out);
    CHECK(invoke(promela + " -o /dev/stdout").out == invoke(promela).out);
    const fs::path file = here.path() / "redirected";
    lastack::testing::run(lastack_command + " " + promela + " -o /dev/stdout >" + quoted(file.string()));
    CHECK(read_file(file) == invoke(promela).out);
    CHECK_FALSE(fs::exists("-"));
}

TEST_CASE("- is no directory") {
    for (const std::string arguments : {"generate -o - ", "check --save-traces - ", "gate --target sim -o - "}) {
        const auto outcome = invoke(arguments + small);
        CHECK(outcome.code == 64);
        CHECK(has(outcome.err, "- is standard output"));
    }
}

TEST_CASE("- is standard input for a spec, and what it uses is looked for from the current directory") {
    const TemporaryDirectory here;
    const std::string file = quoted(here.write("s.spec", one_way(command::heard)));
    int code = -1;
    const std::string said = lastack::testing::run(lastack_command + " check - <" + file, &code);
    CHECK(code == 0);
    CHECK(has(said, "1 claims: 1 as expected"));
    const std::string beside = "printf 'use \"one_way.spec\"' | " + lastack_command + " graph -";
    CHECK(lastack::testing::run("cd " + quoted(lastack::testing::source_dir() + "/tests/cli/specs") + " && " +
                                beside) == graph());
    const std::string wrong = lastack::testing::run("echo profile | " + lastack_command + " check -", &code);
    CHECK(code == 65);
    CHECK(has(wrong, "standard input:2:1: error: "));
}

TEST_CASE("help and version that nobody can read are no success") {
    for (const std::string arguments : {"--help", "--version", "check --help"}) {
        int code = -1;
        const std::string said = lastack::testing::run(lastack_command + " " + arguments + " >/dev/full", &code);
        CHECK(code == 65);
        CHECK(said == "lastack: standard output cannot be written\n");
        CHECK(invoke(arguments).code == 0);
    }
}

TEST_CASE("claims whose names differ in a sign have files of their own: traces and vectors") {
    const TemporaryDirectory here;
    const std::string claim = "\"A closes\" on lossy reachable A in ";
    const SpecFile spec(one_way("claim x/y " + claim + "FIN_WAIT_1\nclaim x.y " + claim + "FIN_WAIT_2\nclaim x-y " +
                                claim + "CLOSED\n"));
    const std::string traces = (here.path() / "traces").string(), vectors = (here.path() / "vectors").string();
    CHECK(invoke("check --save-traces " + quoted(traces) + " " + spec.word()).code == 0);
    CHECK(names_in(traces) == std::set<std::string>{"x.y.itf.json", "x.y.mmd", "x.y.svg", "x..y.itf.json", "x..y.mmd",
                                                    "x..y.svg", "x-y.itf.json", "x-y.mmd", "x-y.svg"});
    CHECK(has(read_file(fs::path(traces) / "x.y.svg"), "Witness of x/y"));
    CHECK(has(read_file(fs::path(traces) / "x..y.svg"), "Witness of x.y"));
    CHECK(invoke("generate --ip 4 -o " + quoted(vectors) + " " + spec.word()).code == 0);
    CHECK(names_in(vectors).size() == 3 * 3);  // claims and forms, at end A
}
