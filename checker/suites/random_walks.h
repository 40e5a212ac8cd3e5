// Walks through a tester's graph that nobody has planned, for as long as one likes.
//
// A suite reaches each of its goals once, in one order; what an implementation gets wrong only behind some history is
// in none. Idea: at each step some of the inputs whose turn it is in time are drawn by lot, and of these the one whose
// reaction (of the state that a tester can tell from others) was walked least often is taken: so a walk prefers what is
// rarely seen and still goes anywhere. On demand a member of a class of inputs is drawn as well, which takes the
// uniformity hypothesis away with time. A step whose outcome the profile leaves open goes on on one of the courses, by
// lot. Deviation from testing on the fly (Tretmans and Brinksma, "TorX: automated model-based testing", 2003): a walk
// is planned before it is driven, so where the implementation takes another course it ends without a verdict. The same
// seed gives the same walks. Cost: for each step the inputs of one vertex.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include "checker/suites/walks.h"

namespace lastack {

// What a walk is by itself: its inputs. What the endpoint does on them is the graph's to say.
struct WalkInput {
    std::uint32_t input = 0;
    bool late = false;
    std::uint32_t seen = 0;  // where the input leaves a choice: the observation that is planned, if it is there
};

struct RandomWalkOptions {
    std::size_t longest = 12;                                 // steps
    std::int64_t longest_wait_us = TimedSteps::any_wait;      // of one timer; 0: none is waited for
    std::int64_t most_waiting_us = 4 * TimedSteps::any_wait;  // of a whole walk
    bool alike =
        false;  // of the inputs that a state does not tell apart one is drawn; else the first one stands for all
    std::uint32_t seed = 1;
};

class RandomWalks {
public:
    RandomWalks(const TesterGraph& graph, const RandomWalkOptions& options);

    Walk next();
    // Of the reactions of the graph, those that some walk had. (Some are never in time.)
    std::size_t reactions_walked() const { return walked_; }

    // The walk by these inputs from the first vertex on; nothing where one of them cannot be made there in time.
    std::optional<Walk> along(const std::vector<WalkInput>& inputs);
    static std::vector<WalkInput> inputs_of(const Walk& walk);

private:
    std::uint32_t lot(std::size_t below) { return static_cast<std::uint32_t>(dice_() % below); }
    bool is_open(std::uint32_t input, std::int64_t waited_us) const;
    // The first one of a class.
    std::optional<std::uint32_t> draw(std::int64_t waited_us);
    std::uint32_t member_of_class(std::uint32_t first);
    void take(const WalkStep& step, Walk& walk);

    const TesterGraph& graph_;
    RandomWalkOptions options_;
    TimedSteps time_;
    std::mt19937 dice_;
    std::vector<std::uint32_t> seen_;  // by reaction
    std::size_t walked_ = 0;
    TimedVertex at_;
};

}  // namespace lastack
