// The guarantee of the complete suite is tried, not believed: every machine with one fault, on small random profiles.
#include <doctest/doctest.h>
#include <fmt/format.h>

#include <deque>
#include <map>
#include <set>

#include "checker/suites/complete.h"
#include "model/language/read_spec.h"
#include "tests/harness/tiny_profile.h"
#include "tests/random/random_spec.h"

using namespace lastack;
using namespace lastack::testing;

namespace {

std::vector<std::string> calls_of(const Profile& profile) {
    std::vector<std::string> calls;
    for (const Handler& handler : profile.handlers)
        if (handler.trigger == Trigger::call) calls.push_back(handler.name);
    return calls;
}

// A profile without choices: a machine as the theorem is about. Its one timer is always its turn to wait for.
RandomKnobs plain_knobs() {
    RandomKnobs knobs;
    knobs.drivable = true;
    knobs.timers = 1;
    knobs.may = knobs.settings = knobs.two_profiles = 0;
    return knobs;
}

constexpr std::uint32_t nowhere = ~0U;

// What the graph says, where one reaction may be another one. It may have one state more, `graph.blocks()`: a copy of
// one of its states, to which one reaction leads; then only the copy's reaction is another one.
struct Implementation {
    const TesterGraph& graph;
    std::uint32_t faulty = nowhere;  // a reaction
    TesterGraph::Way instead;
    std::uint32_t copied = nowhere, entry = nowhere;  // a state, and a reaction

    // The observation, and where it leads; nothing where the input has no reaction.
    std::optional<TesterGraph::Way> react(std::uint32_t block, std::uint32_t input) const {
        const bool in_copy = block == graph.blocks();
        const std::optional<std::uint32_t> reaction = graph.reaction(in_copy ? copied : block, input);
        if (!reaction) return std::nullopt;
        const bool wrong = *reaction == faulty && (in_copy || copied == nowhere);
        TesterGraph::Way way = wrong ? instead : graph.reactions()[*reaction].ways.front();
        if (*reaction == entry && !in_copy) way.to = static_cast<std::uint32_t>(graph.blocks());
        return way;
    }
};

bool equivalent(const Implementation& one, const Implementation& other) {
    std::set<std::pair<std::uint32_t, std::uint32_t>> seen{{0, 0}};
    std::deque<std::pair<std::uint32_t, std::uint32_t>> open(seen.begin(), seen.end());
    for (; !open.empty(); open.pop_front()) {
        for (std::uint32_t input = 0; input < one.graph.alphabet().inputs.size(); ++input) {
            const auto here = one.react(open.front().first, input), there = other.react(open.front().second, input);
            if (here.has_value() != there.has_value()) return false;
            if (!here) continue;
            if (here->observation != there->observation) return false;
            if (seen.insert({here->to, there->to}).second) open.emplace_back(here->to, there->to);
        }
    }
    return true;
}

bool notices(const std::vector<CompleteTest>& tests, const TesterGraph& graph, const Implementation& machine) {
    const Implementation original{graph, nowhere, {}};
    for (const CompleteTest& test : tests) {
        std::uint32_t expected = 0, actual = 0;
        for (const WalkStep& step : test.walk.steps) {
            const auto plan = original.react(expected, step.input), made = machine.react(actual, step.input);
            if (!made || made->observation != plan->observation) return true;
            expected = plan->to;
            actual = made->to;
        }
    }
    return false;
}

struct Tried {
    std::size_t faults = 0, equivalent = 0, missed = 0;
};

// Each reaction with each other observation that there is, and into each other block.
Tried try_all(const TesterGraph& graph, const std::vector<CompleteTest>& tests) {
    const Implementation original{graph, nowhere, {}};
    std::set<std::uint32_t> observations;
    for (const TesterGraph::Reaction& reaction : graph.reactions())
        observations.insert(reaction.ways.front().observation);
    Tried tried;
    const auto judge = [&](std::uint32_t reaction, TesterGraph::Way instead) {
        const Implementation faulty{graph, reaction, instead};
        ++tried.faults;
        if (notices(tests, graph, faulty)) return;
        const bool same = equivalent(original, faulty);
        ++(same ? tried.equivalent : tried.missed);
    };
    for (std::uint32_t i = 0; i < graph.reactions().size(); ++i) {
        const TesterGraph::Way right = graph.reactions()[i].ways.front();
        for (const std::uint32_t other : observations)
            if (other != right.observation) judge(i, {other, right.to});
        for (std::uint32_t block = 0; block < graph.blocks(); ++block)
            if (block != right.to) judge(i, {right.observation, block});
    }
    return tried;
}

// Each reaction leads to a copy of the state that it led to, and there one reaction leads to another state.
Tried try_copies(const TesterGraph& graph, const std::vector<CompleteTest>& tests) {
    const Implementation original{graph, nowhere, {}};
    Tried tried;
    for (std::uint32_t entry = 0; entry < graph.reactions().size(); ++entry) {
        const std::uint32_t copied = graph.reactions()[entry].ways.front().to;
        const auto [first, end] = graph.reactions_of(copied);
        for (std::uint32_t faulty = first; faulty < end; ++faulty) {
            const TesterGraph::Way right = graph.reactions()[faulty].ways.front();
            for (std::uint32_t block = 0; block < graph.blocks(); ++block) {
                if (block == right.to) continue;
                const Implementation machine{graph, faulty, {right.observation, block}, copied, entry};
                ++tried.faults;
                if (notices(tests, graph, machine)) continue;
                ++(equivalent(original, machine) ? tried.equivalent : tried.missed);
            }
        }
    }
    return tried;
}

std::vector<CompleteTest> all_tests(const TesterGraph& graph, CompleteSummary& summary,
                                    const CompleteOptions& complete = {}) {
    const Identifiers identifiers(graph, true);
    std::vector<CompleteTest> tests;
    summary = complete_tests(graph, identifiers, {}, complete, [&](const CompleteTest& test) {
        tests.push_back(test);
        return TestTaken::made;
    });
    return tests;
}

CompleteOptions chained() {
    CompleteOptions options;
    options.chained = true;
    return options;
}

}  // namespace

// Test by test, and chained.
TEST_CASE("the complete suite notices every machine with one fault that is not equivalent, on 50 random profiles" *
          doctest::test_suite("slow")) {
    std::size_t faults = 0, profiles = 0, states = 0, steps = 0, chained_steps = 0;
    for (std::uint64_t seed = 1; profiles < 50; ++seed) {
        const RandomSpec random = random_spec(seed, plain_knobs());
        const Spec spec = parse_spec(random.text(), "random.spec");
        const Profile& profile = spec.profiles.front();
        TesterOptions options;
        options.calls = calls_of(profile);
        options.max_states = 2'000;
        const TesterGraph graph(profile, limits_of(profile), options);
        if (graph.blocks() < 2 || graph.blocks() > 40) continue;
        CompleteSummary summary;
        const std::vector<CompleteTest> tests = all_tests(graph, summary);
        // A timer that ends at once leaves no time for anything else; states that differ only in which inputs they take
        // cannot be told apart by inputs that both take.
        if (summary.out_of_reach > 0 || summary.pairs_left > 0) continue;
        ++profiles;
        CAPTURE(seed);
        CHECK(summary.steps <= summary.w_steps);
        const Tried tried = try_all(graph, tests);
        CHECK(tried.missed == 0);
        steps += summary.steps;
        CHECK(try_all(graph, all_tests(graph, summary, chained())).missed == 0);
        CHECK(summary.out_of_reach == 0);
        chained_steps += summary.steps;
        faults += tried.faults;
        states += graph.blocks();
    }
    CHECK(chained_steps < steps);
    CHECK(faults > 5'000);
    CHECK(states > 200);
}

// That the judge can fail: without what identifies the states, wrong next states are missed.
TEST_CASE("reactions without identifiers miss machines with a wrong next state" * doctest::test_suite("slow")) {
    const Profile profile = hand::tiny_profile();
    TesterOptions options;
    options.calls = calls_of(profile);
    const TesterGraph graph(profile, limits_of(profile, {{"data", 0}, {"retries", 1}}), options);
    CompleteSummary summary;
    std::vector<CompleteTest> tests = all_tests(graph, summary);
    for (CompleteTest& test : tests) test.walk.steps.resize(test.walk.steps.size() - test.identifier);
    CHECK(try_all(graph, tests).missed > 0);
}

TEST_CASE("chained tests show the reactions that others show, in fewer and longer tests") {
    const Profile profile = hand::tiny_profile();
    TesterOptions options;
    options.calls = calls_of(profile);
    const TesterGraph graph(profile, limits_of(profile, {{"data", 1}, {"retries", 1}}), options);
    CompleteSummary single, together;
    std::set<std::pair<std::uint32_t, std::uint32_t>> singly, chain;
    for (const CompleteTest& test : all_tests(graph, single))
        singly.emplace(test.walk.goals.front(), test.inputs.front());
    const std::vector<CompleteTest> tests = all_tests(graph, together, chained());
    for (const CompleteTest& test : tests) {
        CHECK(test.walk.steps.size() <= WalkOptions{}.longest);
        for (std::size_t i = 0; i < test.inputs.size(); ++i) chain.emplace(test.walk.goals[i], test.inputs[i]);
        // Each step is the one that the profile plans where the step before has led.
        std::uint32_t vertex = 0;
        for (const WalkStep& step : test.walk.steps) {
            REQUIRE(step.vertex == vertex);
            vertex = step.edge.to;
        }
    }
    CHECK(std::includes(chain.begin(), chain.end(), singly.begin(), singly.end()));
    CHECK(tests.size() < single.tests);
    CHECK(together.steps < single.steps);
    CHECK(single.steps * together.tests < together.steps * single.tests);
}

TEST_CASE("of a chained test that cannot be made each thing that it shows has a test of its own") {
    const Profile profile = hand::tiny_profile();
    TesterOptions options;
    options.calls = calls_of(profile);
    const TesterGraph graph(profile, limits_of(profile, {{"data", 1}, {"retries", 1}}), options);
    const Identifiers identifiers(graph, true);
    std::multiset<std::uint32_t> singly, asked;
    complete_tests(graph, identifiers, {}, {}, [&](const CompleteTest& test) {
        singly.insert(test.walk.goals.front());
        return TestTaken::made;
    });
    complete_tests(graph, identifiers, {}, chained(), [&](const CompleteTest& test) {
        if (test.chained) return TestTaken::not_made;
        asked.insert(test.walk.goals.front());
        return TestTaken::made;
    });
    CHECK(std::includes(asked.begin(), asked.end(), singly.begin(), singly.end()));
}

TEST_CASE("two blocks share an identifier that they answer differently") {
    const Profile profile = hand::tiny_profile();
    TesterOptions options;
    options.calls = calls_of(profile);
    const TesterGraph graph(profile, limits_of(profile, {{"data", 1}, {"retries", 1}}), options);
    REQUIRE(graph.blocks() > 10);
    const Identifiers identifiers(graph, true);
    CHECK(identifiers.pairs_left() == 0);
    const Implementation machine{graph, nowhere, {}};
    const auto answers = [&](std::uint32_t block, const Identifiers::Inputs& inputs) {
        std::vector<std::uint32_t> seen;
        for (const std::uint32_t input : inputs) {
            const auto way = machine.react(block, input);
            if (!way) break;
            seen.push_back(way->observation);
            block = way->to;
        }
        return seen;
    };
    for (std::uint32_t one = 0; one < graph.blocks(); ++one) {
        for (std::uint32_t other = 0; other < one; ++other) {
            bool apart = false;
            for (const Identifiers::Inputs& inputs : identifiers.of(one))
                apart |= answers(one, inputs) != answers(other, inputs);
            CHECK(apart);
        }
    }
}

TEST_CASE("one state more than the profile hides a wrong next state from the complete suite, not from complete+1" *
          doctest::test_suite("slow")) {
    std::string text = hand::tiny_text;  // without its one choice, behind which nothing is identified
    const std::size_t choice = text.find("    may rule text_twice");
    text.erase(choice, text.find("  step eighth") - choice);
    const Profile profile = parse_spec(text, "tiny.spec").profiles.at(0);
    TesterOptions options;
    options.calls = {"close", "abort"};
    const TesterGraph graph(profile, limits_of(profile, {{"data", 0}, {"retries", 0}}), options);
    CompleteSummary summary;
    const std::vector<CompleteTest> complete = all_tests(graph, summary);
    CHECK(try_copies(graph, complete).missed > 0);
    CompleteOptions one_more;
    one_more.one_more = true;
    const std::vector<CompleteTest> more = all_tests(graph, summary, one_more);
    CHECK(more.size() > complete.size());
    const Tried tried = try_copies(graph, more);
    CHECK(tried.faults > 1'000);
    CHECK(tried.missed == 0);
}

TEST_CASE("the exhaustive suite has a test for each input in each state that has a reaction to it in time") {
    const Profile profile = hand::tiny_profile();
    TesterOptions options;
    options.calls = {"close", "abort"};
    const TesterGraph graph(profile, limits_of(profile, {{"data", 0}, {"retries", 0}}), options);
    CompleteOptions each;
    each.each_input = true;
    CompleteSummary summary;
    std::set<std::pair<std::uint32_t, std::uint32_t>> cells;
    for (const CompleteTest& test : all_tests(graph, summary, each))
        cells.emplace(graph.reactions()[test.walk.goals.front()].block, test.inputs.front());
    std::size_t all = 0;
    for (const TesterGraph::Reaction& reaction : graph.reactions()) all += reaction.inputs.size();
    CHECK(cells.size() + summary.out_of_reach == all);
    CHECK(cells.size() * 10 > all * 9);
}
