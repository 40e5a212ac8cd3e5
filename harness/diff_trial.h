// The exchange of a comparison that shows the difference when it is played: not every one does.
//
// The shortest exchange may begin where no vector can, wait for what nobody sees, or end in a moment that leaves no
// trace. So exchanges are tried in the order of their length: their vectors are made and played by `sim` as both
// profiles, with their choices several ways, until one is passed by the profile that it was made of, which never fails
// it, and either not passed by the other one or failed by it in one of its ways: an implementation that allows more is
// caught where it does more.
#pragma once

#include "generators/diff_vector.h"

namespace lastack {

struct DiffTrial {
    bool tried = false;     // there is an exchange that one run could show
    bool shows = false;     // the comparison's distinction is now one that was played, and told the profiles apart
    bool shortest = false;  // and it is the shortest one, as before
    std::string reason;     // why not the shortest one: as the side does it that came closest to a vector
};

// What an exchange is to show.
enum class TrialGoal {
    told_apart,  // whatever tells the two apart: a vector of either side
    refuted,     // A's vector, which B fails: B is no implementation of A
};

// Sets comparison.distinction where a longer exchange shows what the shortest does not. Nothing to do without a
// distinction, or where the profiles differ in choices only.
DiffTrial find_playable(Comparison& comparison, const ProjectionOptions& options,
                        const std::function<bool()>& stop = {}, TrialGoal goal = TrialGoal::told_apart);

}  // namespace lastack
