// Mirror images counted once: half the states, the same answers, and runs of the system all the same.
#include <doctest/doctest.h>

#include <set>
#include <tuple>

#include "checker/claims/check.h"
#include "tests/checker/exploring.h"
#include "tests/checker/small_systems.h"

namespace lastack {

namespace {

using namespace testing;

auto parts(const SystemState& state) {
    return std::tuple(state.end[0], state.end[1], state.bag[0], state.bag[1], state.losses, state.duplicates);
}

// How many states there are if one and its mirror image are one, counted on the explored whole.
std::size_t pairs_of_images(const Spec& spec, const SystemDecl& decl) {
    System system(spec, decl);
    Explorer explorer(system);
    explorer.run({});
    std::set<decltype(parts({}))> distinct;
    for (std::uint64_t i = 0; i < explorer.size(); ++i) {
        const SystemState state = explorer.state(i);
        distinct.insert(std::min(parts(state), parts(mirror_image(state))));
    }
    return distinct.size();
}

CheckReport checked(const std::string& file, bool symmetry) {
    CheckOptions options;
    options.symmetry = symmetry;
    options.only_systems = {"polite"};
    return check(shipped_spec(file), options);
}

}  // namespace

TEST_CASE("With mirror images counted once there are as many states as pairs of images, in as many levels" *
          doctest::test_suite("slow")) {
    int alike = 0;
    for (const Small& small : all_small_systems()) {
        const Spec& spec = shipped_spec(small.file);
        SystemDecl decl = decl_of(small);
        decl.calls[1] = decl.calls[0];
        if (!is_symmetric(spec, decl)) continue;
        CAPTURE(small.file);
        CAPTURE(alike);
        ++alike;
        const Coverage whole = explore(spec, decl);
        for (const int threads : {1, 2}) {
            Bounds bounds;
            bounds.mirrored = true;
            bounds.threads = threads;
            const Coverage half = explore(spec, decl, bounds);
            CHECK(half.mirrored);
            CHECK(half.complete);
            CHECK(half.states == pairs_of_images(spec, decl));
            CHECK(half.states < whole.states);
            CHECK(half.depth == whole.depth);
        }
    }
    CHECK(alike > 20);
}

TEST_CASE("The benchmark model has half the states, as counted by others") {
    Bounds bounds;
    bounds.mirrored = true;
    const Spec& spec = shipped_spec("bench/tcpclose-sizes.spec");
    CHECK(explore(spec, system_named(spec, "m1"), bounds).states == 1'004'436);
}

TEST_CASE("Claims have the same answers and traces of the same cost with mirror images counted once") {
    for (const char* file : {"rfc9293.spec", "linux.spec"}) {
        const CheckReport whole = checked(file, false), half = checked(file, true);
        REQUIRE(whole.claims.size() == half.claims.size());
        CHECK(whole.claims.size() > 10);
        for (std::size_t i = 0; i < whole.claims.size(); ++i) {
            CAPTURE(whole.claims[i].claim->id);
            CHECK(whole.claims[i].answer == half.claims[i].answer);
            CHECK(whole.claims[i].trace.has_value() == half.claims[i].trace.has_value());
            CHECK(whole.claims[i].cost == half.claims[i].cost);
            if (half.claims[i].fewest_steps)  // unfolded, and replayed by the plain interpreter
                CHECK(half.claims[i].fewest_steps->steps.size() == whole.claims[i].fewest_steps->steps.size());
        }
    }
}

TEST_CASE("Nearest findings at either end are unfolded into runs that end there") {
    const std::string text = R"(profile counter "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
var n : 0..3
on call up rule up "it" cites "none" ESTABLISHED [n < 3] { n += 1 }
}
system grid "g" ends counter A, counter B network 1 calls A { up } B { up }
claim a "a" cites "none" on grid
  invariant A.n < 3
claim b "b" cites "none" on grid
  invariant B.n < 2
claim both "both" cites "none" on grid
  reachable A.n == 1 and B.n == 3
claim step "step" cites "none" on grid
  step B.n < 2
claim ends "ends" cites "none" on grid
  ends A.n == 0
)";
    const Spec spec = spec_from(text);
    CheckOptions options;
    options.symmetry = true;
    options.cheapest = false;
    const CheckReport report = check(spec, options);
    CHECK(report.systems[0].coverage.states == 10);  // pairs of 0..3 without order
    const std::size_t steps[] = {3, 2, 4, 3, 6};
    for (std::size_t i = 0; i < report.claims.size(); ++i) {
        CAPTURE(report.claims[i].claim->id);
        REQUIRE(report.claims[i].trace);
        CHECK(report.claims[i].trace->steps.size() == steps[i]);
    }
}

TEST_CASE("Where images cannot be counted once all states are, and the report says why") {
    CheckOptions options;
    options.symmetry = true;
    const std::string profile = R"(profile counter "for tests" cites "none" {
states ESTABLISHED initial, CLOSED final
var n : 0..3
on call up rule up "it" cites "none" ESTABLISHED [n < 3] { n += 1 }
})";
    const auto why = [&](const std::string& calls, const std::string& claim) {
        const Spec spec = spec_from(profile + "\nsystem grid \"g\" ends counter A, counter B network 1 calls " + calls +
                                    "\nclaim c \"c\" cites \"none\" on grid\n  " + claim + "\n");
        const CheckReport report = check(spec, options);
        CHECK_FALSE(report.systems[0].coverage.mirrored);
        return report.systems[0].not_mirrored;
    };
    CHECK(why("A { up } B { }", "invariant A.n <= 3") == "its ends are not alike");
    CHECK(why("A { up } B { up }", "recoverable A.n == 3") == "claim c asks for all its states");
}

}  // namespace lastack
