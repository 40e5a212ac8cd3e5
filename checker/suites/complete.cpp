#include "checker/suites/complete.h"

#include <algorithm>
#include <set>

namespace lastack {

namespace {

class Completer {
public:
    Completer(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
              const CompleteOptions& complete, const std::function<bool(const CompleteTest&)>& take)
        : graph_(graph), identifiers_(identifiers), options_(options), complete_(complete), take_(take),
          patience_(options.stop), time_(graph, options.longest_wait_us) {}

    CompleteSummary run() {
        summary_.pairs_left = identifiers_.pairs_left();
        std::set<Identifiers::Inputs> all;
        for (std::uint32_t block = 0; block < graph_.blocks(); ++block)
            all.insert(identifiers_.of(block).begin(), identifiers_.of(block).end());
        for (const Identifiers::Inputs& one : all) all_length_ += one.size();
        all_ = all.size();
        const std::vector<std::optional<Walk>> access = access_walks(graph_, options_);
        for (std::uint32_t block = 0; block < graph_.blocks() && !ended_; ++block) {
            const auto [first, end] = graph_.reactions_of(block);
            if (access[block]) {
                for (std::uint32_t i = first; i < end && !ended_; ++i) test_reaction(*access[block], i);
            } else {
                summary_.out_of_reach += end - first;
            }
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
        const LtsEdge& edge = graph_.planned(position.at.vertex, input);
        position.walk.steps.push_back({position.at.vertex, input, edge});
        position.at = time_.after(position.at, edge);
        return true;
    }

    void test_reaction(const Walk& access, std::uint32_t number) {
        if (complete_.wanted && !complete_.wanted(number)) return;
        const std::vector<std::uint32_t>& inputs = graph_.reactions()[number].inputs;
        if (!complete_.each_input) return test(access, number, inputs[(options_.seed - 1) % inputs.size()]);
        for (const std::uint32_t input : inputs)
            if (!ended_) test(access, number, input);
    }

    void test(const Walk& access, std::uint32_t number, std::uint32_t input) {
        patience_();
        const TesterGraph::Reaction& reaction = graph_.reactions()[number];
        input_ = input;
        Position there{{}, time_.start()};
        for (const WalkStep& one : access.steps) {
            there.at = time_.after(there.at, one.edge);
            there.walk.steps.push_back(one);
        }
        if (!step(there, input)) {
            ++summary_.out_of_reach;
            return;
        }
        ++summary_.reactions;
        summary_.w_steps += all_ * there.walk.steps.size() + all_length_;
        there.walk.goals = {number};
        if (!reaction.certain()) {
            ++summary_.open;
            hand_out(there.walk, 0);
            return;
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

    void identify(const Position& there, std::uint32_t block) {
        const std::vector<Identifiers::Inputs>& sequences = identifiers_.of(block);
        if (sequences.empty()) hand_out(there.walk, 0);
        for (const Identifiers::Inputs& sequence : sequences) {
            if (ended_) return;
            Position position = there;
            std::size_t done = 0;
            while (done < sequence.size() && step(position, sequence[done])) ++done;
            summary_.identified_in_part += done < sequence.size();
            hand_out(std::move(position.walk), done);
        }
    }

    void hand_out(Walk walk, std::size_t identifier) {
        ++summary_.tests;
        summary_.steps += walk.steps.size();
        ended_ = !take_({std::move(walk), input_, identifier});
    }

    const TesterGraph& graph_;
    const Identifiers& identifiers_;
    const WalkOptions& options_;
    const CompleteOptions& complete_;
    const std::function<bool(const CompleteTest&)>& take_;
    Patience patience_;
    TimedSteps time_;
    CompleteSummary summary_;
    std::uint32_t input_ = 0;  // that is tested
    std::size_t all_ = 0, all_length_ = 0;
    bool ended_ = false;
};

}  // namespace

std::size_t most_tests(const TesterGraph& graph, const Identifiers& identifiers, const CompleteOptions& complete) {
    const auto behind = [&](const TesterGraph::Reaction& reaction) {
        return reaction.certain() ? std::max<std::size_t>(identifiers.of(reaction.ways.front().to).size(), 1) : 1;
    };
    // Of a block: its reactions, each with what tells apart what follows it.
    std::vector<std::size_t> further(graph.blocks());
    for (const TesterGraph::Reaction& reaction : graph.reactions())
        if (complete.one_more && reaction.certain()) further[reaction.block] += behind(reaction);
    std::size_t tests = 0;
    for (std::uint32_t i = 0; i < graph.reactions().size(); ++i) {
        if (complete.wanted && !complete.wanted(i)) continue;
        const TesterGraph::Reaction& reaction = graph.reactions()[i];
        const std::size_t inputs = complete.each_input ? reaction.inputs.size() : 1;
        tests += inputs * (behind(reaction) + (reaction.certain() ? further[reaction.ways.front().to] : 0));
    }
    return tests;
}

CompleteSummary complete_tests(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
                               const CompleteOptions& complete, const std::function<bool(const CompleteTest&)>& take) {
    return Completer(graph, identifiers, options, complete, take).run();
}

}  // namespace lastack
