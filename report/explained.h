// The four-way close as a page (Markdown): what happens when each of its segments is lost, close() against shutdown(),
// TIME-WAIT, and the two ways to count to four. Pictures and times are the model's, what a stack did is from runs.
#pragma once

#include <string>
#include <vector>

#include "checker/claims/check.h"
#include "harness/driver.h"

namespace lastack {

struct ExplainedClose {
    const Spec& spec;  // specs/explained/four-way-close.spec; the page takes its claims by their names
    const CheckReport& report;
    const std::vector<TestVector>& vectors;
    const std::vector<TestRun>& runs;  // runs[i] is of vectors[i]
    std::string target;                // in words
};

// Blocks of code that are fenced as `measured`, and the line that begins with "Driven: ", depend on the stack that was
// driven; everything else on the specs alone. Throws std::logic_error where the spec has not the claims of the page.
std::string four_way_close_text(const ExplainedClose& close);

}  // namespace lastack
