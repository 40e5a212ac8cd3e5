// How many states a system has: breadth first on the machine (model/system.h), without the engine, which needs threads
// and atomics that a page does not have. A second way to count, some ten times slower than the engine's.
//
// Level by level, the states seen in a hash set of 16 bytes each. In parts, so that a page stays alive meanwhile.
#pragma once

#include <cstdint>
#include <unordered_set>
#include <vector>

#include "model/system.h"

namespace lastack {

class StateCount {
public:
    StateCount(const Spec& spec, const SystemDecl& decl);  // the spec must outlive it

    // Expands so many more states, or those that are left. Throws ModelError.
    void go_on(std::size_t more);
    bool complete() const { return next_ == open_.size() && found_.empty(); }

    std::uint64_t states() const { return seen_.size(); }
    std::uint64_t transitions() const { return transitions_; }
    int depth() const { return depth_; }  // of the last level that was reached, the initial state's is 0

private:
    struct Hash {
        std::size_t operator()(const SystemState& state) const;
    };

    System system_;
    std::unordered_set<SystemState, Hash> seen_;
    std::vector<SystemState> open_, found_;  // of this level, from next_ on still to be expanded; of the next one
    std::size_t next_ = 0;
    std::uint64_t transitions_ = 0;
    int depth_ = 0;
};

}  // namespace lastack
