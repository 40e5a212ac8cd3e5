// Strong bisimulation between two endpoints: the coarsest partition of the local states of both in which the members of
// a block have the same labels into the same blocks. Two profiles are bisimilar where their initial states share a
// block.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/compare/endpoint_lts.h"

namespace lastack {

// rounds[k][vertex]: the block after k rounds; vertices of A first, then those of B. Two vertices share a block of
// round k where no exchange of k inputs, with choices made as it goes, tells them apart.
struct Partition {
    std::vector<std::vector<std::uint32_t>> rounds;
    std::size_t of_a = 0;                    // vertices of A
    std::size_t blocks_a = 0, blocks_b = 0;  // blocks of the last round with members of A, of B

    std::uint32_t block_of_a(std::size_t round, std::uint32_t vertex) const { return rounds[round][vertex]; }
    std::uint32_t block_of_b(std::size_t round, std::uint32_t vertex) const { return rounds[round][of_a + vertex]; }
    bool bisimilar() const { return block_of_a(rounds.size() - 1, 0) == block_of_b(rounds.size() - 1, 0); }
    // The first round that separates a vertex of A from one of B; -1 where they are bisimilar.
    int separated(std::uint32_t vertex_a, std::uint32_t vertex_b) const;
};

// Both systems must be complete and share alphabet and observations. Throws OutOfPatience.
Partition refine(const EndpointLts& a, const EndpointLts& b, const std::function<bool()>& stop = {});
// Of one system: all vertices are A's.
Partition refine(const EndpointLts& system, const std::function<bool()>& stop = {});

// Whether the two endpoints are bisimilar as far as both stay in their declared ranges: an input that leads one of two
// compared states outside is not compared there. nullopt: more than `max_pairs` pairs of states to compare. Throws
// OutOfPatience.
std::optional<bool> bisimilar_inside(const EndpointLts& a, const EndpointLts& b, std::size_t max_pairs,
                                     const std::function<bool()>& stop = {});

// Does A allow all that B does? A relation between their states under which each answer of B is one of A, with states
// behind it that are related again, and B answers wherever A does: B is A with some of its choices made. It implies
// that no test of A is failed by B (ioco: J. Tretmans, "Test Generation with Inputs, Outputs and Repetitive
// Quiescence", 1996), also in time, where timers are observed. An expiry of B is one of A where its interval lies
// inside of A's. An input that leads A outside of its declared ranges is not compared; one that leads only B outside
// refutes. Nor is a call that A has no rule for: A says nothing of what comes of it (in ioco, an input behind no trace
// of the specification).
std::optional<bool> simulated(const EndpointLts& a, const EndpointLts& b, const Observations& observations,
                              std::size_t max_pairs, const std::function<bool()>& stop = {});

// A play that shows two systems different: in each step one side moves and the other one answers alike, as well as it
// can. No edge of the last pair answers the last move.
struct Play {
    struct Step {
        bool a_moves = true;
        LtsEdge of_a, of_b;
    };
    std::vector<Step> steps;
    std::uint32_t vertex_a = 0, vertex_b = 0;  // after the steps
    std::uint32_t input = 0;                   // to which the observations there differ
};

// The play with the fewest inputs where both sides play well. Call it where bisimilar_inside said false; nullopt where
// it did not, or where there are too many pairs. Cost: that of bisimilar_inside, times the length of the play.
std::optional<Play> shortest_play(const EndpointLts& a, const EndpointLts& b, std::size_t max_pairs,
                                  const std::function<bool()>& stop = {});

}  // namespace lastack
