// Where tables of what is in flight would not fit, the same states are found without them; and bounds on memory end a
// run.
#include <doctest/doctest.h>

#include "checker/claims/check.h"
#include "tests/checker/exploring.h"
#include "tests/checker/small_systems.h"

namespace lastack {

using namespace testing;

TEST_CASE("Without tables there are the same states, transitions, levels and cuts") {
    for (const Small& small : all_small_systems()) {
        const Spec& spec = shipped_spec(small.file);
        const SystemDecl decl = decl_of(small);
        const Coverage usual = explore(spec, decl);
        System system(spec, decl, true);
        Explorer explorer(system);
        const Coverage packed = explorer.run({}, Unwatched{});
        CAPTURE(small.file);
        CHECK(packed.without_tables);
        CHECK(packed.complete);
        CHECK(packed.states == usual.states);
        CHECK(packed.transitions == usual.transitions);
        CHECK(packed.depth == usual.depth);
        CHECK(packed.cuts == usual.cuts);
    }
}

TEST_CASE("A check whose tables do not fit goes on without them, says so, and gives the same answers") {
    CheckOptions options;
    options.only_systems = {"polite"};
    const Spec& spec = shipped_spec("rfc9293.spec");
    const CheckReport usual = check(spec, options);
    options.bounds.max_table_bytes = 1;
    const CheckReport packed = check(spec, options);
    CHECK_FALSE(usual.systems[0].coverage.without_tables);
    CHECK(packed.systems[0].coverage.without_tables);
    CHECK(packed.systems[0].coverage.states == usual.systems[0].coverage.states);
    CHECK(packed.systems[0].rules_not_fired == usual.systems[0].rules_not_fired);
    REQUIRE(packed.claims.size() == usual.claims.size());
    for (std::size_t i = 0; i < usual.claims.size(); ++i) {
        CAPTURE(usual.claims[i].claim->id);
        CHECK(packed.claims[i].answer == usual.claims[i].answer);
        if (packed.claims[i].trace) {
            const auto& fewest = usual.claims[i].fewest_steps ? usual.claims[i].fewest_steps : usual.claims[i].trace;
            CHECK(packed.claims[i].trace->steps.size() == fewest->steps.size());
        }
    }
}

TEST_CASE("A bound on memory ends an exploration with a part, near the bound") {
    const Spec& spec = shipped_spec("rfc9293.spec");
    Bounds bounds;
    bounds.max_bytes = 16'000'000;
    for (const int threads : {1, 2}) {
        bounds.threads = threads;
        const Coverage coverage = explore(spec, system_named(spec, "lossy"), bounds);
        CHECK(coverage.out_of_memory);
        CHECK(coverage.limited);
        CHECK_FALSE(coverage.complete);
        CHECK(coverage.states > 100'000);
        CHECK(coverage.bytes < 2 * bounds.max_bytes);
    }
}

}  // namespace lastack
