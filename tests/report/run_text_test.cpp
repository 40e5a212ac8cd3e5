// The report of a run: words for verdicts, lines that IP versions share, and the plan beside what was observed.
#include "report/run_text.h"

#include <doctest/doctest.h>

#include <sstream>
#include <string>
#include <vector>

#include "tests/harness/hand_vectors.h"

using namespace lastack;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::vector<std::string> lines_of(const std::string& text) {
    std::vector<std::string> lines;
    std::istringstream in(text);
    for (std::string line; std::getline(in, line);) lines.push_back(line);
    return lines;
}

// The lines that do not fit, for a message that shows them.
std::string too_wide(const std::string& text) {
    std::string found;
    for (const std::string& line : lines_of(text)) found += line.size() > 80 ? line + "\n" : "";
    return found;
}

TestVector vector_named(const std::string& id, int ip) {
    TestVector vector = hand::active_close(ip);
    vector.id = id + "/ipv" + std::to_string(ip);
    vector.goal = "the normal close";
    vector.claims = {{id.substr(0, id.find('/')), VectorClaim::Sense::witness, vector.goal}};
    return vector;
}

TestRun run_of(const TestVector& vector, Verdict verdict, const std::string& reason = "") {
    TestRun run;
    run.vector_id = vector.id;
    run.verdict = verdict;
    run.reason = reason;
    return run;
}

Observed seen(int step, std::int64_t at_us, Observed::Kind kind, const WireSegment& segment, const std::string& text) {
    Observed one;
    one.step = step;
    one.at_us = at_us;
    one.kind = kind;
    one.segment = segment;
    one.text = text;
    return one;
}

// The close goes well up to the tester's FIN, which is answered by a reset after 1.5 ms.
TestRun reset_in_step_2(const TestVector& vector) {
    TestRun run = run_of(vector, Verdict::fail, "RST seq=2 came 0.0003 s after the step's start");
    run.failed_step = 2;
    run.observed = {
        seen(0, 0, Observed::Kind::call, {}, "close() = ok"),
        seen(0, 100, Observed::Kind::received, hand::fin(0, 0), "expected"),
        seen(0, 200, Observed::Kind::state, {}, "FIN_WAIT_1"),
        seen(1, 1000, Observed::Kind::sent, hand::ack(0, 1), ""),
        seen(2, 1200, Observed::Kind::sent, hand::fin(0, 1), ""),
        seen(2, 1500, Observed::Kind::received, hand::rst(1), "not allowed"),
    };
    return run;
}

// The one line that has this in it.
std::string line_with(const std::string& text, const std::string& part) {
    std::string found;
    for (const std::string& line : lines_of(text)) {
        if (has(line, part)) {
            CHECK(found == "");
            found = line;
        }
    }
    return found;
}

}  // namespace

TEST_CASE("each verdict has its word") {
    CHECK(word_for(Verdict::pass) == "CONFIRMED");
    CHECK(word_for(Verdict::fail) == "REFUTED");
    CHECK(word_for(Verdict::inconclusive) == "INCONCLUSIVE");
    CHECK(word_for(Verdict::error) == "ERROR");
    CHECK(word_for(Verdict::skipped) == "SKIPPED");
}

TEST_CASE("vectors that differ in the IP version only, with the same verdict, share a line") {
    const std::vector<TestVector> vectors{vector_named("W01/A", 4), vector_named("W01/A", 6), vector_named("W01/B", 4)};
    std::vector<TestRun> runs;
    for (const TestVector& vector : vectors) runs.push_back(run_of(vector, Verdict::pass));
    const auto lines = lines_of(runs_text(vectors, runs));
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "  does it           W01/A           the normal close");
    CHECK(lines[1] == "  does it           W01/B (IPv4)    the normal close");
}

TEST_CASE("where the IP versions come out differently each has its own line") {
    const std::vector<TestVector> vectors{vector_named("W01/A", 4), vector_named("W01/A", 6)};
    const std::vector<TestRun> runs{run_of(vectors[0], Verdict::pass),
                                    run_of(vectors[1], Verdict::skipped, "no IPv6 here")};
    const auto lines = lines_of(runs_text(vectors, runs));
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "  does it           W01/A (IPv4)    the normal close");
    CHECK(lines[1] == "  not driven        W01/A (IPv6)    no IPv6 here");
}

TEST_CASE("a run that is not confirmed says its reason in full, on lines of at most 80 columns") {
    const std::vector<TestVector> vectors{vector_named("W01/A", 4)};
    const std::string reason = "FIN,ACK seq=1 ack=1 came 0.23 s after the step's start, allowed was "
                               "FIN,ACK seq=1 ack=1 (1 to 1 s), FIN,ACK seq=1 ack=1 (2 to 2 s)";
    for (const Verdict verdict : {Verdict::fail, Verdict::inconclusive, Verdict::error}) {
        CAPTURE(word_for(verdict));
        const std::string text = runs_text(vectors, {run_of(vectors[0], verdict, reason)});
        CHECK(too_wide(text) == "");
        std::string words;  // however it is broken into lines
        std::istringstream in(text);
        for (std::string word; in >> word;) words += word + " ";
        CHECK(has(words, reason));
    }
}

TEST_CASE("a skipped run is told in one line that fits, also where its id is long") {
    const std::vector<TestVector> vectors{vector_named("W01/A", 4), vector_named(std::string(45, 'W') + "/A", 4)};
    const std::string reason = "tcp_fin_timeout reads 60 after 1 was written: /proc/sys/net/ipv4/tcp_fin_timeout";
    CHECK(too_wide(runs_text({vectors[0]}, {run_of(vectors[0], Verdict::skipped, reason)})) == "");
    CHECK(too_wide(runs_text({vectors[1]}, {run_of(vectors[1], Verdict::skipped, reason)})) == "");
}

TEST_CASE("a long name is broken behind a slash or a plus, also that of the vector that went on") {
    const std::string name =
        "transitions/data-fin-ack/fin-wait-1/window_same+ack_new+fin_acked+text_after_close/closed";
    const TestVector vector = vector_named(name, 4);
    const std::string text = runs_text({vector}, {run_of(vector, Verdict::pass)});
    CHECK(text.starts_with("  does it           transitions/data-fin-ack/fin-wait-1/window_same+ack_new+\n"
                           "                      fin_acked+text_after_close/closed (IPv4)\n"));
    CHECK(too_wide(text) == "");
    // What left its path, and had its goal confirmed by the vector that went on.
    std::vector<TestVector> both{vector, vector_named(name + "/and/further", 4)};
    both[0].claims = both[1].claims;
    std::vector<TestRun> runs{run_of(both[0], Verdict::inconclusive, "left"), run_of(both[1], Verdict::pass)};
    runs[0].left_path = true;
    runs[0].went_on_as = both[1].id;
    const std::string gone = runs_text(both, runs);
    CHECK(has(gone, "    gone on as transitions/"));
    CHECK(too_wide(gone) == "");
}

TEST_CASE("a refutation that the spec expects is called that, and a confirmation that it does not is a surprise") {
    std::vector<TestVector> vectors{vector_named("W08-count/A", 4)};
    const std::vector<TestRun> refuted{reset_in_step_2(vectors[0])}, confirmed{run_of(vectors[0], Verdict::pass)};
    CHECK(deed_of(vectors[0], refuted[0], false) == "SURPRISE: differs");
    CHECK(deed_of(vectors[0], confirmed[0], false) == "does it");
    CHECK_FALSE(has(runs_text(vectors, refuted), "expected:"));
    CHECK_FALSE(has(runs_text(vectors, confirmed), "expects"));
    vectors[0].refuted_expected = true;
    CHECK(deed_of(vectors[0], refuted[0], false) == "differs");
    CHECK(deed_of(vectors[0], confirmed[0], false) == "SURPRISE: does it");
    CHECK(has(runs_text(vectors, refuted), "(as expected: the spec says that implementations do otherwise)"));
    CHECK(has(runs_text(vectors, confirmed), "(the spec expects that implementations do otherwise)"));
}

TEST_CASE("a stack that does what a claim denies breaks it, one that does what a claim looks for does it") {
    std::vector<TestVector> vectors{vector_named("W05-one/A", 4)};
    const std::vector<TestRun> runs{run_of(vectors[0], Verdict::pass)};
    CHECK(has(runs_text(vectors, runs), "  does it "));
    vectors[0].goal = "at most one side reaches TIME-WAIT";
    vectors[0].claims = {{"W05-one", VectorClaim::Sense::counterexample, vectors[0].goal}};
    CHECK(has(runs_text(vectors, runs), "  breaks it         W05-one/A (IPv4)\n"));
    CHECK(has(runs_text(vectors, runs), "\"at most one side reaches TIME-WAIT\"\n"));
    CHECK_FALSE(has(runs_text(vectors, {run_of(vectors[0], Verdict::inconclusive, "?")}), "breaks"));
    vectors[0].claims.push_back({"W02-A", VectorClaim::Sense::witness, "A may be the one that closes"});
    vectors[0].claims.push_back({"W04", VectorClaim::Sense::counterexample, "FINs never cross"});
    const std::string text = runs_text(vectors, runs);
    CHECK(has(text, "and breaks W04\n"));
    CHECK(has(text, "the same exchange decides W02-A W04\n"));
}

TEST_CASE("of runs only those are told that are asked for") {
    std::vector<TestVector> vectors{vector_named("one/A", 4), vector_named("two/A", 4), vector_named("three/A", 4),
                                    vector_named("four/A", 4)};
    vectors[1].claims[0].sense = VectorClaim::Sense::counterexample;
    std::vector<TestRun> runs;
    for (const TestVector& vector : vectors) runs.push_back(run_of(vector, Verdict::pass));
    runs[2] = reset_in_step_2(vectors[2]);
    runs[3].verdict = Verdict::inconclusive;
    const auto told = [&](unsigned parts) { return runs_text(vectors, runs, {parts, false}); };
    CHECK(told(RunsTold::rest).starts_with("  does it           one/A"));
    CHECK(told(RunsTold::findings).starts_with("  breaks it         two/A"));
    CHECK(told(RunsTold::surprises).starts_with("  SURPRISE: differs three/A"));
    CHECK_FALSE(has(told(RunsTold::surprises), "observed"));
    CHECK(told(RunsTold::open).starts_with("  left open         four/A"));
}

TEST_CASE("a refuted vector names the rules and clauses that allow what was expected") {
    TestVector vector = vector_named("W01/A", 4);
    vector.steps[2].expect[0].rule = "fin text_again";
    vector.steps[2].rules = {"fin"};
    vector.rules = {{"fin", "RFC 9293 3.10.7.4 eighth"}, {"text_again", "RFC 9293 3.8.1"}, {"again", "RFC 6298"}};
    const std::string text = runs_text({vector}, {reset_in_step_2(vector)});
    CHECK(line_with(text, "planned by rule fin") == "    planned by rule fin, RFC 9293 3.10.7.4 eighth");
    CHECK(line_with(text, "planned by rule text_again") == "    planned by rule text_again, RFC 9293 3.8.1");
    CHECK_FALSE(has(text, "rule again"));
}

TEST_CASE("the plan of a failed run stands beside what was observed, up to the step that failed") {
    TestVector vector = vector_named("W01/A", 4);
    vector.steps.push_back(hand::call("recv", "eof", 1));  // never reached
    const std::string text = comparison_text(vector, reset_in_step_2(vector));
    CHECK(too_wide(text) == "");
    CHECK(has(line_with(text, "planned"), "observed"));
    CHECK(line_with(text, "> FIN,ACK seq=1 ack=1").find("0.1 ms > FIN,ACK seq=1 ack=1") > 38);
    const std::string tester = line_with(text, "< FIN,ACK seq=1 ack=2");
    CHECK(has(tester.substr(0, 40), "< FIN,ACK seq=1 ack=2"));
    CHECK(has(tester.substr(40), "1.2 ms < FIN,ACK seq=1 ack=2"));
    const std::string answer = line_with(text, "1.5 ms > RST seq=2");  // what came, beside what should have come
    CHECK(has(answer.substr(0, 40), "> ACK seq=2 ack=2"));
    CHECK_FALSE(has(text, "recv"));
}

TEST_CASE("what was observed after the last step, while settling, is not left out") {
    const TestVector vector = vector_named("W01/A", 4);
    TestRun run = run_of(vector, Verdict::fail, "RST seq=2 came while settling");
    run.observed = {seen(0, 0, Observed::Kind::call, {}, "close() = ok"),
                    seen(-1, 9000, Observed::Kind::received, hand::rst(1), "not allowed")};
    CHECK(has(comparison_text(vector, run), "9.0 ms > RST seq=2"));
}

TEST_CASE("a wait that expects nothing is planned as silence with its window") {
    TestVector vector = vector_named("W09/A", 4);
    vector.steps = {hand::then(hand::wait("rto", Window{1'000'000, 1'300'000}, -1), {}, "CLOSED")};
    TestRun run = run_of(vector, Verdict::fail, "the state is FIN_WAIT_1");
    run.failed_step = 0;
    const std::string text = comparison_text(vector, run);
    CHECK(has(text, "wait for rto"));
    CHECK(has(text, "silence, 1 to 1.3 s"));
    CHECK(has(text, "state CLOSED"));
}

TEST_CASE("a plan says what a window counts from where it is not the step's own start") {
    TestVector vector = vector_named("W09/A", 4);
    vector.steps = {hand::call("close"), hand::wait("rto", Window{1'000'000, 1'300'000}, 0)};
    TestRun run = run_of(vector, Verdict::fail, "the state is FIN_WAIT_1");
    run.failed_step = 1;
    const std::string text = comparison_text(vector, run);
    CHECK(too_wide(text) == "");
    CHECK(has(text, "silence, 1 to 1.3 s"));
    CHECK(has(text, "counted from the end of step 0"));
    vector.steps[1].window.since = {Anchor::Event::opening, -1};
    CHECK(has(comparison_text(vector, run), "counted from the opening"));
}
