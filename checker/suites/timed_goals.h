// Goals that are sequences of inputs: what shows that timers start, run, stop and end as they should, and what comes of
// segments that are lost, doubled or overtaken.
//
// A timer has not ended just before its time where something that is answered differently afterwards is answered as
// before; it has ended where it is answered differently. Whether a call or a segment starts a running timer anew,
// leaves it alone or stops it shows when it ends: what comes, comes as late as the timer allows, so that the two ends
// lie apart. Cost: vertices times edges times timers; for a probe, the alphabet.
#pragma once

#include <memory>

#include "checker/suites/walks.h"

namespace lastack {

// How long a state without a timer is watched for nothing to come: longer than any 2 MSL of a shipped profile.
constexpr std::int64_t quiet_us = 130'000'000;

std::unique_ptr<Goals> timer_goals(const TesterGraph& graph);
// `by_way`: a goal for each way into a control state, else one for all.
std::unique_ptr<Goals> loss_goals(const TesterGraph& graph, bool by_way);

}  // namespace lastack
