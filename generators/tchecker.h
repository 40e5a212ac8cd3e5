// A system in time as a timed automaton for TChecker (Herbreteau and Point,
// https://github.com/ticktac-project/tchecker), so that another tool can count the same zones.
//
// One process: its locations are those of checker/zones/timed_system.h. A clock of TChecker's stands for each timer of
// each end and for each place in flight; where a segment moves up a place, its clock is copied, the last one first.
// What a clock has to have reached is a guard, what happens by then an invariant. Cost: the whole graph of locations is
// in memory.
#pragma once

#include <functional>
#include <string>

#include "model/spec.h"

namespace lastack {

// Throws SpecError for a system without time, for one with a timer that stays due (a rule takes its end only later),
// and for one with more locations than that.
std::string to_tchecker(const Spec& spec, const SystemDecl& decl, std::size_t most_locations = 200'000,
                        const std::function<bool()>& stop = {});

}  // namespace lastack
