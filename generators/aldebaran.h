// A system's graph of states as a file: `.aut` (Aldebaran), which CADP, mCRL2 and LTSmin read, and DOT for small ones.
//
// States have the numbers of the explorer, in order of discovery, the initial one is 0. A transition is an enabled step
// and its label is the step in words, as in "A calls close: sends FIN,ACK seq=1 ack=1". So there are exactly as many
// lines as the checker counts transitions, also where two of them are equal.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/engine/explorer.h"
#include "checker/engine/state_index.h"

namespace lastack {

struct StateGraphLimits {
    std::uint64_t states = 0, transitions = 0;
};
constexpr StateGraphLimits aldebaran_limits{20'000'000, 20'000'000};
constexpr StateGraphLimits dot_limits{2'000, 2'000'000};

class SystemGraph {
public:
    using Sink = std::function<void(const std::string&)>;  // gets the text in pieces

    // Explores the system. Throws std::length_error, which says how many states were explored, where it has more states
    // or transitions than the limits. `bounds` may stop it, too: then coverage() is not complete, and nothing can be
    // written. The spec must outlive the graph.
    SystemGraph(const Spec& spec, const SystemDecl& decl, const StateGraphLimits& limits, Bounds bounds = {});

    const Coverage& coverage() const { return coverage_; }

    // Both write the whole graph of a complete exploration, a piece at a time; the same system gives the same bytes.
    void write_aldebaran(const Sink& out);
    void write_dot(const Sink& out);

private:
    const std::string& label(const SystemState& after, const SystemStep& step);
    std::string node(std::uint64_t index) const;
    template <class Visit>
    void each_transition(Visit visit);

    System system_;
    Explorer explorer_;
    Coverage coverage_;
    std::optional<StateIndex> index_;
    std::unordered_map<std::uint64_t, std::string> labels_;
};

}  // namespace lastack
