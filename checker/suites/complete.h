// n-complete test suites: every wrong reaction and every wrong next state of an implementation that has no more states
// than its profile, as far as the profile leaves no choice.
//
// Idea: the method of harmonised state identifiers (Luo, Petrenko, Bochmann 1994, after the W method: T. S. Chow,
// "Testing software design modeled by finite-state machines", 1978): the cheapest walk to each block, from there each
// reaction, and behind it each identifier of the block that follows. A walk that is the beginning of another one is not
// needed. The theorem is about machines whose inputs each have one answer; where the profile leaves one open, walks do
// not go on behind it, so that only the answer is tested there, and the suite counts such reactions. Chained, what
// follows a reaction is identified behind any walk that was shown to lead there (checker/suites/chains.h), which takes
// fewer steps and all tests in memory.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "checker/suites/identifiers.h"
#include "checker/suites/walks.h"

namespace lastack {

struct CompleteOptions {
    bool each_input = false;  // each input of a reaction, not one that stands for them: nothing is assumed of classes
    // Implementations may have one state more than the profile: behind each reaction comes each input of the block that
    // follows, and then its identifiers. As many times as many tests.
    bool one_more = false;
    // Only what has a choice, each set of rules that takes a course of it in a control state once, and behind the
    // course the identifiers of what follows.
    bool only_choices = false;
    // Tests go on from each other's ends; for reactions that have one test each only.
    bool chained = false;
    // Of several that share the work each has its own states: those whose number leaves `share` when it is divided.
    std::uint32_t share = 0, shares = 1;
    std::function<bool(std::uint32_t reaction)> wanted;  // only these; empty: all
};

struct CompleteTest {
    Walk walk;                          // its goals are the numbers of the reactions
    std::vector<std::uint32_t> inputs;  // that have them
    std::size_t identifier = 0;         // the steps behind the reaction; of a chained test 0
    bool chained = false;
};

// What came of a test: it is a vector now; none could be made; no more are wanted.
enum class TestTaken { made, not_made, enough };

struct CompleteSummary {
    std::size_t tests = 0, steps = 0;
    std::size_t reactions = 0;           // that are tested
    std::size_t open = 0;                // of these, with a choice: each course is identified once for its rules
    std::size_t out_of_reach = 0;        // reactions of blocks to which no walk leads, or whose turn never comes
    std::size_t identified_in_part = 0;  // tests whose identifier ends early: a timer's turn does not come there
    std::size_t pairs_left = 0;          // of blocks that no identifier tells apart
    std::size_t w_steps = 0;             // that the W method would take: each reaction, each sequence that there is

    // Of who shares the work with another.
    void add(const CompleteSummary& other) {
        tests += other.tests;
        steps += other.steps;
        reactions += other.reactions;
        open += other.open;
        out_of_reach += other.out_of_reach;
        identified_in_part += other.identified_in_part;
        pairs_left = other.pairs_left;
        w_steps += other.w_steps;
    }
};

// How many tests there are at most: those whose turn comes in time are fewer. Cost: linear in the reactions and inputs.
std::size_t most_tests(const TesterGraph& graph, const Identifiers& identifiers, const CompleteOptions& complete);

// Hands out the tests one by one, in the order of the reactions, until `take` has enough. Of a chained test that cannot
// be made, each thing that it shows has a test of its own.
CompleteSummary complete_tests(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
                               const CompleteOptions& complete,
                               const std::function<TestTaken(const CompleteTest&)>& take);

}  // namespace lastack
