// Reports of shares put together, and what cannot be.
#include "report/run_merge.h"

#include <doctest/doctest.h>

#include <string>
#include <utility>
#include <vector>

using namespace lastack;

namespace {

std::string report(const std::string& runs, const std::string& target = "sim") {
    return R"({"target": ")" + target + R"(", "description": "a profile", "runs": [)" + runs + R"(],
      "tool": {"name": "lastack", "version": "1"}})";
}

std::string run(const std::string& vector, const std::string& verdict) {
    return R"({"vector": ")" + vector + R"(", "verdict": ")" + verdict + R"(", "observed": [1, 2]})";
}

// Why these cannot be merged.
std::string refused(const std::vector<std::pair<std::string, std::string>>& reports) {
    try {
        merge_runs(reports);
    } catch (const MergeError& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("shares make one report, in the same order whatever theirs is") {
    const std::string one = report(run("c", "fail") + ", " + run("a", "pass")),
                      other = report(run("b", "inconclusive"));
    const MergedRuns merged = merge_runs({{"one", one}, {"other", other}});
    REQUIRE(merged.runs.size() == 3);
    CHECK(merged.runs[0].vector == "a");
    CHECK(merged.runs[1].verdict == Verdict::inconclusive);
    CHECK(merged.runs[2].verdict == Verdict::fail);
    CHECK(merged.description == "a profile");
    CHECK(merge_runs({{"other", other}, {"one", one}}).json == merged.json);
    CHECK(merge_runs({{"merged", merged.json}}).json == merged.json);
}

TEST_CASE("what is of something else, or there twice, is refused with its file") {
    const std::string good = report(run("a", "pass"));
    CHECK(refused({{"x", good}, {"y", report(run("b", "pass"), "linux")}}) ==
          "y: of another target, kernel, version or spec than x");
    CHECK(refused({{"x", good}, {"y", good}}) == "y: a is in x, too");
    CHECK(refused({{"x", "{"}}).starts_with("x: no JSON: "));
    CHECK(refused({{"x", "[]"}}) == "x: not what lastack run --json prints");
    CHECK(refused({{"x", report("3")}}) == "x: a run without a vector or with the verdict ''");
    CHECK(refused({{"x", report(run("a", "perhaps"))}}) == "x: a run without a vector or with the verdict 'perhaps'");
    CHECK(refused({{"x", good}}).empty());
}
