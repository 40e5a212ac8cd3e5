#include "report/goal_tally.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bitset>
#include <unordered_map>

namespace lastack {

namespace {

// Verdicts by goal; of IPv4, of IPv6.
using VerdictsByGoal = std::array<std::unordered_map<std::string, std::bitset<5>>, 2>;

std::size_t version_of(const TestVector& vector) { return vector.ip == 6 ? 1 : 0; }

VerdictsByGoal verdicts_by_goal(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    VerdictsByGoal seen;
    for (std::size_t i = 0; i < runs.size(); ++i) {
        for (const VectorClaim& claim : vectors[i].claims) {
            if (claim.sense == VectorClaim::Sense::goal)
                seen[version_of(vectors[i])][claim.id].set(static_cast<std::size_t>(runs[i].verdict));
        }
    }
    return seen;
}

}  // namespace

std::vector<bool> on_other_courses(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    const VerdictsByGoal seen = verdicts_by_goal(vectors, runs);
    std::vector<bool> others(runs.size());
    for (std::size_t i = 0; i < runs.size(); ++i) {
        const std::vector<VectorClaim>& claims = vectors[i].claims;
        const bool confirmed = std::all_of(claims.begin(), claims.end(), [&](const VectorClaim& claim) {
            return claim.sense == VectorClaim::Sense::goal &&
                   seen[version_of(vectors[i])].at(claim.id)[static_cast<std::size_t>(Verdict::pass)];
        });
        others[i] = runs[i].left_path && (!runs[i].went_on_as.empty() || (!claims.empty() && confirmed));
    }
    return others;
}

GoalTally goal_tally(const std::vector<TestVector>& vectors, const std::vector<TestRun>& runs) {
    const VerdictsByGoal seen = verdicts_by_goal(vectors, runs);
    GoalTally tally;
    for (const auto& goals : seen) {
        for (const auto& [name, verdicts] : goals) {
            const auto has = [&verdicts = verdicts](Verdict verdict) {
                return verdicts[static_cast<std::size_t>(verdict)];
            };
            if (has(Verdict::pass))
                ++tally.confirmed;
            else if (has(Verdict::fail))
                ++tally.refuted;
            else if (has(Verdict::inconclusive))
                ++tally.undecided;
            else
                ++tally.not_driven;
        }
    }
    return tally;
}

std::string goal_tally_text(const GoalTally& tally) {
    if (tally.all() == 0) return "";
    return fmt::format("  {} goals: {} confirmed, {} refuted, {} undecided, {} not driven\n", tally.all(),
                       tally.confirmed, tally.refuted, tally.undecided, tally.not_driven);
}

}  // namespace lastack
