// Rules that read settings: other values of them count as possible, as those of limits do.
#include <doctest/doctest.h>

#include "checker/rules/rule_analysis.h"
#include "model/plain.h"
#include "tests/spec_support.h"

using namespace lastack;

namespace {

std::vector<Diagnostic> flaws(const std::string& settings, const std::string& guard) {
    const Spec spec =
        testing::spec_from("profile p \"p\" { states ESTABLISHED initial, CLOSED final " + settings +
                           " on call close rule r \"r\" cites \"c\" ESTABLISHED [" + guard + "] -> CLOSED }");
    return analyse_rules(spec.profiles[0], limits_of(spec.profiles[0]));
}

}  // namespace

TEST_CASE("a rule that another value of a setting reaches is no mistake, one that none reaches is") {
    CHECK(flaws("setting n = 0 in 0..1", "n == 1").empty());
    CHECK(flaws("setting n = 0", "n == 70000").empty());
    CHECK(flaws("setting n = 0 in 0..1", "n == 2").size() == 1);
    CHECK(flaws("setting n = 0 in 0..9 limit x = n * 2 in 0..18", "x == 4").empty());
    CHECK(flaws("setting n = 0 in 0..9 limit x = n * 2 in 0..18", "x == 19").size() == 1);
}

TEST_CASE("a wide limit that only formulas read does not disturb the analysis of rules") {
    CHECK(flaws("setting n = 1 in 0..1 limit wide = 70000 in 70000..80000 limit x = wide - 70000 in 0..1", "n == 0")
              .empty());
    CHECK(flaws("setting n = 1 in 0..1 limit wide = 70000 in 70000..80000", "n == 1 and n == 0").size() == 1);
}
