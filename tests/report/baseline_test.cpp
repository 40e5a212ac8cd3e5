// What a gate lets pass because it is known, and what it does not.
#include "report/baseline.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

using namespace lastack;

namespace {

using Kind = ReportItem::Kind;

ReportItem item(const std::string& group, const std::string& id, Kind kind, const std::string& said = "false") {
    ReportItem one;
    one.group = group;
    one.id = id;
    one.kind = kind;
    one.said = said;
    return one;
}

std::string refusal(const std::string& text) {
    try {
        baseline_from(text, "known");
    } catch (const BaselineError& error) {
        return error.what();
    }
    return "";
}

std::vector<std::string> ids(const std::vector<Deviation>& deviations) {
    std::vector<std::string> all;
    for (const Deviation& one : deviations) all.push_back(one.id);
    return all;
}

using Ids = std::vector<std::string>;

}  // namespace

TEST_CASE("a baseline that is written is read back: surprises and what is open, no errors") {
    const Baseline written = baseline_of(
        "linux",
        {item("claims on lossy", "W05", Kind::surprise, "false\nexpected | was true"),
         item("claims on lossy", "W06", Kind::as_expected), item("vectors on sim", "W07/A", Kind::inconclusive),
         item("vectors on sim", "W08/A", Kind::error), item("vectors on sim", "W09/A", Kind::skipped)});
    const std::string text = baseline_text(written, "by hand");
    const Baseline read = baseline_from(text, "known");
    CHECK(read.profile == "linux");
    REQUIRE(read.deviations.size() == 2);
    CHECK(read.deviations[0] == Deviation{"claims on lossy", "W05", false, "false expected / was true"});
    CHECK(read.deviations[1] == Deviation{"vectors on sim", "W07/A", true, "false"});
    CHECK(baseline_text(read, "by hand") == text);
}

TEST_CASE("comments, blank lines and a deviation without its story are read") {
    const Baseline read =
        baseline_from("lastack-baseline 1\n\n# why\nprofile linux\r\nsurprise | claims on a | C1\n", "known");
    REQUIRE(read.deviations.size() == 1);
    CHECK(read.deviations[0] == Deviation{"claims on a", "C1", false, ""});
}

TEST_CASE("what is no baseline is refused, with its line") {
    const std::string head = "lastack-baseline 1\nprofile linux\n";
    CHECK(refusal("") == "known:1: error: no baseline: its first line is 'lastack-baseline 1'");
    CHECK(refusal("{}\n") == "known:1: error: no baseline: its first line is 'lastack-baseline 1'");
    CHECK(refusal("lastack-baseline 2\n").starts_with("known:1: error"));
    CHECK(refusal("lastack-baseline 1\n") == "known:1: error: it names no profile: 'profile NAME'");
    CHECK(refusal(head + "surprise | alone\n").starts_with("known:3: error: a deviation is"));
    CHECK(refusal(head + "error | g | x | y\n") == "known:3: error: 'error' is neither surprise nor inconclusive");
    CHECK(refusal(head + "surprise |  | x | y\n") == "known:3: error: a deviation has a group and a name");
    CHECK(refusal(head + "surprise | g | x\nsurprise | g | x | y\n") == "known:4: error: 'g: x' is there twice");
}

TEST_CASE("known deviations pass, new and vanished ones are surprises") {
    const Baseline baseline{"linux", {{"g", "stays", false, ""}, {"g", "heals", false, ""}, {"g", "gone", false, ""}}};
    std::vector<ReportItem> items = {item("g", "stays", Kind::surprise), item("g", "heals", Kind::as_expected),
                                     item("g", "comes", Kind::surprise), item("g", "broken", Kind::error)};
    const BaselineComparison found = compare(baseline, items, false);
    CHECK(ids(found.known) == Ids{"stays"});
    CHECK(ids(found.fresh) == Ids{"comes"});
    CHECK(ids(found.vanished) == Ids{"heals", "gone"});
    CHECK(found.not_asked.empty());
    CHECK(items[0].kind == Kind::as_expected);
    CHECK(items[0].said == "known deviation: false");
    CHECK(items[1].kind == Kind::surprise);
    CHECK(items[2].kind == Kind::surprise);
    CHECK(items[3].kind == Kind::error);
    const std::string text = comparison_text(found, "known");
    CHECK(text.find("Baseline known: 1 known, 1 new, 2 vanished, 0 not asked this time\n") != std::string::npos);
    CHECK(text.find("  new        g: comes: false\n") != std::string::npos);
    CHECK(text.find("  vanished   g: heals: false\n") != std::string::npos);
}

TEST_CASE("what this run did not ask has not vanished") {
    const Baseline baseline{"linux",
                            {{"vectors on linux", "A", false, ""},
                             {"g", "skipped", false, ""},
                             {"g", "part", false, ""},
                             {"g", "open", false, ""}}};
    std::vector<ReportItem> items = {item("g", "skipped", Kind::skipped), item("g", "open", Kind::inconclusive)};
    const BaselineComparison found = compare(baseline, items, true);
    CHECK(found.vanished.empty());
    CHECK(ids(found.not_asked) == Ids{"A", "skipped", "part", "open"});
    CHECK(ids(found.fresh) == Ids{"open"});  // that it is open is not what is known
}

TEST_CASE("what was open may be answered: that is no loss; an answer that surprises is new") {
    const Baseline baseline{"linux", {{"g", "a", true, ""}, {"g", "b", true, ""}, {"g", "c", true, ""}}};
    std::vector<ReportItem> items = {item("g", "a", Kind::as_expected), item("g", "b", Kind::surprise),
                                     item("g", "c", Kind::inconclusive)};
    const BaselineComparison found = compare(baseline, items, false);
    CHECK(found.vanished.empty());
    CHECK(ids(found.fresh) == Ids{"b"});
    CHECK(ids(found.known) == Ids{"c"});
    CHECK(items[2].kind == Kind::as_expected);
}
