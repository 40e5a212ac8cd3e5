// An exploration finds the same whichever way it goes about it: word by word or state by state, by one thread or several, with
// either index of strips. And the hooks are shown what claims and the use of rules rest on.
#include <doctest/doctest.h>

#include <algorithm>

#include "checker/watch.h"
#include "tests/checker/exploring.h"
#include "tests/checker/small_systems.h"
#include "tests/checker/watching.h"

namespace lastack {

namespace {

using namespace testing;
using Index = StripStore::Index;

constexpr Needs least{};
constexpr Needs each_step{false, true, false};
constexpr Needs idle_too{false, false, true};

Bounds bounds_of(int threads, Index index) {
    Bounds bounds;
    bounds.threads = threads;
    bounds.index = index;
    return bounds;
}

struct Seen {
    Coverage coverage;
    std::vector<std::uint64_t> levels;  // how many states each has
    std::vector<SystemState> states;    // in order of discovery
    std::map<Deed, int> deeds;
    std::map<EndState, int> idle[2];
    std::multiset<Rest> resting;
};

Seen seen(const Spec& spec, const SystemDecl& decl, Needs needs, const Bounds& bounds) {
    System system(spec, decl);
    Explorer explorer(system);
    Recorder recorder(system, explorer, needs);
    Seen result;
    result.coverage = explorer.run(bounds, recorder);
    result.levels.resize(static_cast<std::size_t>(result.coverage.depth) + 1);
    for (std::uint64_t i = 0; i < explorer.size(); ++i) {
        result.states.push_back(explorer.state(i));
        ++result.levels[explorer.depth_of(i)];
    }
    result.deeds = recorder.deeds();
    for (int end = 0; end < 2; ++end) result.idle[end] = recorder.idle(end);
    result.resting = recorder.resting();
    return result;
}

void same_coverage(const Coverage& one, const Coverage& other) {
    CHECK(one.states == other.states);
    CHECK(one.transitions == other.transitions);
    CHECK(one.expanded == other.expanded);
    CHECK(one.depth == other.depth);
    CHECK(one.cuts == other.cuts);
    CHECK(one.complete == other.complete);
}

// CHECK would print all of what it compares.
template <class T>
bool same(const T& one, const T& other) {
    return one == other;
}

void shows_what_it_must(const Seen& walked, const Seen& swept, Needs needs) {
    CHECK(swept.deeds.size() == walked.deeds.size());
    CHECK(same(swept.deeds, walked.deeds));
    CHECK(swept.resting.size() == walked.resting.size());
    CHECK(same(swept.resting, walked.resting));
    if (!needs.idle_steps) return;
    for (int end = 0; end < 2; ++end) {
        CHECK(swept.idle[end].size() == walked.idle[end].size());
        CHECK(same(swept.idle[end], walked.idle[end]));
    }
}

void all_ways_agree(const Spec& spec, const SystemDecl& decl, const std::vector<int>& threads = {1, 2}) {
    const Seen walked = seen(spec, decl, each_step, {});
    CHECK(walked.coverage.expanded == walked.coverage.states);
    CHECK(walked.deeds.size() > 3);
    for (const Needs needs : {least, idle_too}) {
        const Seen first = seen(spec, decl, needs, bounds_of(1, Index::automatic));
        same_coverage(first.coverage, walked.coverage);
        CHECK(same(first.levels, walked.levels));
        shows_what_it_must(walked, first, needs);
        for (const int count : threads) {
            for (const Index index : {Index::direct, Index::hash}) {
                CAPTURE(count);
                const Seen other = seen(spec, decl, needs, bounds_of(count, index));
                same_coverage(other.coverage, first.coverage);
                CHECK(same(other.states, first.states));
                shows_what_it_must(walked, other, needs);
            }
        }
    }
}

void all_ways_agree_on(const std::vector<Small>& systems) {
    for (std::size_t i = 0; i < systems.size(); ++i) {
        CAPTURE(systems[i].file);
        CAPTURE(i);
        all_ways_agree(shipped_spec(systems[i].file), decl_of(systems[i]));
    }
}

}  // namespace

TEST_CASE("rfc9293: all ways to explore agree") { all_ways_agree_on(small_rfc9293); }

TEST_CASE("linux: all ways to explore agree") { all_ways_agree_on(small_linux); }

TEST_CASE("tcpclose: all ways to explore agree") { all_ways_agree_on(small_tcpclose); }

TEST_CASE("Two different profiles at the ends: all ways to explore agree") { all_ways_agree_on(small_mixed); }

}  // namespace lastack
