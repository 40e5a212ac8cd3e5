// Walks through a tester's graph that together reach a set of goals.
//
// A goal is reached by an input in a local state, by coming to one, by two steps that follow each other, or by a
// sequence of inputs from a local state on. Idea: from where a walk stands, the nearest step that reaches a new goal is
// taken, and so on until none is near or the walk is long; then the next walk begins in the first state (a greedy
// answer to the rural postman's problem with resets). Steps whose outcome the profile leaves open end a walk: what came
// of them decides what could follow, and a vector has one plan. Waiting for a timer costs as much as twenty other
// steps. Cost: for each step of a walk a search through the part of the graph that is nearer than the goal.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/suites/timed_walk.h"

namespace lastack {

struct WalkStep {
    std::uint32_t vertex = 0;  // before it
    std::uint32_t input = 0;
    LtsEdge edge;       // what the plan is; its input is the first one of its class
    bool late = false;  // a call or a segment that comes as late as the timers that run allow
};

struct Walk {
    std::vector<WalkStep> steps;
    std::vector<std::uint32_t> goals;  // numbers, in the order in which they are reached
    std::int64_t look_us = 0;          // how long silence is to be watched for at its end
};

// What reaches which goals.
class Goals {
public:
    struct Planned {
        std::uint32_t input = 0;
        bool late = false;
    };
    // What comes behind an offer's first input before its goal is reached; nothing of it leaves open what follows.
    struct Sequel {
        bool late = false;  // the first input
        std::vector<Planned> steps;
        std::int64_t look_us = 0;  // not 0: the walk ends there, and so long nothing may come
    };
    struct Offer {
        std::uint32_t input = 0, goal = 0;
        const Sequel* sequel = nullptr;
    };

    virtual ~Goals() = default;
    std::size_t size() const { return names.size(); }
    // Goals that an input reaches in a vertex, after a step of this kind. Valid until the next call.
    virtual const std::vector<Offer>& offers(std::uint32_t vertex, std::uint32_t kind_before) = 0;
    // The kind of a step out of a vertex, for goals about two steps; 0 at the start, and where no goal asks for it.
    virtual std::uint32_t kind(std::uint32_t /*vertex*/, const LtsEdge&) { return 0; }

    std::vector<std::string> names;      // "rst/time-wait/left-1/half-closed": by goal
    std::vector<std::string> sentences;  // for people, by goal
};

struct WalkOptions {
    std::size_t longest = 60;                             // steps of a walk, beyond which it takes no new goal
    std::int64_t longest_wait_us = TimedSteps::any_wait;  // for a timer; 0: none
    std::uint32_t seed = 1;                               // which members of a class of inputs stand for it
    std::function<bool()> stop;                           // OutOfPatience is thrown where it says so
};

struct Walks {
    std::vector<Walk> walks;
    std::vector<std::uint32_t> missed;  // goals that no walk reaches
    std::size_t steps() const {
        std::size_t sum = 0;
        for (const Walk& walk : walks) sum += walk.steps.size();
        return sum;
    }
};

Walks walks_to(const TesterGraph& graph, Goals& goals, const WalkOptions& options);

// For each block the cheapest walk to a member of it; nothing where none was found.
std::vector<std::optional<Walk>> access_walks(const TesterGraph& graph, const WalkOptions& options);

}  // namespace lastack
