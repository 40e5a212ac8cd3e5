// A system that somebody walks through, step by step, in any order: its states by numbers that are given as they are
// met, on the plain interpreter (checker/trace/plain_system.h), so that each step has the label and the place among its
// neighbours that `lastack step` shows. Cost: the interpreter's, once for each state that is looked at.
#pragma once

#include <array>
#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/trace/plain_system.h"

namespace lastack {

class WalkedSystem {
public:
    WalkedSystem(const Spec& spec, const SystemDecl& decl);  // the spec must outlive it

    // How many states have a number; the initial one is 0.
    std::size_t size() const { return states_.size(); }
    // The number of a state, which it gets where it has none.
    std::size_t add(const Snapshot& snapshot);
    // The number that a state has.
    std::optional<std::size_t> known(const Snapshot& snapshot) const;

    // Enabled out of a state, in the interpreter's order. Throws ModelError.
    const std::vector<TraceStep>& steps(std::size_t state);
    // The places of a run's steps among those that are enabled; all of its states have numbers from then on.
    std::vector<std::size_t> follow(const Trace& trace);

    // The state as people read it: A, B, on its way to B, on its way to A.
    std::array<std::string, 4> texts(std::size_t state) const;
    std::string label(const TraceStep& step) const { return to_string(step, system_.vocabulary()); }
    static std::string rules(const TraceStep& step);  // those that fired: "ack_acceptable, fin_advances"

    const SystemDecl& decl() const { return system_.decl(); }

private:
    PlainSystem system_;
    std::map<Snapshot, std::size_t> numbers_;
    std::vector<Snapshot> states_;
    std::vector<std::optional<std::vector<TraceStep>>> steps_;
};

}  // namespace lastack
