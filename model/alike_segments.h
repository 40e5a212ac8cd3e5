// Which segments does an endpoint answer alike in one local state?
//
// Idea: the machine is asked about one segment and says what it asked of it on the way: guards, and programs of
// effects, with the variables' values there. Another segment that gives each of these the same result takes the same
// way and gets the same outcomes, choices included; so one run answers for all of them. This is what concolic testing
// does to find new inputs (P. Godefroid, N. Klarlund, K. Sen, "DART", PLDI 2005), here with a finite set of inputs in
// place of a solver. What a program makes of all segments is worked out once for each combination of values that it
// reads. Cost: for each class a run of the machine, and for each question of it one operation on a bit a segment.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/machine.h"

namespace lastack {

class AlikeSegments {
public:
    // The machine must outlive it.
    AlikeSegments(Machine& machine, std::vector<Segment> segments);

    struct Class {
        std::uint32_t first = 0;  // the first of its segments
        bool outside = false;     // a rule leaves its ranges: there is no answer
        std::vector<Outcome> outcomes;
    };
    // The classes by their first segments; `class_of` gets of each segment the first one of its class.
    std::vector<Class> at(LocalId local, std::vector<std::uint32_t>& class_of);

private:
    using Bits = std::vector<std::uint64_t>;
    // What a program makes of each segment, numbered; and the segments of each number.
    struct Results {
        std::vector<std::uint32_t> of;
        std::vector<Bits> alike;
    };

    const std::vector<std::int32_t>& slots_read(const Program& program);
    const Results& results(const Machine::Question& question);
    std::string result(const Machine::Question& question, const Segment& segment) const;

    Machine& machine_;
    std::vector<Segment> segments_;
    std::unordered_map<const Program*, std::vector<std::int32_t>> slots_read_;
    std::unordered_map<std::string, Results>
        results_;  // by the program's address and the bytes of the slots that it reads
};

}  // namespace lastack
