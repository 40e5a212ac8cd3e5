// What a target did with a suite, for a terminal of 80 columns.
#pragma once

#include <string>
#include <vector>

#include "generators/vector.h"
#include "harness/driver.h"

namespace lastack {

// CONFIRMED, REFUTED, INCONCLUSIVE, ERROR or SKIPPED: what the verdict says about the model's trace, for programs.
std::string word_for(Verdict verdict);

// The same for people, as what the stack did: "does it"; "breaks it", where it does what a claim denies; "differs",
// where the spec expects that; "SURPRISE: differs", "SURPRISE: does it"; "left open", "other course", "not driven",
// "ERROR".
std::string deed_of(const TestVector& vector, const TestRun& run, bool other_course);

// Which runs are told of, and whether plan and exchange of those that differ are shown.
struct RunsTold {
    enum Part : unsigned {
        surprises = 1,  // not as the spec expects, or not to be carried out
        open = 2,       // inconclusive
        findings = 4,   // expected, and news for a reader: what a claim denies, and what differs as the spec says
        rest = 8,
    };
    static Part part_of(const TestVector& vector, const TestRun& run, bool other_course);
    unsigned parts = surprises | open | findings | rest;
    bool exchanges = true;
};

// One line for each vector and verdict, IP versions together, then why it differs, the rules behind the plan, and the
// planned and the observed exchange side by side. runs[i] is of vectors[i].
std::string runs_text(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs, RunsTold told = {});

// A step of a vector beside what was observed meanwhile, up to the step that failed. The last row, without a label, is
// what came while the run settled.
struct PlanRow {
    std::string label;
    std::vector<std::string> planned, observed;
    bool failed = false;
};
std::vector<PlanRow> plan_rows(const TestVector& vector, const TestRun& run);

// The same as text of 80 columns.
std::string comparison_text(const TestVector& vector, const TestRun& run);

}  // namespace lastack
