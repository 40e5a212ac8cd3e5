// A system as an explicit graph, made with nothing but the plain interpreter of one endpoint (model/plain.h): all
// states, all steps, all that was cut. It shares no code with checker/, model/machine.h and model/system.h, whose
// answers it judges.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "model/endpoint.h"
#include "model/spec.h"

namespace lastack::testing {

struct BruteState {
    EndState end[2];
    std::vector<Segment> flight[2];  // by sender; sorted where the network reorders
    int losses = 0, duplicates = 0;  // counted under a budget only
    auto operator<=>(const BruteState&) const = default;
};

struct BruteStep {
    enum class Kind { call, timer, deliver, lose, duplicate };
    Kind kind = Kind::call;
    int end = 0;       // who acts, who gets, who had sent what is lost or doubled
    std::string name;  // of the call or timer
    Segment segment;
    Reaction reaction;
    int overflows = 0;  // segments that found no room
    int to = 0;         // the state after it
};

// What could happen in a state if the network had room.
struct BruteNode {
    BruteState state;
    std::vector<BruteStep> steps;
    int cuts = 0;
    std::vector<std::string> enabled_calls[2], enabled_timers[2];
};

struct BruteGraph {
    const Profile* profile[2];
    Limits limits[2];
    const SystemDecl* decl;
    std::vector<BruteNode> nodes;  // in order of distance from nodes[0]
    std::uint64_t transitions = 0, cuts = 0;
    bool too_large = false;  // it was given up
};

// The whole of a system, or as much of it as `most` states. Throws ModelError as the interpreter does.
BruteGraph brute_graph(const Spec& spec, const SystemDecl& decl, std::size_t most);

}  // namespace lastack::testing
