// What suites have as goals.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checker/suites/walks.h"

namespace lastack {

// A suite by walks. `guarantee` says what a run that passes has shown, and under which assumption.
struct WalkSuite {
    std::string name, guarantee;
};
extern const std::vector<WalkSuite> walk_suites;
// With those that are made otherwise: of a spec's claims (generators/claim_suite.h), of mutants
// (harness/mutant_suite.h).
std::vector<WalkSuite> all_suites();
// Of all suites. Several names with commas between them are a union, which has the guarantees of all of them; its own
// name has a '+' in place of a comma. Throws std::invalid_argument for another name, and for a union with a part whose
// tests are needed each.
WalkSuite suite_named(const std::string& name);

// The control states that its walks begin in (TesterOptions::start), each with a graph of its own; "" is the profile's
// initial one.
std::vector<std::string> starts_of(const std::string& suite);

// Of a suite that is made of walks to goals; for those that are not, those of `reactions`. Null for another name.
// Of one that begins in several states those that begin where the graph does.
// `seed` chooses members of classes; without `by_way` calls and loss have one goal for all ways into a control state.
std::unique_ptr<Goals> make_goals(const std::string& suite, const TesterGraph& graph, std::uint32_t seed,
                                  bool by_way = true);

// Is it made of tests of single reactions (checker/suites/complete.h)?
bool tests_reactions(const std::string& suite);

// Does the suite tell segments apart that no rule does? Then its graph needs them all (AlphabetOptions::each_segment).
bool wants_each_segment(const std::string& suite);

// No vector of the suite waits longer for a timer.
std::int64_t longest_wait_us(const std::string& suite);

// Of one input in a block: "established/0/fin-ack-1-1", and in words.
std::string cell_name(const TesterGraph& graph, std::uint32_t block, std::uint32_t input);
std::string cell_sentence(const TesterGraph& graph, std::uint32_t block, std::uint32_t input);

// The suites that one unites, itself a name or names with commas between them; empty for the others.
std::vector<std::string> parts_of(const std::string& suite);

// "fin-wait-1" for FIN_WAIT_1.
std::string in_small(const std::string& state);

// Where a segment stands in the window: left-1, left, middle, right, right+1; "" elsewhere, or where the profile has no
// variable rcv_nxt and no limit window. `left` is the next unit expected, `right` the last unit inside of the window.
std::string position_in_window(const EndpointLts& lts, const EndState& state, const Segment& segment);

}  // namespace lastack
