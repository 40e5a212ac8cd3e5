// lastack step in scripts and at a terminal: where the walk stands after each command, and what is refused.
#include <doctest/doctest.h>
#include <sys/stat.h>

#include <cctype>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/cli/command.h"
#include "tests/places.h"

using command::has;
using command::Outcome;
using command::shipped;
using command::SpecFile;
using lastack::testing::quoted;
using lastack::testing::TemporaryDirectory;

namespace {

const std::string one_way_spec = quoted(lastack::testing::source_dir() + "/tests/cli/specs/one_way.spec");

// `lastack step ARGUMENTS` with these lines on standard input.
Outcome step(const std::string& arguments, const std::vector<std::string>& lines) {
    namespace support = lastack::testing;
    const TemporaryDirectory here;
    std::string script;
    for (const std::string& line : lines) script += line + "\n";
    const std::string errors = here.write("err", "");
    Outcome outcome;
    outcome.out = support::run(quoted(lastack::testing::command_path()) + " step " + arguments + " <" +
                                   quoted(here.write("script", script)) + " 2>" + quoted(errors),
                               &outcome.code);
    outcome.err = support::read_file(errors);
    return outcome;
}

// What is printed from the last place on.
std::string last_place(const std::string& out) {
    const auto at = out.rfind("\nStep ");
    return at == std::string::npos ? "" : out.substr(at + 1);
}

// The number of the enabled event at the last place whose first line has this part.
std::string number_of(const std::string& out, const std::string& part) {
    for (const std::string& line : command::lines_of(last_place(out))) {
        const auto digit = line.find_first_not_of(' ');
        if (digit == std::string::npos || std::isdigit(static_cast<unsigned char>(line[digit])) == 0) continue;
        if (has(line, part)) return line.substr(digit, line.find(' ', digit) - digit);
    }
    FAIL("no enabled event says " << part << " in\n" << last_place(out));
    return "";
}

// Commands that take the events with these parts, one after the other.
std::vector<std::string> choices(const std::string& arguments, const std::vector<std::string>& parts) {
    std::vector<std::string> lines;
    for (const std::string& part : parts) lines.push_back(number_of(step(arguments, lines).out, part));
    return lines;
}

std::string with_line(const std::string& text, const std::string& start) {
    for (const std::string& line : command::lines_of(text)) {
        if (line.starts_with(start)) return line;
    }
    return "";
}

}  // namespace

TEST_CASE("the beginning shows both ends, an empty network and the enabled events") {
    const auto outcome = step(one_way_spec, {});
    CHECK(outcome.code == 0);
    CHECK(outcome.err == "");
    CHECK(outcome.out == "System lossy of profiles one_way and one_way\n"
                         "Step 0 of 0\n"
                         "  A       ESTABLISHED\n"
                         "  B       ESTABLISHED\n"
                         "  A -> B  nothing (0 of 1 in flight)\n"
                         "  B -> A  nothing (0 of 1 in flight)\n"
                         "    1  A calls close: sends FIN,ACK seq=0 ack=0 -> FIN-WAIT-1 (close)\n");
}

TEST_CASE("a chosen event shows variables, running timers and what is in flight") {
    const auto outcome = step(one_way_spec, {"1"});
    CHECK(outcome.code == 0);
    const std::string place = last_place(outcome.out);
    CHECK(has(outcome.out, "\n> 1\nStep 1 of 1\n"));
    CHECK(with_line(place, "  A  ") == "  A       FIN-WAIT-1 fin_sent=1 [rto]");
    CHECK(with_line(place, "  A ->") == "  A -> B  FIN,ACK seq=0 ack=0 (1 of 1 in flight)");
    CHECK(has(place, "A's timer rto expires"));
    CHECK(has(place, "the network loses FIN,ACK seq=0 ack=0 from A"));
}

TEST_CASE("the usual close of RFC 9293 figure 12 leads to TIME-WAIT, and to CLOSED at both ends" *
          doctest::test_suite("slow")) {
    const std::string arguments = shipped("linux.spec") + " --system polite";
    auto lines = choices(arguments, {"A calls close", "B gets FIN", "delack expires: sends ACK", "A gets ACK",
                                     "B calls close", "A gets FIN", "B gets ACK"});
    const std::string reached = step(arguments, lines).out;
    const std::string before = last_place(reached);
    CHECK(has(with_line(before, "  A  "), "TIME-WAIT"));
    CHECK(has(with_line(before, "  B  "), "CLOSED"));
    lines.push_back(number_of(reached, "time_wait expires"));
    lines.emplace_back("trace");
    const auto outcome = step(arguments, lines);
    CHECK(outcome.code == 0);
    const std::string after = last_place(outcome.out);
    CHECK(has(with_line(after, "  A  "), "CLOSED"));
    CHECK(has(after, "  nothing can happen any more\n"));
    CHECK(has(after, "|-- FIN,ACK seq=1 ack=1 ---------->|"));
    CHECK(has(after, "TIME-WAIT |<-- FIN,ACK seq=1 ack=2 ----------|"));
    CHECK(command::too_wide(outcome.out) == "");
}

TEST_CASE("undo takes back one step, and at the beginning there is nothing to take back") {
    const auto outcome = step(one_way_spec, {"1", "undo"});
    CHECK(outcome.code == 0);
    CHECK(has(last_place(outcome.out), "Step 0 of 1\n  A       ESTABLISHED\n"));
    const auto too_far = step(one_way_spec, {"undo"});
    CHECK(too_far.code == 65);
    CHECK(too_far.err == "standard input:1: error: nothing to undo: this is the beginning\n");
}

TEST_CASE("goto moves back and forward; an event chosen in between forgets what lay ahead") {
    const auto parts = choices(one_way_spec, {"A calls close", "B gets FIN", "A gets ACK"});
    auto lines = parts;
    lines.insert(lines.end(), {"goto 1", "goto 3"});
    CHECK(has(last_place(step(one_way_spec, lines).out), "Step 3 of 3\n  A       FIN-WAIT-2"));
    lines = parts;
    lines.insert(lines.end(), {"goto 1"});
    const auto back = step(one_way_spec, lines);
    CHECK(has(last_place(back.out), "Step 1 of 3\n  A       FIN-WAIT-1"));
    lines.push_back(number_of(back.out, "loses FIN"));
    CHECK(has(last_place(step(one_way_spec, lines).out), "Step 2 of 2\n"));
    lines.emplace_back("goto 3");
    const auto gone = step(one_way_spec, lines);
    CHECK(gone.code == 65);
    CHECK(gone.err == "standard input:6: error: no step 3: the walk has 0 to 2\n");
}

TEST_CASE("a saved walk is loaded in another run, at its end") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "my walk.itf.json").string();
    auto lines = choices(one_way_spec, {"A calls close", "B gets FIN", "A gets ACK"});
    lines.push_back("save " + file);
    const auto saved = step(one_way_spec, lines);
    CHECK(saved.code == 0);
    CHECK(has(saved.out, "3 steps written to " + file));
    const auto loaded = step(one_way_spec, {"load " + file, "undo"});
    CHECK(loaded.code == 0);
    CHECK(has(loaded.out, "Step 3 of 3\n  A       FIN-WAIT-2"));
    CHECK(has(loaded.out, "Step 2 of 3\n  A       FIN-WAIT-1"));
    CHECK(has(step(one_way_spec, {"load " + file, "trace"}).out, "|<-- ACK seq=0 ack=1"));
}

TEST_CASE("a walk that leaves a loaded loop before its end is saved as a run that ends") {
    const TemporaryDirectory here;
    const std::string source = lastack::testing::source_dir(), file = (here.path() / "walk.itf.json").string();
    const std::string spec = quoted(source + "/fuzz/small_close.spec");
    const std::string lasso = source + "/fuzz/corpus/itf/lasso.json";
    REQUIRE(has(lastack::testing::read_file(lasso), "\"loop\": "));
    for (const std::string leave : {"goto 1", "undo\n1"}) {
        CAPTURE(leave);
        const auto outcome = step(spec, {"load " + lasso, leave, "save " + file, "load " + file});
        CHECK(outcome.code == 0);
        CHECK(outcome.err == "");
        CHECK_FALSE(has(lastack::testing::read_file(file), "\"loop\": "));
    }
}

TEST_CASE("save writes drawings where the name says so") {
    const TemporaryDirectory here;
    const std::string stem = (here.path() / "walk").string();
    CHECK(step(one_way_spec, {"1", "save " + stem + ".svg", "save " + stem + ".mmd"}).code == 0);
    CHECK(has(lastack::testing::read_file(stem + ".svg"), "<svg "));
    CHECK(lastack::testing::read_file(stem + ".mmd").starts_with("sequenceDiagram\n"));
}

TEST_CASE("a trace with a step that the model does not have is refused with that step, and what the model has") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "walk.itf.json").string();
    auto lines = choices(one_way_spec, {"A calls close", "B gets FIN", "A gets ACK"});
    lines.push_back("save " + file);
    REQUIRE(step(one_way_spec, lines).code == 0);
    const std::string text = lastack::testing::read_file(file);
    const auto changed = [&](const std::string& from, const std::string& to) {
        std::string other = text;
        const auto at = other.find(from);
        REQUIRE(at != std::string::npos);
        return here.write("changed.itf.json", other.replace(at, from.size(), to));
    };
    const auto refusal = [](const std::string& name) {
        const auto outcome = step(one_way_spec, {"load " + name});
        CHECK(outcome.code == 65);
        CHECK(has(outcome.err, "standard input:1: error: " + name + ": "));
        return outcome.err;
    };
    const std::string silent = refusal(changed("\"signals\": [\"eof\"]", "\"signals\": []"));
    CHECK(has(silent, "step 2 of the trace is not possible: B gets FIN,ACK seq=0 ack=0: sends ACK seq=0 ack=1"));
    CHECK(has(silent, "the model has: B gets FIN,ACK seq=0 ack=0: sends ACK seq=0 ack=1; the application learns: eof"));
    const std::string hangs_up = refusal(changed("\"name\": \"close\"", "\"name\": \"hang_up\""));
    CHECK(has(hangs_up, "step 1 of the trace is not possible: A calls hang_up"));
    CHECK(has(hangs_up, "it is not enabled there"));
    CHECK(
        has(refusal(changed("\"state\": \"ESTABLISHED\"", "\"state\": \"CLOSED\"")), "not begin in the initial state"));
    CHECK(has(refusal(changed("\"FIN_WAIT_1\"", "\"SLEEPING\"")), "/states/1/A/state: 'SLEEPING' is none of: "));
    CHECK(has(refusal(changed("\"lossy\"", "\"other\"")), "/#meta/system: a trace of system 'other', not of 'lossy'"));
    CHECK(has(refusal(here.write("no.itf.json", "hello")), "not JSON"));
    CHECK(has(refusal((here.path() / "missing").string()), "cannot be read"));
    CHECK(has(refusal(here.path().string()), "cannot be read"));
}

TEST_CASE("load waits for no pipe, and takes no file without end") {
    const TemporaryDirectory here;
    const auto refusal = [](const std::string& name) {
        const auto outcome = step(one_way_spec, {"load " + name});
        CHECK(outcome.code == 65);
        return outcome.err;
    };
    const std::string fifo = (here.path() / "fifo").string(), large = here.write("large.itf.json", "{");
    REQUIRE(mkfifo(fifo.c_str(), 0600) == 0);
    CHECK(refusal(fifo) == "standard input:1: error: " + fifo + ": cannot be read: not a regular file\n");
    CHECK(has(refusal("/dev/zero"), "cannot be read: not a regular file"));
    std::filesystem::resize_file(large, std::uintmax_t{1} << 40U);  // a hole: it takes no room
    CHECK(refusal(large) == "standard input:1: error: " + large + ": is larger than 64 MiB\n");
}

TEST_CASE("an unknown command or number ends a script with 65, the input line and a hint") {
    const auto message = [](const std::vector<std::string>& lines) {
        const auto outcome = step(one_way_spec, lines);
        CHECK(outcome.code == 65);
        return outcome.err;
    };
    CHECK(message({"# a comment", "", "2"}) == "standard input:3: error: no event 2: there are 1 to 1\n");
    CHECK(message({"0"}) == "standard input:1: error: no event 0: there are 1 to 1\n");
    CHECK(message({"99999999999999999999"}) ==
          "standard input:1: error: '99999999999999999999' is not a number of an event\n");
    CHECK(message({"1", "shwo"}) == "standard input:2: error: unknown command 'shwo'; did you mean 'show'?\n");
    CHECK(has(message({"dance"}), "unknown command 'dance'"));
    CHECK(has(message({"-1"}), "unknown command '-1'"));
    CHECK(has(message({"1x"}), "unknown command '1x'"));
    CHECK(has(message({"goto"}), "'goto' takes a word more"));
    CHECK(has(message({"goto x"}), "'x' is not a number of a step"));
    CHECK(has(message({"undo 2"}), "'undo' takes no further word"));
    CHECK(has(message({"1 2"}), "'1' takes no further word"));
    CHECK(has(message({"save /no/such/directory/x.json"}), "/no/such/directory/x.json: "));
    CHECK_FALSE(has(message({"\x1b[31mred"}), "\x1b"));
}

TEST_CASE("a step behind which the profile breaks its own declarations is refused with the place in the spec") {
    const SpecFile spec(command::counts_too_far);
    const auto outcome = step(spec.word(), {"show", "1"});
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, "standard input:2: error: the profile breaks its own declarations: "));
    CHECK(has(outcome.err, "small.spec:6:"));
    CHECK(has(outcome.err, "'x' becomes 2, outside 0..1"));
}

TEST_CASE("nothing after an error or after quit is followed; quit and the end of the input end with 0") {
    CHECK_FALSE(has(step(one_way_spec, {"2", "1"}).out, "Step 1"));
    const auto quit = step(one_way_spec, {"quit", "1"});
    CHECK(quit.code == 0);
    CHECK_FALSE(has(quit.out, "Step 1"));
    const auto help = step(one_way_spec, {"help"});
    CHECK(has(help.out, "goto N"));
    CHECK(command::too_wide(help.out) == "");
    CHECK(has(step(one_way_spec, {":help", ": quit", "1"}).out, "goto N"));
}

TEST_CASE("the walk that the page shows is the one that is made" * doctest::test_suite("slow")) {
    const std::string page = lastack::testing::read_file(lastack::testing::source_dir() + "/docs/step.md");
    const std::string shown =
        page.substr(page.find("    $ lastack step"), page.find("Beside the state") - page.find("    $ lastack step"));
    const std::string out = step(shipped("linux.spec") + " --system polite", {"1"}).out;
    std::size_t lines = 0;
    for (const std::string& line : command::lines_of(shown)) {
        if (line.size() < 5 || has(line, "$ lastack") || has(line, "...")) continue;
        ++lines;
        CHECK_MESSAGE(has(out, line.substr(4) + "\n"), line);
    }
    CHECK(lines >= 12);
}

TEST_CASE("a system is chosen by name; an unknown one is refused with the one that may be meant" *
          doctest::test_suite("slow")) {
    CHECK(step(shipped("linux.spec") + " --system calm", {})
              .out.starts_with("System calm of profiles linux and linux\n"));
    const auto outcome = step(shipped("linux.spec") + " --system calmm", {});
    CHECK(outcome.code == 65);
    CHECK(has(outcome.err, "no system 'calmm'"));
    CHECK(has(outcome.err, "did you mean 'calm'?"));
    const SpecFile lonely("profile p \"x\" cites \"y\" { states ESTABLISHED initial, CLOSED final\n"
                          "  on call close rule close \"x\" cites \"y\" ESTABLISHED -> CLOSED }");
    const auto none = step(lonely.word(), {});
    CHECK(none.code == 65);
    CHECK(has(none.err, "this spec has no system to walk through"));
}

TEST_CASE("at a terminal there is a prompt, and the walk goes on after a mistake") {
    if (lastack::testing::run("command -v script").empty()) {
        MESSAGE("SKIPPED: lastack step at a terminal: no program `script` on this machine");
        return;
    }
    int code = -1;
    const std::string command = quoted(lastack::testing::command_path()) + " step " + one_way_spec;
    const std::string said =
        lastack::testing::run("printf 'nonsense\\n1\\nquit\\n' | script -qec " + quoted(command) + " /dev/null", &code);
    CHECK(code == 0);
    CHECK(has(said, "'help' lists the commands."));
    CHECK(has(said, "> "));
    CHECK(has(said, "unknown command 'nonsense'"));
    CHECK(has(said, "Step 1 of 1"));
}

TEST_CASE("why names the rules of the last step, or of an event, with sentence, citation and place") {
    const Outcome outcome = step(one_way_spec, {"why 1", "1", "why", "undo", "1", "2", "why"});
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, "> why 1\n  close: CLOSE sends the FIN (RFC 9293 3.10.4)\n"));
    CHECK(has(outcome.out, "> why\n  close: CLOSE sends the FIN (RFC 9293 3.10.4)\n"));
    CHECK(has(outcome.out, "one_way.spec:15\n"));
    CHECK(has(step(one_way_spec, {"why"}).err, "no step was made yet"));
    CHECK(has(step(one_way_spec, {"why 9"}).err, "no event 9: there are 1 to 1"));
    CHECK(has(step(one_way_spec, {"why x"}).err, "'x' is not a number of an event"));
}

TEST_CASE("claims lists what is claimed about the system that is walked through") {
    const SpecFile spec(command::one_way(command::heard + command::acknowledged));
    const Outcome outcome = step(spec.word(), {"claims"});
    CHECK(has(outcome.out, "  heard          the closer learns that it was heard (expected: true)\n"));
    CHECK(has(outcome.out, "  acknowledged   a closer in FIN-WAIT-2 has been heard (expected: true)\n"));
    CHECK(has(step(one_way_spec, {"claims"}).out, "nothing is claimed about this system"));
}

TEST_CASE("vector writes what a tester does on the walk, and a target can be driven with it") {
    const TemporaryDirectory here;
    const std::string file = (here.path() / "close.json").string();
    std::vector<std::string> lines = choices(one_way_spec, {"A calls close", "B gets", "A gets"});
    lines.push_back("vector A " + file);
    const Outcome outcome = step(one_way_spec, lines);
    CHECK(outcome.code == 0);
    CHECK(has(outcome.out, " steps of a tester of A written to "));
    const std::string driven = " --target sim --spec " + one_way_spec + " " + quoted(file);
    CHECK(command::invoke("run" + driven).code == 0);
    for (const char* wrong : {"vector", "vector C x", "vector A"}) CHECK(step(one_way_spec, {wrong}).code == 65);
    CHECK(has(step(one_way_spec, {"vector B " + file}).err, "no vector: "));  // nothing was done yet
}

TEST_CASE("at a terminal words are completed, a line can be mended, and the arrow brings the last one back") {
    if (lastack::testing::run("command -v script").empty()) {
        MESSAGE("SKIPPED: at a terminal words are completed, a line can be mended, and the arrow brings the last one "
                "back: no program `script` on this machine");
        return;
    }
    const TemporaryDirectory home;
    const auto typed = [&](const std::string& keys) {
        return lastack::testing::run(
            "printf '" + keys + "' | HOME=" + quoted(home.path().string()) + " TERM=xterm script -qec " +
            quoted(quoted(lastack::testing::command_path()) + " step " + one_way_spec) + " /dev/null");
    };
    const std::string said = typed("1\\nund\\t\\n\\033[A\\033[A\\nwhx\\177y\\nquit\\n");
    CHECK(has(said, "Step 0 of 1"));          // und and the key Tab
    CHECK(has(said, "Step 1 of 1"));          // twice up: 1 again
    CHECK(has(said, "CLOSE sends the FIN"));  // whx, backspace, y
    CHECK_FALSE(has(said, "unknown command"));
    const std::string again = typed("\\033[A\\033[A\\n");  // a new run knows what was written before: quit, why
    CHECK(has(again, "no step was made yet"));
}
