// What is answered to single segments, by control state, kind of segment and place: by profiles, and by stacks in runs.
//
// A cell is a control state, the flags of a segment, and where its SEQ and ACK stand for an end in that state. A
// profile is asked for each cell (report/matrix_profile.cpp); of a stack there is what it did where a vector sent such
// a segment (report/matrix_runs.cpp). Only what speaks TCP has cells.
#pragma once

#include <compare>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "harness/driver.h"
#include "model/endpoint.h"
#include "report/run_differences.h"

namespace lastack {

struct MatrixRow {
    enum class Seq { left, next, inside, beyond };                  // of the window
    enum class Ack { nothing_new, none, less, part, all, unsent };  // none: there is no ACK
    bool syn = false, rst = false, text = false, fin = false;
    Ack ack = Ack::nothing_new;
    Seq seq = Seq::next;

    std::string kind() const;   // "FIN,ACK"
    std::string place() const;  // "next, acknowledges all"
    // Kinds that every connection has come first.
    std::strong_ordering operator<=>(const MatrixRow& other) const;
    bool operator==(const MatrixRow& other) const { return (*this <=> other) == std::strong_ordering::equal; }
};

// Those that a profile is asked for in any case.
std::set<MatrixRow> usual_rows();

struct MatrixCell {
    std::string state;  // as in a spec
    MatrixRow row;
    auto operator<=>(const MatrixCell&) const = default;
};

struct MatrixAnswer {
    enum class Mark { planned, other_course, left_open, refuted };
    Mark mark = Mark::planned;
    std::string text;        // "ACK", "RST → CLOSED"; "–": nothing at all
    std::string why;         // rules of a profile; of a stack why this was not as planned
    std::size_t count = 0;   // segments that were answered so; of a profile 0
    std::size_t vector = 0;  // the first one of those
};

struct MatrixSide {
    std::string name;
    std::map<MatrixCell, std::vector<MatrixAnswer>> cells;
    std::map<std::string, std::string> ways;  // of a profile: how the local state was reached that stands for a state
};

// Nothing for a profile that does not speak TCP.
MatrixSide profile_side(const Profile& profile, const std::set<MatrixRow>& rows);

// What a stack did with each step of a vector that sent a segment of some cell; runs[i] is of vectors[i].
MatrixSide stack_side(const std::vector<TestVector>& vectors, const TargetRuns& stack);

// Cells in which two stacks answered the same step of a vector in different ways.
std::set<MatrixCell> told_apart(const std::vector<TestVector>& vectors, const TargetRuns& one, const TargetRuns& other);

}  // namespace lastack
