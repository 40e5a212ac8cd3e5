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

// "true"; "false, as expected"; "SURPRISE: false"; "not decided": what became of the claim's sentence.
std::string verdict_words(const CheckResult& result);

// Whether all is as expected, each claim, a line that counts; then what was explored and the limits of the answers.
std::string check_text(const Spec& spec, const CheckReport& report);

// Parts of it: a claim with its verdict, what was expected of a surprise, and what limits the answer; the line that
// counts; what was explored.
std::string claim_text(const CheckResult& result);
std::string claims_tally_text(const CheckReport& report);
std::string explored_text(const Spec& spec, const CheckReport& report);

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
