// Reports for other programs: the forms as their descriptions ask for them, and that nothing is called better than it
// is.
#include "report/report_items.h"

#include <doctest/doctest.h>

#include <nlohmann/json.hpp>

#include "checker/claims/check.h"
#include "tests/harness/hand_vectors.h"
#include "tests/spec_support.h"
#include "tests/support.h"

using namespace lastack;
using namespace lastack::testing;
using Kind = ReportItem::Kind;

namespace {

const ReportHead head{"1.2.3", "p", "a target"};

Where somewhere() {
    Where where;
    where.source = std::make_shared<SourceText>(SourceText{"specs/a b.spec", "text"});
    where.line = 7;
    where.column = 3;
    where.length = 4;
    return where;
}

// One of each kind, with characters that mean something to each form.
std::vector<ReportItem> one_of_each() {
    std::vector<ReportItem> items;
    for (const auto& [kind, id] :
         {std::pair(Kind::as_expected, "good"), std::pair(Kind::surprise, "bad"), std::pair(Kind::inconclusive, "open"),
          std::pair(Kind::skipped, "left out"), std::pair(Kind::error, "broken")}) {
        ReportItem one;
        one.kind = kind;
        one.group = "claims on <one>";
        one.id = id;
        one.sentence = "a & b, #1";
        one.said = "50 % of \"it\"";
        if (kind == Kind::surprise || kind == Kind::error) {
            one.detail = "A |-->| B\nsecond \x01 line";
            one.steps = {"A calls close", "B gets FIN"};
            one.where = somewhere();
        }
        items.push_back(one);
    }
    return items;
}

bool has(const std::string& text, const std::string& part) { return text.find(part) != std::string::npos; }

std::size_t count(const std::string& text, const std::string& part) {
    std::size_t found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++found;
    return found;
}

}  // namespace

TEST_CASE("JUnit: failures, errors and what is skipped are counted, and inconclusive is told from skipped") {
    const std::string text = junit_text(head, one_of_each());
    CHECK(count(text, R"(tests="5" failures="1" errors="1" skipped="2" time="0.000")") == 2);
    CHECK(has(text, R"(<skipped type="inconclusive" message="50 % of &quot;it&quot;">)"));
    CHECK(has(text, R"(<skipped type="skipped" message=)"));
    CHECK(has(text, R"(<failure type="surprise" message=)"));
    CHECK(has(text, R"(name="bad: a &amp; b, #1" time="0.000" file="specs/a b.spec" line="7")"));
    CHECK(has(text, "A |--&gt;| B\nsecond   line</failure>"));
}

TEST_CASE("JUnit: xmllint finds it valid") {
    if (!installed("xmllint")) {
        MESSAGE("SKIPPED: xmllint is not installed (libxml2-utils)");
        return;
    }
    const TemporaryDirectory here;
    for (const auto& items : {one_of_each(), std::vector<ReportItem>{}}) {
        const std::string file = here.write("report.xml", junit_text(head, items));
        CHECK(run("xmllint --noout --schema " + source_dir() + "/tests/report/junit.xsd " + file + " 2>&1") ==
              file + " validates\n");
    }
}

// SARIF 2.1.0, 3.27: a result whose kind is not "fail" has the level "none"; 3.28.3: a URI is a valid one (RFC 3986).
TEST_CASE("SARIF: surprises are errors on their line, with their steps; what is open is no failure") {
    const auto sarif = nlohmann::json::parse(sarif_text(head, one_of_each()));
    CHECK(sarif["version"] == "2.1.0");
    const auto& run = sarif["runs"].at(0);
    CHECK(run["tool"]["driver"]["version"] == "1.2.3");
    CHECK(run["invocations"][0]["executionSuccessful"] == false);
    const auto& results = run["results"];
    REQUIRE(results.size() == 3);
    CHECK(results[0]["ruleId"] == "bad");
    CHECK(results[0]["level"] == "error");
    const auto& place = results[0]["locations"][0]["physicalLocation"];
    CHECK(place["artifactLocation"]["uri"] == "specs/a%20b.spec");
    CHECK(place["region"] == nlohmann::json{{"startLine", 7}, {"startColumn", 3}, {"endColumn", 7}});
    CHECK(results[0]["codeFlows"][0]["threadFlows"][0]["locations"][1]["location"]["message"]["text"] == "B gets FIN");
    CHECK(results[1]["kind"] == "open");
    CHECK(results[1]["level"] == "none");
    for (const auto& result : results)
        CHECK(run["tool"]["driver"]["rules"][result["ruleIndex"].get<std::size_t>()]["id"] == result["ruleId"]);
}

TEST_CASE("SARIF: a fingerprint lasts when a line moves or the words change, and differs between claims") {
    std::vector<ReportItem> items = one_of_each();
    const auto prints = [&] {
        std::vector<std::string> all;
        const auto sarif = nlohmann::json::parse(sarif_text(head, items));
        for (const auto& result : sarif["runs"][0]["results"])
            all.push_back(result["partialFingerprints"]["lastack/v1"]);
        return all;
    };
    const std::vector<std::string> before = prints();
    CHECK(before.at(0) != before.at(2));
    items[1].where.line = 70;
    items[1].said = "otherwise";
    items[1].steps.pop_back();
    CHECK(prints() == before);
}

// The TAP 14 specification: "# SKIP" is a directive, so a '#' in a description is escaped.
TEST_CASE("TAP: a line for each in order, what was not decided is skipped, what failed has its reasons in YAML") {
    const std::string text = tap_text(head, one_of_each());
    CHECK(text.starts_with("TAP version 14\n"));
    CHECK(has(text, "\n1..5\n"));
    CHECK(has(text, "\nok 1 - good: a & b, \\#1\n"));
    CHECK(has(text, "\nnot ok 2 - bad: a & b, \\#1\n  ---\n  message: \"50 % of \\\"it\\\"\"\n"));
    CHECK(has(text, "  at: \"specs/a b.spec:7\"\n"));
    CHECK(has(text, "\nok 3 - open: a & b, \\#1 # SKIP inconclusive: 50 % of"));
    CHECK(has(text, "\nok 4 - left out: a & b, \\#1 # SKIP 50 %"));
    CHECK(has(text, "\nnot ok 5 - "));
}

// GitHub, "Workflow commands for GitHub Actions": `%`, CR and LF are escaped, and in properties `:` and `,`.
TEST_CASE("GitHub: an annotation for each surprise and error, a notice for what is open") {
    const std::string text = github_text(head, one_of_each());
    CHECK(count(text, "\n") == 3);
    CHECK(
        has(text,
            "::error file=specs/a b.spec,line=7,col=3,title=bad of profile p::a & b, #1: 50 %25 of \"it\"%0AA |-->|"));
    CHECK(has(text, "::notice title=open of profile p::"));
    CHECK_FALSE(has(text, "good"));
}

TEST_CASE("claims: false as expected is no failure, and what is unexpected says what was expected") {
    const Spec& spec = shipped_spec("linux.spec");
    CheckOptions options;
    options.only_claims = {"W01", "W05-one"};
    CheckReport report = check(spec, options);
    std::vector<ReportItem> items = items_of(spec, report);
    REQUIRE(items.size() == 2);
    CHECK(items[0].said == "true: a run of 8 steps shows it");
    CHECK(items[1].said == "false, as expected: a run of 6 steps shows it");
    CHECK(items[1].kind == Kind::as_expected);
    CHECK(items[1].steps.size() == 6);
    CHECK(items[1].where.source->name.ends_with("four-way-close.spec"));
    report.claims[1].expected = Expectation{};
    report.claims[1].as_expected = false;
    items = items_of(spec, report);
    CHECK(items[1].kind == Kind::surprise);
    CHECK(items[1].said == "false: a run of 6 steps shows it; expected was true");
    CHECK(has(items[1].detail, "TIME-WAIT"));
}

TEST_CASE("vectors: each verdict has its kind, and a refutation that is expected is none of a surprise") {
    std::vector<TestVector> vectors(6, hand::active_close());
    std::vector<TestRun> runs(6);
    const Verdict verdicts[] = {Verdict::pass,    Verdict::fail,  Verdict::inconclusive,
                                Verdict::skipped, Verdict::error, Verdict::fail};
    for (std::size_t i = 0; i < runs.size(); ++i) {
        runs[i].vector_id = std::to_string(i);
        runs[i].verdict = verdicts[i];
        runs[i].reason = "for a reason";
        runs[i].duration_us = 1'500'000;
    }
    vectors[5].refuted_expected = true;
    const Kind kinds[] = {Kind::as_expected, Kind::surprise, Kind::inconclusive,
                          Kind::skipped,     Kind::error,    Kind::as_expected};
    const std::vector<ReportItem> items = items_of(nullptr, "sim", vectors, runs);
    REQUIRE(items.size() == 6);
    for (std::size_t i = 0; i < items.size(); ++i) CHECK_MESSAGE(items[i].kind == kinds[i], i);
    CHECK(items[1].said == "for a reason");
    CHECK(items[0].seconds == 1.5);
    CHECK(items[0].group == "vectors on sim");
}
