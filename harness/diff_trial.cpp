#include "harness/diff_trial.h"

#include <fmt/format.h>

#include "harness/driver.h"
#include "harness/targets.h"

namespace lastack {

namespace {

constexpr std::int64_t for_ever_us = 1'000'000'000'000;  // of the virtual time of `sim`

// What `sim` makes of the vector, playing that profile under its own limits, in the ways that are tried: up to the
// first that fails, which decides.
struct Plays {
    bool passes = false, fails = false;  // some way
};

Verdict played(TestVector vector, const EndpointLts& lts, const SimPlay& play) {
    vector.limits = {};
    vector.settings = {};
    DriveOptions options;
    options.longest_us = for_ever_us;
    const auto target = make_sim_target(lts.profile(), lts.limits(), play, vector.unit_bytes);
    return drive(*target, {vector}, options).at(0).verdict;
}

Plays plays_of(const TestVector& vector, const EndpointLts& lts) {
    constexpr unsigned lots = 6;
    std::vector<SimPlay> ways(1);
    if (has_choices(lts.profile())) {
        ways.resize(2 + lots);
        ways[1].may = SimPlay::May::always;
        for (unsigned seed = 1; seed <= lots; ++seed) {
            ways[1 + seed].may = SimPlay::May::by_lot;
            ways[1 + seed].seed = seed;
        }
    }
    Plays plays;
    for (const SimPlay& way : ways) {
        const Verdict verdict = played(vector, lts, way);
        plays.passes |= verdict == Verdict::pass;
        plays.fails |= verdict == Verdict::fail;
        if (plays.fails) break;
    }
    return plays;
}

// Why neither side's vector tells the profiles apart; nothing where one does.
std::optional<std::string> why_silent(const Comparison& comparison, const ProjectionOptions& options, TrialGoal goal) {
    std::string reason;
    for (const int side : {0, 1}) {
        if (side == 1 && goal == TrialGoal::refuted) break;
        const Projection projection = diff_vector(comparison, side, options);
        std::string why = projection.reason;
        if (projection.vector) {
            const Plays own = plays_of(*projection.vector, *comparison.lts[side]);
            if (!own.passes || own.fails) {
                why = "played by sim, its own profile does not keep to it: " + projection.vector->id;
            } else {
                const Plays other = plays_of(*projection.vector, *comparison.lts[1 - side]);
                if (other.fails || (!other.passes && goal == TrialGoal::told_apart)) return std::nullopt;
                why = "played by sim, the other profile passes it, too";
            }
        }
        if (reason.empty() || projection.vector) reason = why;
    }
    return reason;
}

}  // namespace

DiffTrial find_playable(Comparison& comparison, const ProjectionOptions& options, const std::function<bool()>& stop,
                        TrialGoal goal) {
    DiffTrial trial;
    if (!comparison.distinction || comparison.distinction->branching) return trial;
    trial.tried = true;
    const std::optional<std::string> reason = why_silent(comparison, options, goal);
    trial.shows = trial.shortest = !reason;
    if (!reason) return trial;
    trial.reason = *reason;
    const Distinction shortest = *comparison.distinction;
    const auto take = [&](const Distinction& found) {
        comparison.distinction = found;
        return !why_silent(comparison, options, goal);
    };
    std::optional<Distinction> taken = next_distinction(comparison, what_a_vector_plays(), take, stop);
    trial.shows = taken.has_value();
    comparison.distinction = taken ? std::move(*taken) : shortest;
    return trial;
}

}  // namespace lastack
