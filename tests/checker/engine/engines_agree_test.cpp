// An exploration finds the same whichever way it goes about it: word by word or state by state, by one thread or
// several, with either index of strips. And the hooks are shown what claims and the use of rules rest on.
#include <doctest/doctest.h>

#include <fmt/core.h>

#include <algorithm>

#include "checker/claims/watch.h"
#include "model/language/read_spec.h"
#include "tests/checker/exploring.h"
#include "tests/checker/small_systems.h"
#include "tests/checker/watching.h"
#include "tests/places.h"

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

// The entries of the widest level: how many strips gained states in it.
std::size_t widest_level(const Explorer& explorer) {
    std::map<int, std::size_t> widths;
    for (std::uint64_t i = 0; i < explorer.size();) {
        const int depth = explorer.depth_of(i);
        ++widths[depth];
        const StripId strip = explorer.place(i).strip;
        while (i < explorer.size() && explorer.place(i).strip == strip && explorer.depth_of(i) == depth) ++i;
    }
    return std::max_element(widths.begin(), widths.end(),
                            [](auto& one, auto& other) { return one.second < other.second; })
        ->second;
}

// Large enough for threads to share its levels, which they do from 512 entries on (checker/engine/explorer.cpp).
void all_ways_agree_where_levels_are_shared(const std::string& file, const std::string& name,
                                            const Network* network = nullptr) {
    const Spec& spec = shipped_spec(file);
    SystemDecl decl = system_named(spec, name);
    if (network) decl.network = *network;
    CAPTURE(name);
    System system(spec, decl);
    Explorer explorer(system);
    explorer.run({});
    CHECK(widest_level(explorer) > 1'024);
    all_ways_agree(spec, decl, {1, 2, 3});
}

// Claims of each kind that is watched: about one end, about both, about the network, about steps. Most do not hold.
const std::string watched_claims = R"(
use "rfc9293.spec"
claim f-local "about one end" cites "a test" on SYSTEM
  invariant each e: not e in TIME_WAIT
claim f-timer "about one end and its timers" cites "a test" on SYSTEM
  invariant each e: e in FIN_WAIT_1 implies e runs rto and e.snd_una == 0
claim f-holds "about both ends, and true" cites "a test" on SYSTEM
  invariant each e, p: e in FIN_WAIT_2 implies not p in ESTABLISHED or e.snd_una >= 0
claim f-pair "about both ends" cites "a test" on SYSTEM
  invariant each e, p: not (e in CLOSING and p in CLOSING)
claim f-network "about what is in flight" cites "a test" on SYSTEM
  invariant not in flight from B [seg.fin]
claim f-outcome "about steps of an end" cites "a test" on SYSTEM
  step each e: not e expires time_wait
claim f-idle "about steps, also those of others" cites "a test" on SYSTEM
  step each e: e in TIME_WAIT implies e expires time_wait
claim f-step "about steps and both ends" cites "a test" on SYSTEM
  step each e, p: e expires rto implies p in ESTABLISHED
claim f-ends "about the end" cites "a test" on SYSTEM
  ends A in CLOSED and B in FIN_WAIT_1
claim f-reachable "about what there is" cites "a test" on SYSTEM
  reachable A in TIME_WAIT and B in TIME_WAIT
)";

struct Near {
    int depth = -1;  // of the state in which a claim was decided, or from which the step leads that did
    std::uint64_t index = 0;
};

// Sees each step, for the sake of the comparison only.
struct Walking : WatchHooks {
    using WatchHooks::WatchHooks;
    Needs needs() const override { return {WatchHooks::needs().every_state, true, WatchHooks::needs().idle_steps}; }
};

template <class Hooks>
std::map<std::string, Near> findings(const Spec& spec, const SystemDecl& decl, const std::vector<const Claim*>& claims,
                                     int threads) {
    System system(spec, decl);
    Explorer explorer(system);
    Hooks hooks(system, claims);
    explorer.run(bounds_of(threads, Index::automatic), hooks);
    std::map<std::string, Near> found;
    for (const auto& watch : hooks.watches()) {
        if (watch->found) found[watch->claim->id] = {explorer.depth_of(watch->found->index), watch->found->index};
    }
    return found;
}

// Returns how many were found. Claims that need each step are watched together with the others, and without them.
std::size_t findings_agree(const std::string& name, bool with_steps) {
    std::string text = watched_claims;
    for (std::size_t at; (at = text.find("SYSTEM")) != std::string::npos;) text.replace(at, 6, name);
    const Spec spec = parse_spec(text, lastack::testing::source_dir() + "/specs/watched.spec");
    std::vector<const Claim*> claims;
    for (const Claim& claim : spec.claims) {
        if (claim.id.starts_with("f-") && (with_steps || claim.id != "f-step")) claims.push_back(&claim);
    }
    const SystemDecl& decl = system_named(spec, name);
    const auto one = findings<WatchHooks>(spec, decl, claims, 1);
    for (const auto& found : findings<Walking>(spec, decl, claims, 1)) {
        CAPTURE(found.first);
        REQUIRE(one.contains(found.first));
        CHECK(one.at(found.first).depth == found.second.depth);
    }
    for (const int threads : {2, 3}) {
        const auto several = findings<WatchHooks>(spec, decl, claims, threads);
        CHECK(several.size() == one.size());
        for (const auto& found : several) {
            CAPTURE(found.first);
            REQUIRE(one.contains(found.first));
            CHECK(one.at(found.first).depth == found.second.depth);
            CHECK(one.at(found.first).index == found.second.index);
        }
    }
    return one.size();
}

}  // namespace

TEST_CASE("rfc9293: all ways to explore agree" * doctest::test_suite("slow")) { all_ways_agree_on(small_rfc9293); }

TEST_CASE("linux: all ways to explore agree" * doctest::test_suite("slow")) { all_ways_agree_on(small_linux); }

TEST_CASE("tcpclose: all ways to explore agree") { all_ways_agree_on(small_tcpclose); }

TEST_CASE("Two different profiles at the ends: all ways to explore agree") { all_ways_agree_on(small_mixed); }

TEST_CASE("An outcome that a budget forbids where its half is met first is seen where the budget allows it") {
    // Whoever hurries has spent the one loss there is, and cannot do `more`; whoever takes three steps can.
    const Spec spec = spec_from(R"(profile spender "for tests" cites "none" {
states ESTABLISHED initial, FIN_WAIT_1, FIN_WAIT_2, CLOSING, CLOSED final
segment ONE { seq 0 }
segment TWO { seq 1 }
on call fast rule fast "two segments where there is room for one" cites "none"
  ESTABLISHED -> CLOSING { send ONE; send TWO }
on call slow rule slow "three steps" cites "none"
  ESTABLISHED -> FIN_WAIT_1
  FIN_WAIT_1 -> FIN_WAIT_2
  FIN_WAIT_2 -> CLOSING
on call more rule more "once more two segments" cites "none" CLOSING -> CLOSED { send ONE; send TWO }
}
system s "" ends spender A, spender B network 1 loses at most 1 calls A { fast slow more } B { })");
    all_ways_agree(spec, spec.systems[0]);
    std::map<std::string, int> depths;
    for (const auto& [deed, depth] : seen(spec, spec.systems[0], least, {}).deeds) depths[deed.input] = depth;
    CHECK(depths.at("fast") == 0);
    CHECK(depths.at("more") == 3);
}

TEST_CASE("An outcome that finds no room where its local state is met first is seen where there is room") {
    // At depth 1 there is room for no second segment; when the first one has arrived there is.
    const Spec spec = spec_from(R"(profile filler "for tests" cites "none" {
states ESTABLISHED initial, CLOSING, TIME_WAIT, CLOSED final
segment ONE { seq 0 }
on call first rule first "fills the way" cites "none" ESTABLISHED -> CLOSING { send ONE }
on call more rule more "needs room" cites "none" CLOSING -> TIME_WAIT { send ONE }
on call last rule last "the end" cites "none" TIME_WAIT -> CLOSED
}
system s "" ends filler A, filler B network 1 reorders calls A { first more last } B { })");
    all_ways_agree(spec, spec.systems[0]);
    std::map<std::string, int> depths;
    for (const auto& [deed, depth] : seen(spec, spec.systems[0], least, {}).deeds) depths[deed.input] = depth;
    CHECK(depths.at("first") == 0);
    CHECK(depths.at("more") == 2);
}

TEST_CASE("All ways to explore agree where threads share the levels: nothing is counted, and nothing is cut" *
          doctest::test_suite("slow")) {
    all_ways_agree_where_levels_are_shared("bench/tcpclose.spec", "d0_r1_c2");
    all_ways_agree_where_levels_are_shared("linux.spec", "crossing");
}

TEST_CASE("All ways to explore agree where threads share the levels: budgets, and steps that are cut" *
          doctest::test_suite("slow")) {
    all_ways_agree_where_levels_are_shared("incarnations.spec", "reopened");
    constexpr Network counted = rough_bag(2, 1, 1), queue = losing_queue(3, 2);
    for (const Network* network : {&counted, &queue})
        all_ways_agree_where_levels_are_shared("rfc9293.spec", "crossing", network);
}

TEST_CASE("The sizes of the benchmark's models do not depend on the number of threads or on the index" *
          doctest::test_suite("slow")) {
    const Spec& spec = shipped_spec("bench/tcpclose-sizes.spec");
    for (const int threads : {1, 2, 3}) {
        for (const Index index : {Index::direct, Index::hash}) {
            const Coverage small = explore(spec, system_named(spec, "small"), bounds_of(threads, index));
            CHECK(small.complete);
            CHECK(small.states == 145'376);
            CHECK(small.transitions == 894'726);
            CHECK(small.depth == 17);
            const Coverage large = explore(spec, system_named(spec, "m1"), bounds_of(threads, index));
            CHECK(large.complete);
            CHECK(large.states == 2'008'121);
            CHECK(large.transitions == 17'200'650);
            CHECK(large.depth == 20);
        }
    }
}

TEST_CASE("Claims are decided at the same depth, step by step or word by word, by one thread or several" *
          doctest::test_suite("slow")) {
    for (const bool with_steps : {false, true}) {
        CAPTURE(with_steps);
        CHECK(findings_agree("polite", with_steps) >= 7);
        CHECK(findings_agree("half_closed", with_steps) >= 2);
        CHECK(findings_agree("crossing", with_steps) >= 7);
    }
}

TEST_CASE("A bound on states ends an exploration by several threads, which is told") {
    const Spec& spec = shipped_spec("bench/tcpclose-sizes.spec");
    Bounds bounds = bounds_of(3, Index::automatic);
    bounds.max_states = 500'000;
    const Coverage coverage = explore(spec, system_named(spec, "m1"), bounds);
    CHECK(coverage.limited);
    CHECK_FALSE(coverage.complete);
    CHECK(coverage.states >= 500'000);
    CHECK(coverage.states < 2'008'121);
    CHECK(coverage.expanded < coverage.states);
}

TEST_CASE("A hashed index has room for all that one reaction with 65,536 outcomes leads to" *
          doctest::test_suite("slow")) {
    std::string vars, steps;
    for (int i = 0; i < 16; ++i) {
        vars += fmt::format("  var f{} : flag\n", i);
        steps += fmt::format("    step s{0} \"s\" may rule r{0} \"r\" cites \"none\" ESTABLISHED {{ set f{0} }}\n", i);
    }
    const Spec spec = spec_from("profile many \"m\" cites \"none\" {\n  states ESTABLISHED initial, CLOSING\n" + vars +
                                "  segment FIN { seq 0; fin }\n  on call close\n    rule close \"c\" cites \"none\" "
                                "ESTABLISHED -> CLOSING { send FIN }\n  on segment\n" +
                                steps + "}\nsystem s \"s\" ends many A, many B network 1 calls A { close } B { }\n");
    const Coverage coverage = explore(spec, spec.systems[0], bounds_of(2, Index::hash));
    CHECK(coverage.complete);
    CHECK(coverage.states == 65'538);  // before and after the call, and what may come of the FIN
    CHECK(coverage.transitions == 65'537);
}

}  // namespace lastack
