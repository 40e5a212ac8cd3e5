#include "harness/likely_faults.h"

#include <algorithm>
#include <cstdint>
#include <map>

#include "harness/targets.h"

namespace lastack {

namespace {

// What a packet, a call, a look was, without its time.
bool same_event(const Observed& one, const Observed& other) {
    return one.step == other.step && one.kind == other.kind && one.text == other.text && one.segment == other.segment;
}

bool looks_alike(const TestRun& one, const TestRun& other) {
    return one.verdict == other.verdict && one.failed_step == other.failed_step &&
           std::equal(one.observed.begin(), one.observed.end(), other.observed.begin(), other.observed.end(),
                      same_event);
}

// The limits of the vector, of those that the mutant has.
std::map<std::string, int> limits_for(const Profile& mutant, const TestVector& vector) {
    std::map<std::string, int> own;
    for (const Limit& limit : mutant.limits) {
        const auto given = vector.limits.find(limit.name);
        if (given != vector.limits.end()) own.insert(*given);
    }
    return own;
}

}  // namespace

bool looks_like(const Profile& profile, const TestVector& vector, const TestRun& run) {
    for (const auto may : {SimPlay::May::never, SimPlay::May::always}) {
        SimPlay play;
        play.may = may;
        play.varies = false;
        const auto target = make_sim_target(profile, limits_of(profile, limits_for(profile, vector)), play);
        DriveOptions options;
        options.longest_us = std::int64_t{1} << 50;
        if (looks_alike(drive(*target, {vector}, options).at(0), run)) return true;
    }
    return false;
}

std::vector<LikelyFault> likely_faults(const std::vector<SuiteMutant>& mutants, const TestVector& vector,
                                       const TestRun& run, std::size_t most, const std::function<bool()>& stop) {
    std::vector<LikelyFault> found;
    for (const SuiteMutant& mutant : mutants) {
        if (found.size() == most || (stop && stop())) break;
        if (looks_like(mutant.profile(), vector, run))
            found.push_back({mutant.id, mutant.op, mutant.sentence, mutant.where});
    }
    return found;
}

}  // namespace lastack
