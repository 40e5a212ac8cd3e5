// All test vectors that a check gives rise to: for each trace, each end at which it shows its claim, each IP version.
// Traces that are the same exchange for a tester make one vector, which decides the claims of all of them.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "checker/coverage/goals.h"
#include "generators/vector.h"

namespace lastack {

struct NotMade {
    std::string id;
    std::string reason;
};

struct Suite {
    std::vector<TestVector> vectors;
    std::vector<NotMade> not_made;
    std::size_t traces = 0;
};

struct SuiteOptions {
    std::vector<int> ip_versions = {4, 6};
    int unit_bytes = 100;
    std::int64_t look_us = 2'000'000;  // how long silence is watched for where no timer can end it
    std::string iut;                   // only vectors for this end, "A" or "B"; empty: both
};

// Vectors are TCP segments. Throws SpecError where the subject, or an end of a system, speaks another protocol.
void require_tcp(const Spec& spec);

// What one vector decides, another one decides as well.
void merge_claims(const TestVector& more, TestVector& into);

Suite make_suite(const Spec& spec, const CheckReport& report, const SuiteOptions& options = {});

// Adds end A of each goal; the sense of its claim is that of a goal.
void add_goals(const Spec& spec, const GoalReport& goals, const SuiteOptions& options, Suite& suite);

// The name, without an extension, of the files that are about a claim or a vector: its id with '/' as '.', and '.'
// doubled. Ids that differ have names that differ, since no part of an id is empty.
std::string file_stem(const std::string& id);

}  // namespace lastack
