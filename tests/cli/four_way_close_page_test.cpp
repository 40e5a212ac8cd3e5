// `lastack explain four-way-close`, and the page in docs/ that it wrote.
#include <doctest/doctest.h>

#include <sstream>
#include <string>

#include "tests/cli/command.h"

using command::has;
using command::invoke;

namespace {

// Without what depends on the stack that was driven.
std::string without_measured(const std::string& page) {
    std::istringstream lines(page);
    std::string kept;
    bool measured = false, driven = false;
    for (std::string line; std::getline(lines, line);) {
        if (line == "```measured") measured = true;
        if (line.starts_with("Driven: ")) driven = true;
        if (driven && line.empty()) driven = false;
        if (!measured && !driven) kept += line + "\n";
        if (line == "```") measured = false;
    }
    return kept;
}

}  // namespace

TEST_CASE("docs/four-way-close.md is what the command writes, but for what was measured; a stack did all of it") {
    const std::string page = lastack::testing::read_file(lastack::testing::source_dir() + "/docs/four-way-close.md");
    const auto made = invoke("explain four-way-close --target sim");
    CHECK(made.code == 0);
    CHECK(without_measured(page) == without_measured(made.out));
    CHECK(has(page, "Driven: Linux "));
    CHECK_FALSE(has(page, "SURPRISE"));
    CHECK_FALSE(has(page, "not driven"));
    CHECK(has(page, "| `tcp_fin_timeout` |"));
}

TEST_CASE("a topic that there is not is refused with those that there are") {
    const auto outcome = invoke("explain four-way");
    CHECK(outcome.code == 64);
    CHECK(has(outcome.err, "four-way-close"));
}
