// What a check found, for a terminal of 80 columns.
#pragma once

#include <string>

#include "checker/claims/check.h"

namespace lastack {

// How the answers compare with what the spec expects. What is unknown is neither the one nor the other.
struct Tally {
    std::size_t as_expected = 0, unexpected = 0, unknown = 0;
};
Tally tally_of(const CheckReport& report);

// Systems explored, then each claim with its answer in one line. Ends with a line that counts.
std::string check_text(const Spec& spec, const CheckReport& report);

// The trace of a claim as a heading with its cost, a ladder and, where it is not as expected, what was expected.
std::string trace_text(const Spec& spec, const CheckResult& result);

// 6547626 -> "6,547,626".
std::string grouped(std::uint64_t number);

// Broken between words so that no line passes column 80 (a word that is longer
// stands alone). `used` columns of the first line are taken; the others begin
// with `indent` blanks.
std::string wrapped(const std::string& text, std::size_t used, std::size_t indent);

// At most `width` characters; a cut text ends with "...".
std::string clipped(const std::string& text, std::size_t width);

}  // namespace lastack
