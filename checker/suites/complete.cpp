#include "checker/suites/complete.h"

#include <algorithm>
#include <set>

namespace lastack {

namespace {

class Completer {
public:
    Completer(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
              const std::function<bool(const CompleteTest&)>& take)
        : graph_(graph), identifiers_(identifiers), options_(options), take_(take), patience_(options.stop),
          time_(graph) {}

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
                for (std::uint32_t i = first; i < end && !ended_; ++i) test(*access[block], i);
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
        if (graph_.is_timer(input) && time_.wait(position.at, input) > options_.longest_wait_us) return false;
        const LtsEdge& edge = graph_.planned(position.at.vertex, input);
        position.walk.steps.push_back({position.at.vertex, input, edge});
        position.at = time_.after(position.at, edge);
        return true;
    }

    void test(const Walk& access, std::uint32_t number) {
        patience_();
        const TesterGraph::Reaction& reaction = graph_.reactions()[number];
        Position there{{}, time_.start()};
        for (const WalkStep& one : access.steps) {
            there.at = time_.after(there.at, one.edge);
            there.walk.steps.push_back(one);
        }
        const std::uint32_t input = reaction.inputs[(options_.seed - 1) % reaction.inputs.size()];
        if (!step(there, input)) {
            ++summary_.out_of_reach;
            return;
        }
        ++summary_.reactions;
        summary_.w_steps += all_ * there.walk.steps.size() + all_length_;
        there.walk.goals = {number};
        if (!reaction.certain()) {
            ++summary_.open;
            hand_out({there.walk, 0});
            return;
        }
        const std::vector<Identifiers::Inputs>& sequences = identifiers_.of(reaction.ways.front().to);
        if (sequences.empty()) hand_out({there.walk, 0});
        for (const Identifiers::Inputs& sequence : sequences) {
            if (!ended_) identify(there, sequence);
        }
    }

    void identify(Position position, const Identifiers::Inputs& sequence) {
        std::size_t done = 0;
        while (done < sequence.size() && step(position, sequence[done])) ++done;
        summary_.identified_in_part += done < sequence.size();
        hand_out({std::move(position.walk), done});
    }

    void hand_out(const CompleteTest& one) {
        ++summary_.tests;
        summary_.steps += one.walk.steps.size();
        ended_ = !take_(one);
    }

    const TesterGraph& graph_;
    const Identifiers& identifiers_;
    const WalkOptions& options_;
    const std::function<bool(const CompleteTest&)>& take_;
    Patience patience_;
    TimedSteps time_;
    CompleteSummary summary_;
    std::size_t all_ = 0, all_length_ = 0;
    bool ended_ = false;
};

}  // namespace

CompleteSummary complete_tests(const TesterGraph& graph, const Identifiers& identifiers, const WalkOptions& options,
                               const std::function<bool(const CompleteTest&)>& take) {
    return Completer(graph, identifiers, options, take).run();
}

}  // namespace lastack
