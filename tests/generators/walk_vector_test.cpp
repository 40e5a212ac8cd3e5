// Vectors of walks that begin alike.
#include "generators/walk_vector.h"

#include <doctest/doctest.h>

#include <memory>
#include <optional>

#include "checker/suites/random_walks.h"
#include "model/language/read_spec.h"
#include "tests/harness/tiny_profile.h"
#include "tests/places.h"

using namespace lastack;

namespace {

// The walk, what is left of it without its last step, its first half, and again itself: as a suite goes, where each
// vector has the beginning of the one before.
std::vector<Walk> family_of(const Walk& walk) {
    std::vector<Walk> family{walk, walk, walk, walk};
    family[1].steps.pop_back();
    family[2].steps.resize(walk.steps.size() / 2);
    return family;
}

// How many vectors were made.
std::size_t compare(const Profile& profile, const std::vector<std::string>& calls, std::uint32_t seed,
                    std::optional<std::uint32_t> moments) {
    TesterOptions tester;
    tester.calls = calls;
    tester.each_segment = true;
    const TesterGraph graph(profile, limits_of(profile), tester);
    RandomWalkOptions lots;
    lots.alike = true;
    lots.seed = seed;
    RandomWalks walks(graph, lots);
    WalkProjector kept(graph);
    std::size_t made = 0;
    for (int i = 0; i < 60; ++i) {
        for (const Walk& walk : family_of(walks.next())) {
            if (walk.steps.empty()) continue;
            WalkProjector fresh(graph);
            WalkVectorOptions options;
            options.moments = moments;
            const Projection one = kept.make(walk, "id", "sentence", options),
                             other = fresh.make(walk, "id", "sentence", options);
            CHECK(one.reason == other.reason);
            CHECK(one.vector == other.vector);
            made += one.vector.has_value();
        }
    }
    return made;
}

}  // namespace

TEST_CASE("the vector of a walk does not depend on the walks before it") {
    const Spec spec = read_spec(lastack::testing::source_dir() + "/specs/rfc9293.spec", "rfc9293", {});
    for (const std::optional<std::uint32_t> moments : {std::optional<std::uint32_t>(), std::optional(7U)}) {
        CHECK(compare(hand::tiny_profile(), {"send", "close", "shutdown_wr", "abort"}, 1, moments) > 100);
        CHECK(compare(*spec.profile("rfc9293"), {"send", "recv", "close", "shutdown_wr", "shutdown_rd", "abort"}, 2,
                      moments) > 100);
    }
}
