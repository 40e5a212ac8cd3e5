#include "harness/diff_trial.h"

#include <fmt/format.h>

#include "harness/driver.h"
#include "harness/targets.h"

namespace lastack {

namespace {

constexpr std::int64_t for_ever_us = 1'000'000'000'000;  // of the virtual time of `sim`

// What `sim` makes of the vector, playing that profile, under its own limits, with its choices one way.
Verdict played(TestVector vector, const EndpointLts& lts, SimPlay::May may) {
    vector.limits.clear();
    vector.settings.clear();
    DriveOptions options;
    options.longest_us = for_ever_us;
    SimPlay play;
    play.may = may;
    const auto target = make_sim_target(lts.profile(), lts.limits(), play, vector.unit_bytes);
    return drive(*target, {vector}, options).at(0).verdict;
}

constexpr SimPlay::May ways[] = {SimPlay::May::never, SimPlay::May::always};

bool passes(const TestVector& vector, const EndpointLts& lts) {
    for (const SimPlay::May way : ways)
        if (played(vector, lts, way) == Verdict::pass) return true;
    return false;
}

// Why neither side's vector tells the profiles apart; nothing where one does.
std::optional<std::string> why_silent(const Comparison& comparison, const ProjectionOptions& options) {
    std::string reason;
    for (const int side : {0, 1}) {
        const Projection projection = diff_vector(comparison, side, options);
        std::string why = projection.reason;
        if (projection.vector) {
            if (!passes(*projection.vector, *comparison.lts[side])) {
                why = "played by sim, its own profile does not keep to it: " + projection.vector->id;
            } else if (passes(*projection.vector, *comparison.lts[1 - side])) {
                why = "played by sim, the other profile passes it, too";
            } else {
                return std::nullopt;
            }
        }
        if (reason.empty() || projection.vector) reason = why;
    }
    return reason;
}

}  // namespace

DiffTrial find_playable(Comparison& comparison, const ProjectionOptions& options, const std::function<bool()>& stop) {
    DiffTrial trial;
    if (!comparison.distinction || comparison.distinction->branching) return trial;
    trial.tried = true;
    const std::optional<std::string> reason = why_silent(comparison, options);
    trial.shows = trial.shortest = !reason;
    if (!reason) return trial;
    trial.reason = *reason;
    const Distinction shortest = *comparison.distinction;
    const auto take = [&](const Distinction& found) {
        comparison.distinction = found;
        return !why_silent(comparison, options);
    };
    std::optional<Distinction> taken = next_distinction(comparison, what_a_vector_plays(), take, stop);
    trial.shows = taken.has_value();
    comparison.distinction = taken ? std::move(*taken) : shortest;
    return trial;
}

}  // namespace lastack
