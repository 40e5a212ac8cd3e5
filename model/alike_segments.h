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
    // What a program makes of each segment, numbered; and the segments of each number.
    using Bits = std::vector<std::uint64_t>;
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
    // What is known of a program before it is run: the slots that it reads, and its number.
    struct Reading {
        std::vector<std::int32_t> slots;
        std::uint32_t number = 0;
    };
    const Reading& reading(const Machine::Question& question);
    const Results& results(const Machine::Question& question, const std::uint8_t* slots);
    Results guard_results(const Program& guard, std::vector<std::uint8_t> slots) const;
    Results effect_results(const Program& effects, const std::vector<std::uint8_t>& slots) const;
    std::string result(const Program& effects, std::vector<std::uint8_t> slots, const Segment& segment) const;

    Machine& machine_;
    std::vector<Segment> segments_;
    Guards own_guards_;
    Guards* guards_;
    std::unordered_map<const Program*, Reading> readings_;
    Known effects_;  // numbered by address
};

}  // namespace lastack
