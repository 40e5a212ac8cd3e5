#include "checker/suites/complete.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "checker/suites/chains.h"

namespace lastack {

namespace {

// The courses that the profile leaves open, each once: by the rules that take it and the control states before and
// behind it.
class Courses {
public:
    explicit Courses(const TesterGraph& graph) : graph_(graph) {}

    std::vector<LtsEdge> of(std::uint32_t vertex, std::uint32_t input) {
        std::vector<LtsEdge> fresh;
        for (const LtsEdge& edge : graph_.lts().edges(vertex, input)) {
            if (seen_.insert({edge.label, graph_.lts().control(vertex), graph_.lts().control(edge.to)}).second)
                fresh.push_back(edge);
        }
        return fresh;
    }

private:
    const TesterGraph& graph_;
    std::set<std::tuple<std::uint32_t, int, int>> seen_;
};

class Completer {
public:
    Completer(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
              const CompleteOptions& complete, const std::function<TestTaken(const CompleteTest&)>& take)
        : graph_(graph), identifiers_(identifiers), options_(options), complete_(complete), take_(take),
          patience_(options.stop), time_(graph, options.longest_wait_us), courses_(graph),
          is_chained_(graph.reactions().size()) {}

    CompleteSummary run() {
        summary_.pairs_left = identifiers_.pairs_left();
        std::set<Identifiers::Inputs> all;
        for (std::uint32_t block = 0; block < graph_.blocks(); ++block)
            all.insert(identifiers_.of(block).begin(), identifiers_.of(block).end());
        for (const Identifiers::Inputs& one : all) all_length_ += one.size();
        all_ = all.size();
        const std::vector<std::optional<Walk>> access = access_walks(graph_, options_);
        if (complete_.chained) chain(access);
        for (std::uint32_t block = 0; block < graph_.blocks() && !ended_; ++block) {
            if (block % complete_.shares != complete_.share) continue;
            const auto [first, end] = graph_.reactions_of(block);
            if (!access[block]) {
                summary_.out_of_reach += end - first;
                continue;
            }
            const Position there = position(*access[block]);
            for (std::uint32_t i = first; i < end && !ended_; ++i)
                if (!is_chained_[i]) test_reaction(there, i);
        }
        return summary_;
    }

private:
    struct Position {
        Walk walk;
        TimedVertex at;
    };

    bool step(Position& position, std::uint32_t input) {
        if (!time_.can(position.at, input)) return false;
        take(position, input, graph_.planned(position.at.vertex, input));
        return true;
    }

    Position position(const Walk& walk) {
        Position there{{}, time_.start()};
        for (const WalkStep& one : walk.steps) {
            there.at = time_.after(there.at, one.edge);
            there.walk.steps.push_back(one);
        }
        return there;
    }

    void take(Position& position, std::uint32_t input, const LtsEdge& edge) {
        position.walk.steps.push_back({position.at.vertex, input, edge});
        position.at = time_.after(position.at, edge);
    }

    // The certain reactions.
    void chain(const std::vector<std::optional<Walk>>& access) {
        Chains chains(graph_, identifiers_, time_, options_.longest);
        std::vector<std::uint32_t> blocks;
        for (std::uint32_t block = complete_.share; block < graph_.blocks(); block += complete_.shares) {
            if (access[block]) blocks.push_back(block);
        }
        for (const std::uint32_t block : blocks) chains.identify(block, *access[block]);
        const auto each_certain = [&](const std::function<void(std::uint32_t, std::uint32_t)>& use) {
            for (const std::uint32_t block : blocks) {
                const auto [first, end] = graph_.reactions_of(block);
                for (std::uint32_t i = first; i < end; ++i)
                    if (graph_.reactions()[i].certain()) use(block, i);
            }
        };
        // Tests can go on behind reactions that were tested: first those that identifiers use.
        const std::vector<bool> used = used_by_identifiers();
        for (const bool now : {true, false}) {
            each_certain([&](std::uint32_t, std::uint32_t i) {
                if (used[i] == now) chains.want(i, chosen(i));
            });
            chains.put_all([&] { patience_(); });
        }
        each_certain([&](std::uint32_t block, std::uint32_t i) {
            if (!chains.is_put(i)) return;
            is_chained_[i] = true;
            ++summary_.reactions;
            summary_.w_steps += all_ * (access[block]->steps.size() + 1) + all_length_;
        });
        summary_.identified_in_part += chains.in_part();
        chains.hand_out([&](Walk walk, const std::vector<Chains::Item>& items) {
            CompleteTest test{std::move(walk), {}, 0, true};
            for (const Chains::Item& item : items) {
                test.walk.goals.push_back(item.reaction);
                test.inputs.push_back(item.input);
            }
            if (give(test) == TestTaken::not_made)
                make_single(items, access);
            else
                count(test.walk);
            return !ended_;
        });
    }

    std::vector<bool> used_by_identifiers() const {
        std::vector<bool> used(graph_.reactions().size());
        for (std::uint32_t block = 0; block < graph_.blocks(); ++block)
            for (const Identifiers::Inputs& one : identifiers_.of(block))
                if (const auto reaction = graph_.reaction(block, one.front())) used[*reaction] = true;
        return used;
    }

    void make_single(const std::vector<Chains::Item>& items, const std::vector<std::optional<Walk>>& access) {
        for (const Chains::Item& item : items) {
            const TesterGraph::Reaction& reaction = graph_.reactions()[item.reaction];
            Position there = position(access[reaction.block].value());
            if (ended_ || !step(there, item.input)) continue;
            there.walk.goals = {item.reaction};
            input_ = item.input;
            if (item.identifier == Chains::none)
                hand_out(std::move(there.walk), 0);
            else
                identify_by(std::move(there), identifiers_.of(reaction.ways.front().to)[item.identifier]);
        }
    }

    std::uint32_t chosen(std::uint32_t reaction) const {
        const std::vector<std::uint32_t>& inputs = graph_.reactions()[reaction].inputs;
        return inputs[(options_.seed - 1) % inputs.size()];
    }

    void test_reaction(const Position& access, std::uint32_t number) {
        if (complete_.wanted && !complete_.wanted(number)) return;
        if (complete_.only_choices && graph_.reactions()[number].certain()) return;
        if (!complete_.each_input) return test(access, number, chosen(number));
        for (const std::uint32_t input : graph_.reactions()[number].inputs)
            if (!ended_) test(access, number, input);
    }

    void test(const Position& access, std::uint32_t number, std::uint32_t input) {
        patience_();
        const TesterGraph::Reaction& reaction = graph_.reactions()[number];
        input_ = input;
        Position there = access;
        if (!step(there, input)) {
            ++summary_.out_of_reach;
            return;
        }
        ++summary_.reactions;
        summary_.w_steps += all_ * there.walk.steps.size() + all_length_;
        there.walk.goals = {number};
        if (!reaction.certain()) {
            ++summary_.open;
            return test_courses(access, there, number);
        }
        const std::uint32_t block = reaction.ways.front().to;
        identify(there, block);
        if (!complete_.one_more) return;
        const auto [first, end] = graph_.reactions_of(block);
        for (std::uint32_t i = first; i < end && !ended_; ++i) {
            Position further = there;
            if (!step(further, graph_.reactions()[i].inputs.front())) continue;
            if (graph_.reactions()[i].certain()) identify(further, graph_.reactions()[i].ways.front().to);
        }
    }

    // What the implementation takes another course than the planned one of is not decided by the test.
    void test_courses(const Position& before, const Position& planned, std::uint32_t number) {
        const std::vector<LtsEdge> courses = courses_.of(before.at.vertex, input_);
        if (courses.empty() && !complete_.only_choices) hand_out(planned.walk, 0);
        for (const LtsEdge& edge : courses) {
            if (ended_) return;
            Position there = before;
            take(there, input_, edge);
            there.walk.goals = {number};
            identify(there, graph_.block(edge.to));
        }
    }

    void identify(const Position& there, std::uint32_t block) {
        const std::vector<Identifiers::Inputs>& sequences = identifiers_.of(block);
        if (sequences.empty()) hand_out(there.walk, 0);
        for (const Identifiers::Inputs& sequence : sequences)
            if (!ended_) identify_by(there, sequence);
    }
    void identify_by(Position there, const Identifiers::Inputs& sequence) {
        std::size_t done = 0;
        while (done < sequence.size() && step(there, sequence[done])) ++done;
        summary_.identified_in_part += done < sequence.size();
        hand_out(std::move(there.walk), done);
    }

    void hand_out(Walk walk, std::size_t identifier) {
        count(walk);
        give({std::move(walk), {input_}, identifier});
    }
    void count(const Walk& walk) {
        ++summary_.tests;
        summary_.steps += walk.steps.size();
    }
    TestTaken give(const CompleteTest& test) {
        const TestTaken taken = take_(test);
        ended_ = taken == TestTaken::enough;
        return taken;
    }

    const TesterGraph& graph_;
    const Identifiers& identifiers_;
    const WalkOptions& options_;
    const CompleteOptions& complete_;
    const std::function<TestTaken(const CompleteTest&)>& take_;
    Patience patience_;
    TimedSteps time_;
    Courses courses_;
    std::vector<bool> is_chained_;  // by reaction: chained tests have it
    CompleteSummary summary_;
    std::uint32_t input_ = 0;  // that is tested
    std::size_t all_ = 0, all_length_ = 0;
    bool ended_ = false;
};

}  // namespace

std::size_t most_tests(const TesterGraph& graph, const Identifiers& identifiers, const CompleteOptions& complete) {
    Courses courses(graph);
    const auto of = [&](std::uint32_t block) { return std::max<std::size_t>(identifiers.of(block).size(), 1); };
    const auto behind = [&](const TesterGraph::Reaction& reaction, std::uint32_t input) {
        if (reaction.certain()) return of(reaction.ways.front().to);
        std::size_t tests = 0;
        for (const LtsEdge& edge : courses.of(graph.member(reaction.block), input)) tests += of(graph.block(edge.to));
        return complete.only_choices ? tests : std::max<std::size_t>(tests, 1);
    };
    // Of a block: its reactions, each with what tells apart what follows it.
    std::vector<std::size_t> further(graph.blocks());
    for (const TesterGraph::Reaction& reaction : graph.reactions())
        if (complete.one_more && reaction.certain()) further[reaction.block] += of(reaction.ways.front().to);
    std::size_t tests = 0;
    for (std::uint32_t i = 0; i < graph.reactions().size(); ++i) {
        if (complete.wanted && !complete.wanted(i)) continue;
        const TesterGraph::Reaction& reaction = graph.reactions()[i];
        if (complete.only_choices && reaction.certain()) continue;
        const std::size_t inputs = complete.each_input ? reaction.inputs.size() : 1;
        for (std::size_t k = 0; k < inputs; ++k)
            tests +=
                behind(reaction, reaction.inputs[k]) + (reaction.certain() ? further[reaction.ways.front().to] : 0);
    }
    return tests;
}

CompleteSummary complete_tests(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
                               const CompleteOptions& complete,
                               const std::function<TestTaken(const CompleteTest&)>& take) {
    return Completer(graph, identifiers, options, complete, take).run();
}

}  // namespace lastack
