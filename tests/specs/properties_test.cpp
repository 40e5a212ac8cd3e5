// The catalogue of properties: every profile of the family gives the answers that specs/properties.spec expects, and no
// property that the field has stated is forgotten.
#include <doctest/doctest.h>

#include <fstream>
#include <set>
#include <sstream>

#include "checker/claims/check.h"
#include "checker/compare/distinguish.h"
#include "model/language/read_spec.h"
#include "tests/places.h"
#include "tests/spec_support.h"
#include "tests/support.h"

namespace lastack {

namespace {

using namespace testing;

// With sanitizers a profile takes minutes: one has to do there.
#ifdef __SANITIZE_ADDRESS__
constexpr std::uint64_t most_states = 60'000;
#else
constexpr std::uint64_t most_states = 200'000'000;
#endif

const std::string specs = lastack::testing::source_dir() + "/specs/";

// Under a bound on states what was not explored is unknown, and nothing is said about it here.
void check_profile(const std::string& file, const std::string& profile) {
    const Spec spec = read_spec(specs + file, profile);
    CheckOptions options;
    options.bounds.max_states = most_states;
    const CheckReport report = check(spec, options);
    CHECK(report.claims.size() == spec.claims.size());
    for (const CheckResult& result : report.claims) {
        if (result.answer == Answer::unknown && most_states < 1'000'000) continue;
        CHECK_MESSAGE(result.as_expected, profile << " " << result.claim->id << ": " << to_string(result.answer));
    }
}

std::set<std::string> rows(char group, int from, int to) {
    std::set<std::string> ids;
    for (int i = from; i <= to; ++i) {
        const std::string id = std::string(1, group) + (i < 10 ? "0" : "") + std::to_string(i);
        ids.insert(id);
    }
    return ids;
}

}  // namespace

TEST_CASE("rfc9293 gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "rfc9293");
}
#ifndef __SANITIZE_ADDRESS__
TEST_CASE("rfc793 gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "rfc793");
}
TEST_CASE("rfc9293-literal gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "rfc9293-literal");
}
TEST_CASE("rfc1337 gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "rfc1337");
}
TEST_CASE("rfc5961 gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "rfc5961");
}
TEST_CASE("linux gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "linux");
}
TEST_CASE("lwip gives the answers of the catalogue" * doctest::test_suite("slow")) {
    check_profile("properties.spec", "lwip");
}
TEST_CASE("the literal text answers as properties/literal.spec says") { check_profile("properties/literal.spec", ""); }
TEST_CASE("who resets and enters TIME-WAIT answers as properties/variants.spec says") {
    check_profile("properties/variants.spec", "tw-on-rst");
}
#endif

TEST_CASE("Each property of the catalogue is claimed, or listed as open in docs/warts.md") {
    std::set<std::string> wanted{"S01a", "S01b", "S01c"};
    wanted.merge(rows('S', 2, 59));
    wanted.merge(rows('L', 1, 15));
    wanted.merge(rows('T', 1, 16));
    wanted.merge(rows('C', 1, 6));
    std::set<std::string> claimed;
    for (const char* file : {"properties.spec", "properties/literal.spec", "incarnations.spec", "time.spec"}) {
        for (const Claim& claim : read_spec(specs + file).claims) {
            claimed.insert(claim.id.substr(0, claim.id.find('-')));
        }
    }
    const std::string warts = read_file(lastack::testing::source_dir() + "/docs/warts.md");
    for (const std::string& id : wanted) {
        CAPTURE(id);
        CHECK((claimed.contains(id) || warts.find(id) != std::string::npos));
    }
}

// C01, C02, C06: what two passages of the standard, or two standards, say of the same situation.
TEST_CASE("Passages that contradict each other make endpoints that differ" * doctest::test_suite("slow")) {
    const Spec spec = read_spec(specs + "properties/consistency.spec");
    const auto differ = [&](const std::string& a, const std::string& b) {
        const Profile &first = *spec.profile(a), &second = *spec.profile(b);
        const std::optional<bool> same = bisimilar(first, second, limits_of(first), limits_of(second), 1'000'000);
        CAPTURE(a);
        CAPTURE(b);
        CHECK(same == false);
    };
    differ("rfc9293", "case3-text");
    differ("rfc9293", "tw-on-rst");
    differ("rfc793", "rfc9293");
    differ("rfc793", "rfc793-corrected");
    const Profile& profile = *spec.profile("rfc9293");
    CHECK(bisimilar(profile, profile, limits_of(profile), limits_of(profile), 1'000'000) == true);
}

}  // namespace lastack
