// All vectors once over one target, of which drive() makes several tries (harness/driver.h): many conversations by one
// loop and without threads.
//
// Idea: one queue of conversations that are due to act, one heap of deadlines, one map from the tester's address and
// port to the conversation. One action, then at once all packets that are readable: a target answers synchronously,
// so the answer to an action is judged before the next action is made, and its time is right to some microseconds.
// Deadlines are looked at only after the packets that came before them. Cost: constant for a packet and for an action,
// a logarithm for a deadline; entries of the heap that are out of date are skipped when they come up.
#pragma once

#include <vector>

#include "harness/driver.h"

namespace lastack {

std::vector<TestRun> drive_once(Target& target, const std::vector<TestVector>& vectors, const DriveOptions& options);

}  // namespace lastack
