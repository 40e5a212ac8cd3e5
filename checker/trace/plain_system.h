// The plain system: the composition of two endpoints and a network, written down a second time on top of the plain
// interpreter (model/plain.h). Slow, small, and without shared code: the oracle of the fast product walk.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/trace/trace.h"
#include "model/spec.h"

namespace lastack {

class PlainSystem {
public:
    PlainSystem(const Spec& spec, const SystemDecl& decl);

    Snapshot initial() const;
    // Every enabled step out of a state, each with its `after`. `cuts`: how many more there were, but for want of room.
    std::vector<TraceStep> steps(const Snapshot& state, int* cuts = nullptr) const;

    const Profile& profile(int end) const { return *profiles_[end]; }
    const Vocabulary& vocabulary() const { return profiles_[0]->vocabulary; }  // the same at both ends
    const Limits& limits(int end) const { return limits_[end]; }
    const SystemDecl& decl() const { return *decl_; }

private:
    struct Steps {
        std::vector<TraceStep> enabled;
        int cuts = 0;
    };
    void end_steps(const Snapshot& state, int end, Steps& out) const;
    void network_steps(const Snapshot& state, int sender, Steps& out) const;
    void add_reactions(const Snapshot& rest, int end, const Input& input, TraceStep::Kind kind, Steps& out) const;
    bool may_lose(Snapshot& state) const;

    const SystemDecl* decl_;
    const Profile* profiles_[2];
    Limits limits_[2];
};

struct PlainCount {
    std::uint64_t states = 0, transitions = 0;
    int depth = 0;
};

// Explores everything, breadth first, with a std::set. For small bounds only.
PlainCount plain_explore(const PlainSystem& system);

}  // namespace lastack
