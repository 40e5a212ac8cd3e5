// The first screen of a gate: the verdict first, surprises before findings, tables left to -v; and its colours.
#include "report/gate_text.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "report/colour.h"
#include "tests/harness/hand_vectors.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

// Two claims about Linux, one of them false, and three vectors with these verdicts.
struct Scene {
    Scene() {
        CheckOptions options;
        options.only_claims = {"W01", "W05-one"};
        report = check(spec, options);
        for (const std::string id : {"one/A", "two/A", "three/A"}) {
            TestVector vector = hand::active_close();
            vector.id = id + "/ipv4";
            vector.goal = "goal of " + id;
            vector.claims = {{id, VectorClaim::Sense::witness, vector.goal}};
            vectors.push_back(vector);
            TestRun run;
            run.vector_id = vector.id;
            run.verdict = Verdict::pass;
            runs.push_back(run);
        }
    }
    std::string text() const { return gate_text({spec, report, vectors, runs, "Target: a stack\n", "  counted\n"}); }

    const Spec& spec = lastack::testing::shipped_spec("linux.spec");
    CheckReport report;
    std::vector<TestVector> vectors;
    std::vector<TestRun> runs;
};

}  // namespace

TEST_CASE("where all is as expected the gate says so in its first line, and lists no table and no claim") {
    const std::string text = Scene().text();
    CHECK(text.starts_with("As expected: profile linux, and what the stack does\n  2 claims: 2 as expected, 0 not\n"));
    CHECK(has(text, "\nSurprises\n  none\n"));
    CHECK_FALSE(has(text, "Findings"));
    CHECK_FALSE(has(text, "states/s"));
    CHECK_FALSE(has(text, "W05-one"));
    CHECK(has(text, "The claims were decided on 57,264 states of 1 systems; -v"));
}

TEST_CASE("a surprise is in the gate's first line, with its run or exchange under it") {
    Scene scene;
    scene.report.claims[1].as_expected = false;
    scene.report.claims[1].expected = Expectation{};
    scene.runs[0].verdict = Verdict::fail;
    scene.runs[0].reason = "RST seq=1 came";
    const std::string text = scene.text();
    CHECK(text.starts_with("SURPRISE: 1 of 2 claims of profile linux and 1 of 3 vectors are not as expected\n"));
    CHECK(has(text, "\nSurprises\n  SURPRISE: false    W05-one        at most one side reaches TIME-WAIT [6 steps]\n"
                    "                                    expected: true\n"));
    CHECK(has(text, "Counterexample to W05-one"));
    CHECK(has(text, "  SURPRISE: differs one/A (IPv4)    goal of one/A\n    RST seq=1 came\n"));
    CHECK(has(text, "planned (< to the IUT, > from it)"));
}

TEST_CASE("what is left open or not driven is told apart from surprises and findings") {
    Scene scene;
    scene.vectors[0].claims[0].sense = VectorClaim::Sense::counterexample;
    scene.runs[1].verdict = Verdict::inconclusive;
    scene.runs[1].reason = "it left its path";
    scene.runs[2].verdict = Verdict::skipped;
    scene.runs[2].reason = "needs up to 69.5 s, longest is 10 s";
    const std::string text = scene.text();
    CHECK(text.starts_with("Left open: 0 claims of profile linux and 1 of 3 vectors; the others are as\n  expected\n"));
    const std::size_t open = text.find("\nLeft open\n  left open         two/A"), found = text.find("\nFindings: "),
                      rest = text.find("\nNot driven\n  1 vectors: may take longer than 10 s\n");
    CHECK(open != std::string::npos);
    CHECK(has(text.substr(found), "  breaks it         one/A (IPv4)    \"goal of one/A\"\n"));
    CHECK(open < found);
    CHECK(found < rest);
}

TEST_CASE("colours are put around the verdict that begins a line and nothing else") {
    CHECK(coloured("As expected: all\n") == "\033[32mAs expected\033[0m: all\n");
    CHECK(coloured("  SURPRISE: false    W05  true \n") == "  \033[1;31mSURPRISE: false\033[0m    W05  true \n");
    CHECK(coloured("  true               W01\n  breaks it         W05") ==
          "  \033[32mtrue \033[0m              W01\n  \033[36mbreaks it \033[0m        W05");
    CHECK(coloured("    true \nnothing\n") == "    true \nnothing\n");
    CHECK(coloured("") == "");
}
