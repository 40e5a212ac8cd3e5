// Fair cycles of a directed graph: is there a loop that meets every fairness requirement that its states raise?
//
// Knows nothing of systems or claims: vertices are numbers, edges stand in compressed sparse rows (see csr_view.h), and
// what fairness asks is told by small classes, so that a large graph costs 4 bytes a vertex and 6 an edge. Vertices are
// numbered in order of their distance from where runs begin: "nearest" means the smallest number.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

namespace lastack {

// Which of the requirements, numbered from 0. Sets that meet in an operation have the same size.
class RequirementSet {
public:
    explicit RequirementSet(std::size_t requirements = 0) : words_((requirements + 63) / 64) {}

    void add(std::size_t requirement) { words_[requirement / 64] |= std::uint64_t{1} << requirement % 64; }
    bool has(std::size_t requirement) const { return words_[requirement / 64] >> requirement % 64 & 1; }
    bool empty() const;
    bool meets(const RequirementSet& other) const;   // have a member in common
    bool within(const RequirementSet& other) const;  // each member is one of the other's

    RequirementSet& operator|=(const RequirementSet& other);
    RequirementSet& operator&=(const RequirementSet& other);
    RequirementSet& operator-=(const RequirementSet& other);

    auto operator<=>(const RequirementSet&) const = default;

private:
    std::vector<std::uint64_t> words_;
};

// Plain data. A requirement is enabled in some vertices and met by some edges. A loop is fair to it
//   weak:   unless it is enabled in every vertex of the loop and met by no edge of it,
//   strong: unless it is enabled in some vertex of the loop and met by no edge of it.
struct FairGraph {
    std::vector<std::uint32_t> first;         // vertices + 1 entries
    std::vector<std::uint32_t> target;        // by edge
    std::vector<std::uint16_t> edge_class;    // by edge: an index into `met`
    std::vector<std::uint32_t> vertex_class;  // by vertex: an index into `enabled`
    std::vector<RequirementSet> enabled, met;
    RequirementSet weak, strong;

    std::uint32_t vertices() const { return static_cast<std::uint32_t>(first.size() - 1); }
};

// The vertices of the nearest fair component, ascending; nothing where no loop is fair. A fair component is strongly
// connected and has a loop through all of its vertices that is fair; all loops that are fair lie in one. `stop` is
// polled between components.
struct FairComponent {
    bool complete = true;  // false: stopped, nothing is known
    std::optional<std::vector<std::uint32_t>> vertices;
};
FairComponent nearest_fair_component(const FairGraph& graph, const std::function<bool()>& stop = {});

// A fair loop inside a fair component: edges in order, the last one leads back to `start`.
struct FairLoop {
    std::uint32_t start = 0;
    std::vector<std::uint32_t> edges;
};

// One with few steps, the way there included: `distance` (by vertex, ascending) is how far each vertex is from where
// runs begin. Not always the shortest one: that is NP-hard (see fair_cycles.cpp).
FairLoop short_fair_loop(const FairGraph& graph, const std::vector<std::uint32_t>& component,
                         const std::vector<std::uint32_t>& distance);

}  // namespace lastack
