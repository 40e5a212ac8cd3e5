// Answers to claims and verdicts about vectors in one form: what the reports for other programs are made of.
#pragma once

#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "harness/driver.h"

namespace lastack {

struct ReportItem {
    enum class Kind {
        as_expected,   // true or false as the spec says; a vector that is confirmed, or refuted where that is expected
        surprise,      // anything else that was decided
        inconclusive,  // an answer that bounds or an interrupt left open; a run that left its path
        skipped,       // a vector that the target was not driven with
        error,         // a vector that could not be carried out
    };
    Kind kind = Kind::as_expected;
    std::string group;               // "claims on lossy", "vectors on linux"
    std::string id, sentence, said;  // said: one clause: "violated in 6 steps", "RST seq=0 came, allowed was ..."
    std::string verdict;             // in a word or two: "true", "false, as expected", "breaks it", "not driven"
    std::string detail;              // lines to read: a ladder, or the plan beside what was observed
    std::vector<std::string> steps;  // of the trace or of the run, a line each
    Where where;                     // of the claim, or of the rule that planned; no source where it is not known
    std::string cites;
    double seconds = 0;  // of a run
};

// ReportItem::group of a claim, and of the vectors that a target is driven with.
std::string claims_group(const Claim& claim);
std::string vectors_group(const std::string& target);

std::vector<ReportItem> items_of(const Spec& spec, const CheckReport& report);
// runs[i] is of vectors[i]. `spec`: where rules stand; may be null.
std::vector<ReportItem> items_of(const Spec* spec, const std::string& target, const std::vector<TestVector>& vectors,
                                 const std::vector<TestRun>& runs);

// What is told of a whole report.
struct ReportHead {
    std::string version, profile, target;  // target: in words; empty where none was driven
};

// JUnit's XML as Jenkins' and GitLab's readers take it: `skipped` has the type "inconclusive" or "skipped". Read by
// xmllint with tests/report/junit.xsd.
std::string junit_text(const ReportHead& head, const std::vector<ReportItem>& items);
// SARIF 2.1.0 (OASIS, 2020): surprises are errors, what is open a note; each on its line of the spec where that is
// known, with its steps as a code flow and a fingerprint that lasts as long as the claim or vector keeps its name.
std::string sarif_text(const ReportHead& head, const std::vector<ReportItem>& items);
// TAP 14: a line for each, what is open or skipped as `# SKIP`, diagnostics in YAML.
std::string tap_text(const ReportHead& head, const std::vector<ReportItem>& items);
// Commands of a GitHub workflow: an annotation for each surprise and error, a notice for what is open.
std::string github_text(const ReportHead& head, const std::vector<ReportItem>& items);

}  // namespace lastack
