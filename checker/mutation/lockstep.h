// Can anybody tell a mutant from its original? Both walk side by side in an open environment, to the first difference.
//
// Idea: bisimulation on the fly, as in checker/compare/bisimulation.h, for many profiles that differ from one in one
// place. Each input is given to both; where an observation has one successor on each side, these two are the only
// possible match, so the first difference in what can be observed decides. Where it has several (a `may` rule whose
// ways look alike), equal local states are matched, and a difference behind such a guess decides nothing. Neither does
// a difference of timers alone (one runs on, is started or expires without a trace on one side only): whether somebody
// can see it depends on what may follow (checker/compare/timing.h). The original's machine is kept, so its reactions
// are evaluated once for all mutants, and what a guard makes of the segments once for all that have that guard. Cost:
// pairs times classes of inputs that a pair does not tell apart; most mutants differ soon.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "checker/compare/open_alphabet.h"
#include "model/alike_segments.h"
#include "model/endpoint.h"

namespace lastack {

class Lockstep {
public:
    // From the control state `start` on; empty: from the initial one. Original and alphabet outlive it; the latter is
    // one of the original and of all that it will be compared with.
    Lockstep(const Profile& original, const Limits& limits, const std::string& start, const OpenAlphabet& alphabet);
    ~Lockstep();

    // true: bisimilar. false: some exchange tells them apart. nullopt: more than `max_pairs` pairs of local states, or
    // only a guess or a timer leads to a difference, or one of them alone leaves its declared ranges, or `stop` said
    // so. The mutant has the states, variables, timers and limits of the original.
    std::optional<bool> same(const Profile& mutant, std::size_t max_pairs, const std::function<bool()>& stop = {});

    // The same, and what the walk leaves open is decided by the partition of all local states (distinguish.h), of which
    // there may be `max_pairs` on each side. false: different, or not decided.
    bool equivalent(const Profile& mutant, std::size_t max_pairs, const std::function<bool()>& stop = {});

private:
    class Side;
    std::unique_ptr<Side> side_of(const Profile& profile);

    const Profile& profile_;
    Limits limits_;
    std::string start_;
    const OpenAlphabet& alphabet_;
    std::map<std::string, std::uint32_t> observations_;
    AlikeSegments::Guards guards_;  // shared by the original and all that it is compared with
    std::unique_ptr<Side> original_;
};

}  // namespace lastack
