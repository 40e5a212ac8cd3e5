// The specs that are shipped: each can be read, each claim is answered as its file says, and the sizes of their systems
// are pinned. A change of these numbers is a change of behaviour: look at `lastack diff` before writing new ones here.
#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "checker/claims/check.h"
#include "checker/trace/plain_system.h"
#include "model/language/read_spec.h"
#include "tests/checker/exploring.h"
#include "tests/places.h"

namespace lastack {

namespace {

using namespace testing;

// With sanitizers the large systems take minutes: they are left out there, and only there.
#ifdef __SANITIZE_ADDRESS__
constexpr bool all_sizes = false;
#else
constexpr bool all_sizes = true;
#endif

// Files with claims. The catalogue has tests of its own, one for each profile (properties_test.cpp).
const std::vector<std::string> roots{
    "rfc9293.spec",      "linux.spec",          "account.spec",    "lwip.spec",
    "incarnations.spec", "bench/tcpclose.spec", "properties.spec", "properties/literal.spec"};
// Claims about whatever profile uses them, and systems for those.
const std::set<std::string> fragments{"conditions.spec", "four-way-close.spec", "systems.spec"};

struct Size {
    std::string file, system;
    std::uint64_t states, transitions;
    int depth;   // levels after the first
    bool plain;  // small enough for the plain explorer, too
};

const std::vector<Size> sizes{
    {"rfc9293.spec", "polite", 49'733, 401'096, 17, true},
    {"rfc9293.spec", "calm", 17'101, 82'496, 16, true},
    {"rfc9293.spec", "never_closes", 227, 1'142, 12, true},
    {"rfc9293.spec", "half_closed", 18'064, 152'159, 17, true},
    {"rfc9293.spec", "lossy", 9'718'315, 128'666'808, 26, false},
    {"linux.spec", "polite", 57'264, 460'614, 17, true},
    {"linux.spec", "calm", 19'006, 91'056, 17, true},
    {"linux.spec", "never_closes", 280, 1'367, 14, true},
    {"linux.spec", "half_closed", 20'182, 168'333, 18, true},
    {"linux.spec", "lossy", 12'045'015, 164'576'446, 26, false},
    {"account.spec", "account_polite", 45'064, 356'506, 16, true},
    {"bench/tcpclose.spec", "d0_r0_c1", 2'129, 6'510, 8, true},
    // Known from SPIN and rumur as 18, 21 and 27 levels: one more than the depth.
    {"bench/tcpclose.spec", "d0_r1_c2", 145'376, 894'726, 17, false},
    {"bench/tcpclose-sizes.spec", "m1", 2'008'121, 17'200'650, 20, false},
    {"bench/tcpclose-sizes.spec", "m2", 8'240'104, 58'577'508, 26, false},
};

void compare(const Size& size, std::uint64_t states, std::uint64_t transitions, int depth) {
    CHECK(states == size.states);
    CHECK(transitions == size.transitions);
    CHECK(depth == size.depth);
}

// Every claim of a file; the systems that were explored on the way have the pinned sizes.
void check_file(const std::string& file, bool with_lossy) {
    const Spec& spec = shipped_spec(file);
    CheckOptions options;
    for (const Claim& claim : spec.claims) {
        if (with_lossy || claim.system != "lossy") options.only_claims.push_back(claim.id);
    }
    const CheckReport report = check(spec, options);
    CHECK(report.claims.size() == options.only_claims.size());
    for (const CheckResult& result : report.claims) {
        const std::string told = result.claim->id + ": " + to_string(result.answer) +
                                 (result.trace ? " in " + std::to_string(result.trace->steps.size()) : "");
        CHECK_MESSAGE(result.as_expected, told);
    }
    for (const SystemResult& explored : report.systems) {
        for (const Size& size : sizes) {
            if (size.file != file || size.system != explored.system->name) continue;
            CAPTURE(size.system);
            compare(size, explored.coverage.states, explored.coverage.transitions, explored.coverage.depth);
        }
    }
}

}  // namespace

TEST_CASE("Every spec file under specs/ can be read by itself, but for the parts of others") {
    const std::filesystem::path folder = lastack::testing::source_dir() + "/specs";
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
        if (entry.path().extension() != ".spec") continue;
        const std::string name = std::filesystem::relative(entry.path(), folder).string();
        CAPTURE(name);
        if (fragments.contains(name)) {
            CHECK_THROWS_AS(read_spec(entry.path().string()), SpecError);
        } else {
            CHECK(read_spec(entry.path().string()).profiles.size() > 0);
        }
    }
}

TEST_CASE("Claims have an id of their own, a sentence and a citation") {
    for (const std::string& root : roots) {
        CAPTURE(root);
        std::set<std::string> ids;
        for (const Claim& claim : shipped_spec(root).claims) {
            CAPTURE(claim.id);
            CHECK(ids.insert(claim.id).second);
            CHECK_FALSE(claim.sentence.empty());
            CHECK_FALSE(claim.cites.empty());
        }
        CHECK(ids.size() > 0);
    }
}

TEST_CASE("Each of the statements W01 to W17 has a claim") {
    std::set<std::string> statements;
    for (const Claim& claim : shipped_spec("linux.spec").claims) statements.insert(claim.id.substr(0, 3));
    for (int i = 1; i <= 17; ++i) {
        const std::string statement = (i < 10 ? "W0" : "W") + std::to_string(i);
        CAPTURE(statement);
        CHECK(statements.contains(statement));
    }
}

TEST_CASE("rfc9293.spec: every claim is answered as it says" * doctest::test_suite("slow")) {
    check_file("rfc9293.spec", all_sizes);
}
TEST_CASE("linux.spec: every claim is answered as it says" * doctest::test_suite("slow")) {
    check_file("linux.spec", all_sizes);
}
TEST_CASE("lwip.spec: every claim is answered as it says") { check_file("lwip.spec", true); }
TEST_CASE("incarnations.spec: every claim is answered as it says" * doctest::test_suite("slow")) {
    if (all_sizes) check_file("incarnations.spec", true);
}
TEST_CASE("account.spec: every claim on small systems is answered as it says") { check_file("account.spec", false); }
TEST_CASE("tcpclose.spec: every claim is answered as it says") { check_file("bench/tcpclose.spec", true); }

TEST_CASE("The sizes of the small systems, counted by the plain explorer too" * doctest::test_suite("slow")) {
    for (const Size& size : sizes) {
        if (!size.plain) continue;
        CAPTURE(size.file);
        CAPTURE(size.system);
        const Spec& spec = shipped_spec(size.file);
        const SystemDecl& decl = system_named(spec, size.system);
        const Coverage fast = explore(spec, decl);
        CHECK(fast.complete);
        CHECK(fast.cuts == 0);
        compare(size, fast.states, fast.transitions, fast.depth);
        if (!all_sizes && size.states > 15'000) continue;
        const PlainCount plain = plain_explore(PlainSystem(spec, decl));
        compare(size, plain.states, plain.transitions, plain.depth);
    }
}

TEST_CASE("The benchmark model has exactly the sizes that other checkers count") {
    for (const Size& size : sizes) {
        if (!size.file.starts_with("bench/") || size.plain || (!all_sizes && size.states > 200'000)) continue;
        CAPTURE(size.system);
        const Spec& spec = shipped_spec(size.file);
        const Coverage fast = explore(spec, system_named(spec, size.system));
        CHECK(fast.complete);
        compare(size, fast.states, fast.transitions, fast.depth);
    }
}

}  // namespace lastack
