// A profile that extends a shipped one and changes nothing is expected to be as its parent is: what differs stands out.
#include <doctest/doctest.h>

#include <map>
#include <string>

#include "checker/claims/check.h"
#include "model/language/read_spec.h"
#include "model/spec.h"
#include "tests/places.h"

namespace lastack {

namespace {

const std::string specs = lastack::testing::source_dir() + "/specs/";

// A bound that all systems of the claim files meet in less than a second; what is not found by then is unknown in both.
constexpr std::uint64_t most_states = 5'000;

struct Answered {
    std::string answer, expected;
    bool as_expected = false;
    bool operator==(const Answered&) const = default;
};

std::ostream& operator<<(std::ostream& out, const Answered& one) {
    return out << one.answer << ", expected " << one.expected << (one.as_expected ? "" : ": red");
}

std::map<std::string, Answered> answers(const std::string& text, const std::string& subject) {
    const Spec spec = parse_spec(text, specs + "child-of-a-test.spec", subject);
    CheckOptions options;
    options.bounds.max_states = most_states;
    std::map<std::string, Answered> found;
    for (const CheckResult& result : check(spec, options).claims) {
        const Expectation& expected = result.expected;
        found[result.claim->id] = {to_string(result.answer),
                                   (expected.vacuous ? "vacuous"
                                    : expected.holds ? "holds"
                                                     : "violated") +
                                       (expected.shortest >= 0 ? " in " + std::to_string(expected.shortest) : ""),
                                   result.as_expected};
    }
    return found;
}

}  // namespace

TEST_CASE("an empty child of each shipped profile is as green as its parent" * doctest::test_suite("slow")) {
    struct Shipped {
        std::string profile, file;
    };
    const Shipped family[] = {{"rfc9293", "rfc9293.spec"}, {"rfc9293-literal", "rfc9293-literal.spec"},
                              {"rfc793", "rfc793.spec"},   {"rfc5961", "rfc5961.spec"},
                              {"rfc1337", "rfc1337.spec"}, {"linux", "linux.spec"},
                              {"lwip", "lwip.spec"}};
    for (const Shipped& one : family) {
        const std::string text = "use \"" + one.file + "\"\nuse \"four-way-close.spec\"\nuse \"properties.spec\"\n" +
                                 "profile child-of-a-test extends " + one.profile + " { }\n";
        const auto parent = answers(text, one.profile), child = answers(text, "child-of-a-test");
        CHECK(parent.size() > 100);
        REQUIRE(child.size() == parent.size());
        for (const auto& [id, answered] : parent) {
            CAPTURE(one.profile);
            CAPTURE(id);
            CHECK(child.at(id) == answered);
        }
    }
}

}  // namespace lastack
