// Files that the command writes: vectors in three forms, and graphs.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <string>

#include "tests/cli/command.h"
#include "tests/places.h"

using command::has;
using command::invoke;
using command::one_way;
using command::shipped;
using command::SpecFile;
using lastack::testing::installed;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;
namespace fs = std::filesystem;

namespace {

const std::string some_claims = "--claim W01 --claim W05-one --claim W10-lost ";

std::map<std::string, std::string> files_in(const fs::path& directory) {
    std::map<std::string, std::string> files;
    for (const auto& entry : fs::directory_iterator(directory))
        files[entry.path().filename()] = lastack::testing::read_file(entry.path());
    return files;
}

}  // namespace

TEST_CASE("generate writes each vector as JSON, packetdrill and pcapng, into a directory that it makes") {
    const TemporaryDirectory here;
    const fs::path there = here.path() / "new" / "vectors";
    const auto outcome = invoke("generate -o " + quoted(there.string()) + " " + some_claims + shipped("linux.spec"));
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "Test vectors: 8 from 3 traces"));
    CHECK(has(outcome.out, there.string()));
    const auto files = files_in(there);
    // W01 at both ends, W05-one at two that are one exchange, W10-lost at A; two IP versions, three forms. No
    // packetdrill script can say that an acknowledgment may come late, as at the passive end of W01.
    CHECK(files.size() == 24 - 2 + 1);
    CHECK(files.count("W01.B.ipv4.pkt") == 0);
    CHECK(has(files.at("vectors.packetdrill.missed.txt"), "W01/B/ipv4: step 0: ACK seq=1 ack=2 may come instead"));
    for (const std::string form : {".json", ".pkt", ".pcapng"}) {
        CHECK(files.count("W01.A.ipv4" + form) == 1);
        CHECK(files.count("W10-lost.A.ipv6" + form) == 1);
    }
    for (const auto& [name, content] : files) CHECK_MESSAGE(content.size() > 100, name);
    CHECK(files.at("W01.A.ipv4.pcapng").substr(0, 4) == "\x0a\x0d\x0d\x0a");  // a section header block
}

TEST_CASE("generate --ip 6 makes vectors of that version only") {
    const TemporaryDirectory here;
    invoke("generate --ip 6 -o " + quoted(here.path().string()) + " --claim W01 " + shipped("linux.spec"));
    const auto files = files_in(here.path());
    CHECK(files.size() == 6);
    CHECK(std::all_of(files.begin(), files.end(),
                      [](const auto& file) { return has(file.first, ".ipv6.") || has(file.first, ".missed."); }));
}

TEST_CASE("each JSON that generate writes is accepted by run and by the schema" * doctest::test_suite("slow")) {
    const TemporaryDirectory here;
    const std::string there = quoted(here.path().string());
    REQUIRE(invoke("generate -o " + there + " " + some_claims + shipped("linux.spec")).code == 0);
    const auto run = invoke("run --target sim --spec " + shipped("linux.spec") + " " + there);
    CHECK(run.code == 0);
    CHECK(has(run.out, "8 vectors: 8 confirmed"));

    const std::string script = R"python(import json, sys
try:
    import jsonschema
except ImportError:
    print("missing"); sys.exit(0)
validator = jsonschema.Draft7Validator(json.load(open(sys.argv[1])))
for name in sys.argv[2:]:
    for error in validator.iter_errors(json.load(open(name))): print(name, error.message)
)python";
    const std::string said = lastack::testing::run("/usr/bin/python3 -c " + quoted(script) + " " +
                                                   quoted(lastack::testing::source_dir() + "/docs/vector-schema.json") +
                                                   " " + there + "/*.json");
    if (said == "missing\n") {
        MESSAGE("SKIPPED: generated vectors satisfy the schema: the Python module jsonschema is missing");
    } else {
        CHECK(said == "");
    }
}

TEST_CASE("the same input gives the same files, byte by byte, also over the files of the run before" *
          doctest::test_suite("slow")) {
    const TemporaryDirectory one, other;
    const auto into = [](const TemporaryDirectory& directory) {
        return invoke("generate -o " + quoted(directory.path().string()) + " " + some_claims + shipped("linux.spec"));
    };
    REQUIRE(into(one).code == 0);
    REQUIRE(into(other).code == 0);
    const auto files = files_in(one.path());
    CHECK(files == files_in(other.path()));
    REQUIRE(into(one).code == 0);
    CHECK(files == files_in(one.path()));
}

TEST_CASE("gate -o keeps the vectors that it drives") {
    const TemporaryDirectory here;
    const SpecFile spec(one_way(command::heard));
    CHECK(invoke("gate --target sim -o " + quoted(here.path().string()) + " " + spec.word()).code == 0);
    CHECK(files_in(here.path()).size() == 6);  // at A, where it shows; two IP versions, three forms
}

TEST_CASE("graph writes DOT that Graphviz reads, to standard output or to a file with a summary instead") {
    const TemporaryDirectory here;
    const std::string spec = quoted(lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec");
    const auto printed = invoke("graph " + spec);
    CHECK(printed.code == 0);
    CHECK(printed.out.starts_with("digraph"));
    CHECK(has(printed.out, "give_up (RFC 9293 3.8.3)"));

    const std::string file = (here.path() / "graph.dot").string();
    const auto written = invoke("graph -o " + quoted(file) + " " + spec);
    CHECK(written.code == 0);
    CHECK(has(written.out, "FIN-WAIT-1"));
    CHECK_FALSE(has(written.out, "digraph"));
    CHECK(lastack::testing::read_file(file) == printed.out);

    const auto local = invoke("graph --local " + spec);
    CHECK(local.code == 0);
    CHECK(command::lines_of(local.out).size() > command::lines_of(printed.out).size());
    if (!installed("dot")) {
        MESSAGE("SKIPPED: graph writes DOT that Graphviz reads: no dot on this machine");
        return;
    }
    for (const std::string& drawing : {printed.out, local.out}) {
        int code = -1;
        const std::string plain = lastack::testing::run("dot -Tplain " + quoted(here.write("g.dot", drawing)), &code);
        CHECK(code == 0);
        CHECK(has(plain, "FIN-WAIT-1"));
    }
}
