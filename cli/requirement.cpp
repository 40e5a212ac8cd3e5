#include "cli/requirement.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <cstdio>

#include "cli/session.h"
#include "report/check_text.h"

namespace lastack {

namespace {

std::string in_lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::tolower(c); });
    return text;
}

}  // namespace

bool is_required(const Target& target, const std::string& word) {
    const std::string wanted = in_lower_case(word), description = in_lower_case(target.description());
    return wanted == target.name() || wanted == description.substr(0, description.find_first_of(" ,"));
}

void require_target(const std::string& required, const Target& target, const std::string& why) {
    if (required.empty() || is_required(target, required)) return;
    const std::string reason = why.empty() ? "" : fmt::format(" (linux cannot be driven: {})", why);
    throw RequirementMissed(wrapped(fmt::format("lastack: {} is required, and the target is {}: {}{}", required,
                                                target.name(), target.description(), reason),
                                    0, 2));
}

int code_of_required(const std::string& required, const RunTally& tally, int code) {
    const auto of = [&](Verdict verdict) { return tally.count[static_cast<std::size_t>(verdict)]; };
    const std::size_t driven = of(Verdict::pass) + of(Verdict::fail) + of(Verdict::inconclusive);
    if (required.empty() || driven > 0) return code;
    std::fflush(stdout);
    std::fputs(
        (wrapped(fmt::format("lastack: {} is required, and none of {} vectors was driven", required, tally.all()), 0,
                 2) +
         "\n")
            .c_str(),
        stderr);
    return code == exit_ok || code == exit_skipped ? exit_limit : code;
}

}  // namespace lastack
