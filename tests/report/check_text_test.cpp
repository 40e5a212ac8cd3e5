// The report of a check: marks, answers, expectations, partial explorations, and how numbers and long texts look.
#include "report/check_text.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <regex>
#include <sstream>
#include <string>

#include "tests/spec_support.h"

using namespace lastack;

namespace {

// One side closes; the other acknowledges. The network may lose everything, then the closer gives up.
const std::string closing = R"(
profile closing "one side closes" cites "RFC 9293 3.6 case 1" {
  states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2 final, CLOSE_WAIT final, CLOSED final forgets
  limit retries = 2 in 0..5
  timer rto = 1 s
  var tries : 0..retries
  segment FIN { seq 0; ack 0; fin }
  segment ACK { seq 0; ack 1 }
  on call close
    rule close "CLOSE sends the FIN" cites "RFC 9293 3.10.4" ESTABLISHED -> FIN_WAIT_1 { send FIN; start rto }
  on timer rto
    rule again "the FIN is sent again" cites "RFC 9293 3.8.1"
      FIN_WAIT_1 [tries < retries] { tries += 1; send FIN; start rto }
    rule give_up "enough" cites "RFC 9293 3.8.3" FIN_WAIT_1 [tries == retries] -> CLOSED
  on segment
    step fifth "check the ACK field"
      rule fin_acked "our FIN is acknowledged" cites "RFC 9293 3.10.7.4"
        FIN_WAIT_1 [seg.ack == 1] -> FIN_WAIT_2 { stop rto }
    step eighth "check the FIN bit"
      rule fin "the peer's FIN" cites "RFC 9293 3.10.7.4" ESTABLISHED, CLOSE_WAIT [seg.fin] -> CLOSE_WAIT { send ACK }
}
system a_system_with_a_name_that_does_not_fit_in_a_column "the network loses, doubles and reorders"
  ends closing A, closing B
  network 2 loses at most 3 duplicates at most 1 reorders
  calls A { close } B { }
)";

Spec spec_with(const std::string& claims) {
    std::string text = closing + claims;
    const std::string name = "a_system_with_a_name_that_does_not_fit_in_a_column";
    for (std::size_t at = 0; (at = text.find("on SYSTEM", at)) != std::string::npos;) text.replace(at + 3, 6, name);
    return lastack::testing::spec_from(text);
}

std::string report_on(const Spec& spec, std::uint64_t max_states = 1'000'000) {
    CheckOptions options;
    options.bounds.max_states = max_states;
    return check_text(spec, check(spec, options));
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// The lines that do not fit, for a message that shows them.
std::string too_wide(const std::string& text) {
    std::string found;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) found += line.size() > 80 ? line + "\n" : "";
    return found;
}

const std::string gets_there = R"(
claim there "the closer is heard" on SYSTEM
  reachable A in FIN_WAIT_2
  expect holds)";
const std::string never_there = R"(
claim never "nobody is heard" on SYSTEM
  invariant not A in FIN_WAIT_2
  expect )";
const std::string sound = R"(
claim sound "who was heard was heard by somebody, said in so many words that one line of eighty columns is not enough"
  on SYSTEM invariant A in FIN_WAIT_2 implies B in CLOSE_WAIT
  expect holds)";

}  // namespace

TEST_CASE("a claim that is as expected says whether its sentence is true") {
    const std::string text = report_on(spec_with(gets_there + never_there + "violated shortest 3" + sound));
    CHECK(has(text, "  true               there          the closer is heard [3 steps]\n"));
    CHECK(has(text, "  false, as expected never          nobody is heard [3 steps]\n"));
    CHECK(has(text, "  true               sound          who was heard"));
    CHECK(has(text, "3 claims: 3 as expected, 0 not\n"));
    CHECK_FALSE(has(text, "  expected:"));
    CHECK_FALSE(has(text, "PARTIAL"));
}

TEST_CASE("a claim that is not as expected is a surprise, and a line says what was expected") {
    const std::string text = report_on(spec_with(gets_there + " shortest 7" + never_there + "holds"));
    CHECK(has(text, "  SURPRISE: true     there          the closer is heard [3 steps]\n"));
    CHECK(has(text, "expected: true, shown by a run of 7 steps\n"));
    CHECK(has(text, "  SURPRISE: false    never          nobody is heard [3 steps]\n"));
    CHECK(has(text, "expected: true\n"));
    CHECK(has(text, "2 claims: 0 as expected, 2 not\n"));
    CHECK(text.starts_with("SURPRISE: 2 of 2 claims of profile closing not as expected\n"));
}

TEST_CASE("a claim that is undecided is called that, its system is PARTIAL, and a note says why") {
    const std::string text = report_on(spec_with(sound), 1);
    CHECK(has(text, "  not decided        sound          who was heard"));
    CHECK(has(text, "PARTIAL"));
    CHECK(has(text, "bound on states"));
    CHECK(has(text, "1 claims: 0 as expected, 0 not, 1 unknown\n"));
    CHECK(text.starts_with("Not all decided: 1 of 1 claims of profile closing left open, no surprise\n"));
}

TEST_CASE("a report begins with its verdict, and says what was explored and what its answers cover") {
    // Wherever lines were wrapped.
    const std::string text = std::regex_replace(report_on(spec_with(sound)), std::regex("\n +"), " ");
    CHECK(text.starts_with("As expected: all 1 claims of profile closing\n"));
    CHECK(has(text, "Explored, profile closing "));
    CHECK(has(text, "2 each way"));
    CHECK(has(text, "loses at most 3"));
    CHECK(has(text, "duplicates at most 1"));
    CHECK(has(text, "reorders"));
    CHECK(has(text, "retries=2"));
}

TEST_CASE("a report fits in 80 columns: long names of systems, long sentences, partial explorations") {
    CHECK(too_wide(report_on(spec_with(gets_there + never_there + "holds" + sound))) == "");
    CHECK(too_wide(report_on(spec_with(sound), 1)) == "");
}

TEST_CASE("a long sentence goes on in the column where it began") {
    const std::string text = report_on(spec_with(sound));
    const std::size_t line = text.find("  true               sound");
    REQUIRE(line != std::string::npos);
    const std::size_t column = text.find("who was heard", line) - line;
    const std::size_t second = text.find('\n', line) + 1;
    CHECK(text.find_first_not_of(' ', second) - second == column);
}

TEST_CASE("a trace is headed by its claim, its length and its system, and fits in 80 columns") {
    const Spec spec = spec_with(never_there + "holds");
    const CheckReport report = check(spec, {});
    REQUIRE(report.claims.at(0).trace);
    const std::string text = trace_text(spec, report.claims[0]);
    CHECK(text.starts_with("Counterexample to never: \"nobody is heard\"\n"));
    CHECK(has(text, "cheapest: 0 losses, 0 duplicates, 2 segments, 3 steps"));
    CHECK(has(text, "close() FIN-WAIT-1"));
    CHECK(has(text, "FIN-WAIT-2"));
    CHECK(too_wide(text) == "");
}

TEST_CASE("a trace that the claim looks for is a witness") {
    const Spec spec = spec_with(gets_there);
    const CheckReport report = check(spec, {});
    CHECK(trace_text(spec, report.claims.at(0)).starts_with("Witness of there: \"the closer is heard\"\n"));
}

TEST_CASE("a claim that cites nothing does not say that it cites") {
    const Spec spec = spec_with(gets_there);
    const CheckReport report = check(spec, {});
    const std::string text = trace_text(spec, report.claims.at(0));
    CHECK_FALSE(has(text, "cites"));
}

TEST_CASE("numbers are grouped in threes") {
    CHECK(grouped(0) == "0");
    CHECK(grouped(999) == "999");
    CHECK(grouped(1000) == "1,000");
    CHECK(grouped(6547626) == "6,547,626");
    CHECK(grouped(100000) == "100,000");
    CHECK(grouped(18446744073709551615ULL) == "18,446,744,073,709,551,615");
}

TEST_CASE("a text that is cut ends with three dots and has the width asked for, however small that is") {
    CHECK(clipped("TIME-WAIT", 9) == "TIME-WAIT");
    CHECK(clipped("TIME-WAIT", 8) == "TIME-...");
    CHECK(clipped("TIME-WAIT", 3) == "...");
    CHECK(clipped("", 0) == "");
    for (const std::size_t width : {0U, 1U, 2U}) CHECK(clipped("TIME-WAIT", width).size() <= width);
}
