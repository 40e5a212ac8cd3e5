// What became of each segment of a trace: when it left, and where and when it ended. Drawings of traces start from it.
#pragma once

#include <vector>

#include "checker/trace/plain_system.h"

namespace lastack {

struct SegmentFate {
    enum class Fate { in_flight, arrives, lost, refused };  // refused: the direction was full, it never left
    int from = 0;                                           // the end that sent it
    Segment segment;
    std::size_t departs = 0;  // index of the step that sent or doubled it
    int copy_of = -1;         // the one that the network doubled; -1: an end sent it
    Fate fate = Fate::in_flight;
    std::size_t ends = 0;  // index of the step in which it arrived or was lost
};

struct SegmentFates {
    std::vector<SegmentFate> all;        // in the order of their departure
    std::vector<std::vector<int>> sent;  // per step: what it sent, in order
    std::vector<int> concerned;          // per step: what it delivers, loses or doubles; -1 for calls and timers
    int loop_from = -1;                  // Trace::loop_from
    // Delivered by the very next step, and the last that its step sent. The first step of a loop also follows its last.
    bool at_once(const SegmentFate& one) const;
};

// Of equal segments in flight, which cannot be told apart, the one that left first ends first. Cost: linear in the
// steps times the segments in flight. A step on a segment that was not in flight throws std::invalid_argument.
SegmentFates segment_fates(const PlainSystem& system, const Trace& trace);

}  // namespace lastack
