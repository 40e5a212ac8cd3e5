// What the command prints: it fits on a terminal, is the same each time, is quiet on standard error, and JSON on
// request.
#include <doctest/doctest.h>

#include <chrono>
#include <regex>
#include <string>
#include <vector>

#include "tests/cli/child.h"
#include "tests/cli/command.h"
#include "tests/cli/vector_files.h"
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"

using command::has;
using command::invoke;
using command::one_way;
using command::shipped;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

// The report without what the clock says: the last two columns of the table of systems.
std::string without_times(const std::string& text) {
    static const std::regex times(R"( +\d+\.\d\d s +(-|\d+\.\d M))");
    return std::regex_replace(text, times, "");
}

// What Python prints when it reads the document as `d` and prints this expression.
std::string in_json(const std::string& document, const std::string& expression) {
    const TemporaryDirectory here;
    const std::string script = "import json, sys\nd = json.load(open(sys.argv[1]))\nprint(" + expression + ")";
    int code = 0;
    const std::string output = lastack::testing::run(
        "/usr/bin/python3 -c " + quoted(script) + " " + quoted(here.write("d.json", document)), &code);
    REQUIRE_MESSAGE(code == 0, output);
    return output.substr(0, output.size() - 1);
}

const std::string claims_to_see = command::acknowledged + command::heard + R"(
claim over "when all is over, both sides know" on lossy
  ends A in FIN_WAIT_2 and B in CLOSE_WAIT
  expect violated shortest 8
)";

}  // namespace

TEST_CASE("help fits in 80 columns, exits 0 and lists the exit codes, for each verb") {
    const std::string all = invoke("--help").out;
    std::vector<std::string> verbs{""};
    const std::string below = all.substr(all.find("Subcommands:"));
    const std::regex name("\n  ([a-z][a-z-]*) ");
    for (std::sregex_iterator at(below.begin(), below.end(), name), end; at != end; ++at) verbs.push_back((*at)[1]);
    CHECK(verbs.size() >= 20);
    for (const std::string& verb : verbs) {
        CAPTURE(verb);
        const auto outcome = invoke(verb + " --help");
        CHECK(outcome.code == 0);
        CHECK(outcome.err == "");
        CHECK(has(outcome.out, "77 skipped"));
        // The line with the program's own path is as long as that path.
        CHECK(command::too_wide(std::regex_replace(outcome.out, std::regex("Usage: [^ ]*"), "Usage: lastack")) == "");
    }
}

TEST_CASE("check of specs/linux.spec fits in 80 columns, with every trace shown and with a part explored only" *
          doctest::test_suite("slow")) {
    const auto outcome = invoke("check --traces --max-states 100000 " + shipped("linux.spec"));
    CHECK(has(outcome.out, "PARTIAL"));
    CHECK(has(outcome.out, "Witness of W01"));
    CHECK(command::too_wide(outcome.out) == "");
}

TEST_CASE("gate of specs/linux.spec on sim fits in 80 columns, with what is refuted side by side" *
          doctest::test_suite("slow")) {
    const auto outcome = invoke("gate -v --target sim --max-states 100000 " + shipped("linux.spec"));
    CHECK(has(outcome.out, "differs           W08-count/A"));
    CHECK(command::too_wide(outcome.out) == "");
}

TEST_CASE("what goes wrong is said in 80 columns at a terminal, and in one line to a program") {
    const TemporaryDirectory here;
    const auto at_terminal = [](const std::vector<std::string>& arguments) {
        command::Child child(arguments, command::Terminal::standard_input_and_error);
        CHECK(command::within(std::chrono::minutes(2), [&] { return !child.running(); }));
        CHECK(child.code() == 65);
        return std::regex_replace(child.shown(), std::regex("\r|\x1b\\[K"), "");
    };
    const std::string small = here.write("small.spec", one_way(command::heard));
    const std::string known = "no-such-file-of-deviations-that-are-known";
    const std::string shown = at_terminal({"gate", "--target", "sim", "--baseline", known, small});
    CHECK(has(shown, "lastack: " + known));
    CHECK(command::lines_of(shown).size() == 2);
    CHECK(command::too_wide(shown) == "");
    const auto piped = invoke("gate --target sim --baseline " + known + " " + quoted(small));
    CHECK(command::lines_of(piped.err).size() == 1);
    // A line of the spec, which is drawn with what stands around the caret, is not broken.
    const std::string before(70, 'x'), rest = "\" citse \"x\" { }\n";
    const std::string wide = here.write("wide.spec", "profile p \"xxxxxxxxxxxxxxxxxxxx" + before + rest);
    CHECK(has(at_terminal({"check", wide}), before + rest));
}

TEST_CASE("a counterexample is headed by its claim, with what it cites where it cites something") {
    const auto outcome = invoke("check --traces " + SpecFile(one_way(claims_to_see)).word());
    CHECK(has(outcome.out,
              "Witness of heard: \"the closer learns that it was heard\"\n"
              "  cheapest: 0 losses, 0 duplicates, 2 segments, 3 steps; system lossy; cites RFC\n    9293 3.6\n"));
    CHECK(has(outcome.out, "Counterexample to over: \"when all is over, both sides know\"\n"
                           "  cheapest: 1 loss, 0 duplicates, 5 segments, 8 steps; system lossy\n"));
}

TEST_CASE("check --system asks the claims on that system only, and explores no other") {
    const SpecFile spec(one_way(command::acknowledged + R"(
system kind "one side closes, nothing is lost"
  ends subject A, subject B
  network 1
  calls A { close } B { }
claim alone "the closer learns that it was heard" on kind
  reachable A in FIN_WAIT_2
  expect holds
)"));
    const auto outcome = invoke("check --json --system kind " + spec.word());
    CHECK(outcome.code == 0);
    CHECK(in_json(outcome.out, "[c['id'] for c in d['claims']], [s['name'] for s in d['systems']]") ==
          "['alone'] ['kind']");
    const auto both = invoke("check --json --system kind --system lossy " + spec.word());
    CHECK(in_json(both.out, "sorted(c['id'] for c in d['claims'])") == "['acknowledged', 'alone']");
    CHECK(invoke("check --system kind --claim acknowledged " + spec.word()).code == 10);  // nothing is left to ask
}

TEST_CASE("check counts the same with two threads") {
    const auto scopes = [](const std::string& threads) {
        const auto outcome =
            invoke("check --json --system d0_r1_c2 --threads " + threads + " " + shipped("bench/tcpclose.spec"));
        return in_json(outcome.out,
                       "[[s['scope'][k] for k in ('states', 'transitions', 'depth')] for s in d['systems']]");
    };
    CHECK(scopes("1") == "[[145376, 894726, 17]]");
    CHECK(scopes("2") == "[[145376, 894726, 17]]");
}

TEST_CASE("witnesses are shown with --traces, counterexamples always") {
    const SpecFile spec(one_way(claims_to_see));
    const auto plain = invoke("check " + spec.word());
    CHECK_FALSE(has(plain.out, "Witness of heard"));
    CHECK(has(plain.out, "Counterexample to over"));
    CHECK(has(invoke("check --traces " + spec.word()).out, "Witness of heard"));
}

TEST_CASE("two checks of the same spec print the same but for the times") {
    const SpecFile spec(one_way(claims_to_see));
    const std::string first = without_times(invoke("check --traces " + spec.word()).out);
    CHECK(has(first, "Claims\n"));
    CHECK(first == without_times(invoke("check --traces " + spec.word()).out));
    CHECK(without_times(invoke("gate --target sim " + spec.word()).out) ==
          without_times(invoke("gate --target sim " + spec.word()).out));
}

TEST_CASE("standard error that is no terminal stays empty in a run that goes well" * doctest::test_suite("slow")) {
    const SpecFile spec(one_way(claims_to_see));
    const TemporaryDirectory here;
    CHECK(invoke("check --claim W03-can --max-states 500000 " + shipped("linux.spec")).err == "");
    CHECK(invoke("gate --target sim " + spec.word()).err == "");
    CHECK(invoke("generate -o " + quoted(here.path().string()) + " " + spec.word()).err == "");
    CHECK(invoke("graph " + spec.word()).err == "");
}

TEST_CASE("check --json prints one document with the members of docs/json.md and nothing else" *
          doctest::test_suite("slow")) {
    const SpecFile spec(one_way(claims_to_see));
    const auto outcome = invoke("check --json " + spec.word());
    CHECK(outcome.code == 0);
    const std::string& text = outcome.out;
    CHECK(in_json(text, "list(d)") ==
          "['format', 'profile', 'systems', 'claims', 'counts', 'tool', 'kernel', 'spec_files', 'settings']");
    CHECK(in_json(text, "d['format'], d['profile']") == "lastack-report/1 one_way");
    CHECK(in_json(text, "list(d['systems'][0])") == "['name', 'scope', 'rules_not_fired']");
    CHECK(in_json(text, "list(d['systems'][0]['scope'])") ==
          "['states', 'transitions', 'depth', 'complete', 'limited', 'interrupted', 'cut_steps', 'cpu_seconds', "
          "'bytes', 'out_of_memory', 'mirror_images_once', 'local_states']");
    CHECK(in_json(text, "[c['id'] for c in d['claims']]") == "['acknowledged', 'heard', 'over']");
    CHECK(in_json(text, "[c['answer'] for c in d['claims']]") == "['holds', 'holds', 'violated']");
    CHECK(in_json(text, "[c['as_expected'] for c in d['claims']]") == "[True, True, True]");
    CHECK(in_json(text, "[c.get('trace_steps') for c in d['claims']]") == "[None, 3, 8]");
    CHECK(in_json(text, "[c.get('expected_shortest') for c in d['claims']]") == "[None, 3, 8]");
    CHECK(in_json(text, "sorted(d['claims'][1]['trace'][0])") == "['A', 'B', 'rules', 'step']");
    CHECK(in_json(text, "d['claims'][1]['trace'][0]['rules']") == "['close']");
}

TEST_CASE("check --json of a part says unknown, and why" * doctest::test_suite("slow")) {
    const auto outcome = invoke("check --json --max-states 1000 --claim W03-can " + shipped("linux.spec"));
    CHECK(outcome.code == 30);
    CHECK(in_json(outcome.out, "d['claims'][0]['answer'], d['claims'][0]['as_expected']") == "unknown False");
    CHECK(in_json(outcome.out, "d['claims'][0]['scope']['limited'], 'note' in d['claims'][0]") == "True True");
}

TEST_CASE("run --json and gate --json print one document with what was observed") {
    const TemporaryDirectory here;
    lastack::TestVector wrong = hand::active_close();
    wrong.steps.back().expect.at(0).segment.ack = 2;
    const std::string vector = quoted(here.write("v.json", command::vector_text(wrong)));
    const std::string tiny = quoted(here.write("tiny.spec", hand::tiny_text));
    const auto run = invoke("run --json --target sim --spec " + tiny + " " + vector);
    CHECK(run.code == 20);
    CHECK(in_json(run.out, "list(d)") ==
          "['target', 'description', 'runs', 'tool', 'kernel', 'spec_files', 'settings']");
    CHECK(in_json(run.out, "list(d['runs'][0])") ==
          "['vector', 'goal', 'claims', 'profile', 'endpoint', 'ip', 'settings', 'limits', 'verdict', 'word', "
          "'expected_refuted', 'reason', 'planned_by', 'again', 'duration_us', 'observed']");
    CHECK(in_json(run.out, "d['runs'][0]['claims'][0]['sense']") == "witness");
    CHECK(in_json(run.out, "d['runs'][0]['verdict'], d['runs'][0]['word']") == "fail REFUTED");
    CHECK(in_json(run.out, "d['runs'][0]['observed'][-1]['segment']") == "ACK seq=2 ack=2");

    const auto gate = invoke("gate --json --target sim " + SpecFile(one_way(claims_to_see)).word());
    CHECK(gate.code == 0);
    CHECK(in_json(gate.out, "list(d)") == "['format', 'profile', 'systems', 'claims', 'counts', 'conformance', 'tool', "
                                          "'kernel', 'spec_files', 'settings']");
    CHECK(in_json(gate.out, "{r['verdict'] for r in d['conformance']['runs']}") == "{'pass'}");
}

TEST_CASE("a document is not printed where the input is bad") {
    const auto outcome = invoke("check --json no-such-file.spec");
    CHECK(outcome.code == 65);
    CHECK(outcome.out == "");
}

TEST_CASE("a report that cannot be written is no success") {
    const SpecFile spec(one_way(claims_to_see));
    const auto code = [](const std::string& arguments) {
        int exit_code = -1;
        lastack::testing::run(quoted(lastack::testing::command_path()) + " " + arguments + " >/dev/full", &exit_code);
        return exit_code;
    };
    CHECK(code("check " + spec.word()) != 0);
    CHECK(code("check --json " + spec.word()) != 0);
    CHECK(code("graph " + spec.word()) != 0);
    CHECK(code("gate --target sim " + spec.word()) != 0);
}
