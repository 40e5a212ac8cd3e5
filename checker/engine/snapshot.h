// What an exploration knows between two levels, as bytes and back: the parts of a checkpoint (checkpoint.h).
//
// Idea: all numbers come back the same. Tables that number things in order of first use are written in the order of
// their numbers and filled again in that order; what rules do is not written but evaluated again. Only the numbers of
// strips may differ afterwards: nothing depends on their order.
//
// Reading throws CheckpointError where the bytes contradict themselves or the system; what was filled till then is of
// no use.
#pragma once

#include <cstdint>

#include "checker/engine/byte_stream.h"
#include "checker/engine/halves.h"
#include "checker/engine/levels.h"
#include "checker/engine/strip_store.h"
#include "model/system.h"

namespace lastack {

// Segments, what is in flight, and what the endpoints do. load_system wants a system that nobody used yet.
void save_system(const System& system, ByteWriter& out);
void load_system(System& system, ByteReader& in);

// The halves of an end, where they are numbered in tables, and which of their lists are known. load_halves works the
// lists out again.
void save_halves(const Halves& halves, const System& system, int end, ByteWriter& out);
void load_halves(Halves& halves, const System& system, int end, ByteReader& in);

// One part of a level. load_part puts its states into the store, which has room for all halves, as seen ones, and says
// of which level it is.
void save_part(const Levels::Part& part, const StripStore& store, ByteWriter& out);
Levels::Part load_part(StripStore& store, const Halves& rows, const Halves& columns, const System& system,
                       std::uint32_t layers, ByteReader& in);

}  // namespace lastack
