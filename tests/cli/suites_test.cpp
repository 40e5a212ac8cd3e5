// Suites on the command line: gate and run say the same of the same vectors, and each vector is driven only against
// what it is about.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>
#include <string>
#include <vector>

#include "tests/cli/command.h"

using command::has;
using command::invoke;
using command::one_way;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

// What is told from the target on, in alphabetical order: gate takes the vectors as they were made, run as their files
// are named.
std::vector<std::string> told(const std::string& text) {
    const std::size_t from = text.rfind("Target: ");
    REQUIRE(from != std::string::npos);
    std::istringstream in(text.substr(from));
    std::vector<std::string> lines;
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    std::sort(lines.begin(), lines.end());
    return lines;
}

// B is not the profile under check.
const std::string mixed = R"(
profile textbook extends one_way "a peer out of a book" cites "RFC 9293 3.6" { }
system strangers "one of each" ends one_way A, textbook B network 1 loses calls A { close } B { }
claim both "each knows its part" cites "RFC 9293 3.6" on strangers
  reachable A in FIN_WAIT_2 and B in CLOSE_WAIT
  expect holds
)";

struct Both {
    command::Outcome gate, run;
};

// The gate with its vectors kept, then a run of them.
Both gate_and_run(const std::string& text, const std::string& options = "") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("s.spec", text));
    const std::string vectors = quoted((here.path() / "vectors").string());
    Both both;
    both.gate = invoke("gate -v --target sim -o " + vectors + " " + options + " " + spec);
    both.run = invoke("run --target sim --spec " + spec + " " + options + " " + vectors);
    return both;
}

}  // namespace

TEST_CASE("run says of a directory what the gate said that wrote it, with the same tally and the same exit code") {
    const std::string refuted = command::heard + "  expect refuted at A\n";
    for (const auto& [text, code] : std::vector<std::pair<std::string, int>>{
             {one_way(command::heard), 0}, {one_way(refuted), 20}, {one_way(mixed), 0}}) {
        CAPTURE(text);
        const Both both = gate_and_run(text, text == one_way(mixed) ? "--profile one_way" : "");
        CHECK(both.gate.code == code);
        CHECK(both.run.code == code);
        CHECK(told(both.gate.out) == told(both.run.out));
    }
}

TEST_CASE("an end that another profile plays is skipped, and the reason says which") {
    const Both both = gate_and_run(one_way(mixed), "--profile one_way");
    for (const std::string& out : {both.gate.out, both.run.out}) {
        CHECK(has(out, "does it           both/A"));
        CHECK(has(out, "not driven        both/B"));
        CHECK(has(out, "end B is played by profile textb"));
        CHECK(has(out, "2 skipped, 0 errors"));
    }
}

TEST_CASE("a suite is made for one end where that is asked for") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("s.spec", one_way(mixed)));
    const auto gate = invoke("gate -v --target sim --profile one_way --iut A " + spec);
    CHECK(gate.code == 0);
    CHECK(has(gate.out, "does it           both/A"));
    CHECK_FALSE(has(gate.out, "both/B"));
    const auto only =
        invoke("generate --profile one_way --iut B -o " + quoted((here.path() / "b").string()) + " " + spec);
    CHECK(only.code == 0);
    std::vector<std::string> stems;
    for (const auto& entry : std::filesystem::directory_iterator(here.path() / "b"))
        stems.push_back(entry.path().filename().string());
    CHECK(stems.size() == 6);  // two IP versions, three forms
    for (const std::string& stem : stems) CHECK(stem.starts_with("both.B."));
    CHECK(invoke("gate --target sim --iut C " + spec).code == 64);
    CHECK(invoke("gate --target sim --look -1 " + spec).code == 64);
}

TEST_CASE("what a claim denies and the stack does is on the first screen of the gate") {
    const TemporaryDirectory here;
    const std::string spec = quoted(here.write("s.spec", one_way(R"(
claim never "nobody reaches FIN-WAIT-2" on lossy
  invariant not A in FIN_WAIT_2
  expect violated
)")));
    const auto gate = invoke("gate --target sim " + spec);
    CHECK(gate.code == 0);
    CHECK(has(gate.out, "breaks it         never/A         \"nobody reaches FIN-WAIT-2\""));
}
