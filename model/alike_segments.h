// Which segments does an endpoint answer alike in one local state?
//
// Idea: the machine is run on one segment, and what it asks of the segment on the way is noted: guards, and programs of
// effects, with the variables' values there. Another segment that gives each of these the same result takes the same
// way and gets the same outcomes, choices included; so one run answers for all of them. This is what concolic testing
// does to find new inputs (P. Godefroid, N. Klarlund, K. Sen, "DART", PLDI 2005), here with a finite set of inputs in
// place of a solver. What a program makes of all segments is worked out once for each combination of values that it
// reads, and there once for all segments that agree in the fields that it reads; so most guards are looked up, not run.
// Cost: for each class a run of the machine, and for each guard of it one operation on a bit a segment.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <unordered_map>
#include <vector>

#include "model/machine.h"

namespace lastack {

class AlikeSegments {
public:
    using Bits = std::vector<std::uint64_t>;
    // What a program makes of each group of segments, numbered; and the segments of each number.
    struct Results {
        std::vector<std::uint32_t> of;
        std::vector<Bits> alike;
    };
    // What programs make of the segments, by the program's number and the bytes of the slots that it reads.
    struct Known {
        std::unordered_map<std::string, std::uint32_t> numbers;
        std::unordered_map<std::string, Results> results;
    };
    // Of guards, numbered by their instructions: the same for every machine that is asked about the same segments.
    using Guards = Known;

    // The machine must outlive it, and so must `guards`, which it adds to.
    AlikeSegments(Machine& machine, std::vector<Segment> segments, Guards* guards = nullptr);

    struct Class {
        std::uint32_t first = 0;  // the first of its segments
        bool outside = false;     // a rule leaves its ranges: there is no answer
        std::vector<Outcome> outcomes;
    };
    // The classes by their first segments; `class_of` gets of each segment the first one of its class.
    std::vector<Class> at(LocalId local, std::vector<std::uint32_t>& class_of);

private:
    // Segments that agree in some fields.
    struct Groups {
        std::vector<std::uint32_t> of, first;  // of each segment its group; of each group its first segment
        std::vector<Bits> members;
    };
    // What is known of a program before it is run.
    struct Reading {
        std::vector<std::int32_t> slots;  // that it reads
        const Groups* groups = nullptr;   // by the fields that it reads
        std::uint32_t number = 0;
    };
    class Listener;
    const Groups& groups(const std::vector<std::int32_t>& fields);
    const Reading& reading(const Program& program, bool effects);
    const Results& results(const Program& program, bool effects, const std::uint8_t* slots);
    std::string effects_result(const Program& effects, std::vector<std::uint8_t> slots, const Segment& segment) const;

    Machine& machine_;
    std::vector<Segment> segments_;
    Guards own_guards_;
    Guards* guards_;
    std::map<std::vector<std::int32_t>, Groups> groups_;
    std::unordered_map<const Program*, Reading> readings_;
    Known effects_;  // numbered by address
};

}  // namespace lastack
