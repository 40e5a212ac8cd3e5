// Tests of reactions that go on from each other's ends.
//
// The SPY method (A. Simão, A. Petrenko, N. Yevtushenko, "On reducing test length for FSMs with extra states", Software
// Testing, Verification and Reliability 22(6), 2012): what identifies the state behind a reaction may stand behind any
// walk to the state before it that other tests have shown to lead there, not behind the cheapest one only. It is put
// where it makes the tests least longer: at best at the end of one.
//
// Tests are kept as a tree, a node for each beginning of one, with its moment in time: behind some walks it is a
// timer's turn. A walk is shown to lead to a block where it is the cheapest one to it and all identifiers of the block
// stand behind it, or where it is such a walk and one reaction more that was tested with all identifiers, by whichever
// of its inputs: that these are answered alike is assumed anyway. Cost: 48 bytes and an entry of a hash table for each
// node; for each identifier of each reaction a look at some walks.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <unordered_map>
#include <vector>

#include "checker/suites/identifiers.h"
#include "checker/suites/walks.h"

namespace lastack {

class Chains {
public:
    // A reaction, tested by this input and with that identifier of the block behind it; `none`: it has no identifiers.
    struct Item {
        std::uint32_t reaction = 0, input = 0, identifier = 0;
    };
    static constexpr std::uint32_t none = ~0U;

    // `longest`: steps of a test, but where there is no way shorter.
    Chains(const TesterGraph& graph, const Identifiers& identifiers, TimedSteps& time, std::size_t longest);

    // Each block before all reactions. `access`: the cheapest walk to it; it may take one of several courses.
    void identify(std::uint32_t block, const Walk& access);
    // A certain reaction of such a block.
    void want(std::uint32_t reaction, std::uint32_t input);
    // Puts what is wanted into tests.
    void put_all(const std::function<void()>& before_each);
    // Not where it is not the input's turn behind any walk to the block.
    bool is_put(std::uint32_t reaction) const { return is_put_[reaction]; }
    std::size_t in_part() const { return in_part_; }  // identifiers whose end has no turn
    // The tests, each with what it shows and no test before it did, until `take` says false.
    void hand_out(const std::function<bool(Walk, const std::vector<Item>&)>& take) const;

private:
    struct Node {
        std::uint32_t parent = none, input = 0, moment = 0, depth = 0;
        std::uint32_t first_child = none, next_child = none;
        LtsEdge edge;
        bool ended = false;  // what follows is open
        bool shown = false;  // to be of its block
    };
    static std::uint64_t key(std::uint32_t node, std::uint32_t input) { return std::uint64_t{node} << 32U | input; }

    std::uint32_t block(std::uint32_t node) const { return graph_.block(moments_[nodes_[node].moment]->vertex); }
    std::uint32_t child(std::uint32_t node, std::uint32_t input) const;
    std::size_t cost(std::uint32_t node, const Identifiers::Inputs& inputs) const;
    bool fits(std::uint32_t node, const Identifiers::Inputs& inputs) const;
    std::uint32_t moment(const TimedVertex& at);
    std::uint32_t step(std::uint32_t node, std::uint32_t input);
    std::uint32_t append(std::uint32_t node, std::uint32_t input, const LtsEdge& edge);
    std::uint32_t reach(const Walk& access);
    std::uint32_t follow(std::uint32_t node, const Identifiers::Inputs& inputs);
    std::uint32_t best_place(std::uint32_t block, const Identifiers::Inputs& inputs);
    void show(std::uint32_t node);
    Identifiers::Inputs inputs_of(const Item& item) const;
    void put_first(std::uint32_t block);
    void put_at(std::uint32_t end);
    void put(std::uint32_t place, const Item& item);
    Walk walk(std::uint32_t node) const;

    const TesterGraph& graph_;
    const Identifiers& identifiers_;
    TimedSteps& time_;
    std::size_t longest_;
    std::vector<Node> nodes_;
    std::unordered_map<std::uint64_t, std::uint32_t> children_;  // by key()
    std::map<TimedVertex, std::uint32_t> moment_of_;
    std::vector<const TimedVertex*> moments_;        // the keys of that
    std::vector<std::vector<std::uint32_t>> shown_;  // by block: nodes that were shown to be of it, the cheapest first
    std::vector<std::vector<std::uint32_t>> ends_;   // of these, ends of tests; and some that were
    std::vector<std::vector<Item>> wanted_;          // by block
    std::vector<std::uint32_t> left_;                // by reaction: what is wanted of it
    std::vector<std::uint32_t> fresh_;               // ends that were shown since tests were last put on
    std::vector<bool> tested_, is_put_;              // by reaction: with all identifiers, or with one
    std::vector<std::pair<std::uint32_t, Item>> items_;  // with the node at whose coming they are shown
    std::size_t in_part_ = 0;
};

}  // namespace lastack
